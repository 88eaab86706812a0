"""What is known of the lines of a batch: their documents, locked; texts and manifests only where something names them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from chassis.uow import UnitOfWork
from documents.domain.manifest import companions_of
from documents.translate import content

_BY_LINE = "SELECT * FROM document WHERE line_id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE"
_PAST = "SELECT line_id FROM past_line WHERE line_id = ANY ($1::uuid[])"
# The newest of those that say the same.
_TEXTS = """
SELECT document_id, number, title, content, manifest_hash FROM document_version
WHERE document_id = ANY ($1::uuid[]) AND content <> '' AND manifest_hash <> '' ORDER BY document_id, number
"""
_MANIFESTS = "SELECT document_id, hash, canonical FROM manifest WHERE document_id = ANY ($1::uuid[])"


@dataclass(frozen=True, slots=True)
class Lines:
    """rows: documents by line, the one that leads first. past: lines that were left."""

    rows: Mapping[UUID, Sequence[dict[str, Any]]]
    past: frozenset[UUID] = frozenset()
    texts: Mapping[tuple[UUID, bytes], Mapping[str, Any]] = field(default_factory=dict)
    companions: Mapping[tuple[UUID, bytes], Sequence[str]] = field(default_factory=dict)

    def text(self, document_id: UUID, manifest_hash: bytes) -> Mapping[str, Any] | None:
        """The stored text of a manifest; None when there is none."""
        return self.texts.get((document_id, manifest_hash))

    def named(self, document_id: UUID, manifest_hash: bytes) -> Sequence[str]:
        """Hashes that a manifest names as decided with it."""
        return self.companions.get((document_id, manifest_hash), ())


async def load_lines(unit: UnitOfWork, messages: Sequence[Any]) -> Lines:
    """Loads what a batch of news needs: one statement, and one more for each thing out of the ordinary.

    messages: with line_id and, when they name what was decided on, manifest_hash.
    """
    wanted = {found for message in messages if (found := content.uuid_or_none(message.line_id))}
    rows: dict[UUID, list[dict[str, Any]]] = {}
    for row in await unit.fetch(_BY_LINE, list(wanted)):
        rows.setdefault(row["line_id"], []).append(dict(row))
    for together in rows.values():
        together.sort(key=lambda row: (row["lead_id"] is not None, row["place"]))
    unknown = list(wanted - rows.keys())
    past = {row["line_id"] for row in await unit.fetch(_PAST, unknown)} if unknown else set()
    changed = [rows[line][0]["id"] for message in messages for line in [_names_another(message, rows)] if line]
    leads = [together[0]["id"] for together in rows.values() if len(together) > 1]
    return Lines(
        rows,
        frozenset(past),
        {(row["document_id"], row["manifest_hash"]): row for row in await unit.fetch(_TEXTS, changed)}
        if changed
        else {},
        {
            (row["document_id"], row["hash"]): companions_of(row["canonical"])
            for row in await unit.fetch(_MANIFESTS, leads)
        }
        if leads
        else {},
    )


def _names_another(message: Any, rows: Mapping[UUID, Sequence[Mapping[str, Any]]]) -> UUID | None:
    """The line of a message about another manifest than the one in effect."""
    line_id = content.uuid_or_none(message.line_id)
    together = rows.get(line_id) if line_id else None
    named = getattr(message, "manifest_hash", b"")
    return line_id if together and named and named != together[0]["manifest_hash"] else None

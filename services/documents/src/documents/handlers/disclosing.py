"""Open documents are told to the open-document portal every night (원문공개, 정보공개법 8의2): new ones, and those that changed.

``Disclosing.run`` -> registered documents whose disclosure is open, or was when they were told last, some at a time -> a PDF of
each open text, kept once -> ``DocumentDisclosed``, when it says something the portal does not know. Killed at any point, it
goes on: what nobody has marked as told is taken again. What comes back (``DisclosureReturned``) keeps its reason and is told
again when the document has changed. What others have sent here is theirs to publish.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog

from chassis import db
from chassis.actor import system_actor
from chassis.blobs import Blobs
from chassis.envelope import Incoming
from chassis.errors import InvalidError, TransientError
from chassis.messaging import Outcome
from chassis.uow import Database, UnitOfWork
from documents.domain.disclosure import OPEN
from documents.handlers.printing import pages_of, printed
from documents.ports.directory import Directory
from documents.rendering.press import Press, RenderingError
from documents.rendering.sheet import PDF
from documents.tables import DISCLOSED, RECORD_RENDITION
from documents.translate import disclosures as translate
from documents.translate.content import restored
from onnara.exchange.v1.disclosures_pb2 import DisclosureReturned
from onnara.exchange.v1.official_document_pb2 import Unit

log = structlog.get_logger(__name__)

AT_ONCE = 20
POLL_SECONDS = 60.0
_LEASE = timedelta(minutes=5)
# Taken for a while by one process; a card that has not changed since it was looked at has nothing new to say.
_CLAIM = """
INSERT INTO disclosed (document_id, agency_id, version, said, problem, looked_at, look_at)
SELECT d.id, d.agency_id, 0, '', '', '-infinity', $3 FROM registration r JOIN document d ON d.id = r.document_id
LEFT JOIN disclosed t ON t.document_id = d.id
WHERE r.agency_id = ANY ($1::text[]) AND ((t.document_id IS NULL AND r.disclosure = 1 AND NOT r.cancelled
        AND NOT EXISTS (SELECT FROM receipt p WHERE p.document_id = d.id))
    OR (t.looked_at < d.changed_at AND t.look_at <= $2))
ORDER BY d.id LIMIT $4
ON CONFLICT (document_id) DO UPDATE SET look_at = excluded.look_at WHERE disclosed.look_at <= $2
RETURNING document_id
"""
_CARDS = """
SELECT d.*, r.department_code AS reg_department, r.year, r.serial, r.text AS number, r.date AS registered_on, r.cancelled,
    v.number AS version_number, v.body, t.version AS told, t.said, m.sha256, m.size
FROM document d JOIN registration r ON r.document_id = d.id JOIN disclosed t ON t.document_id = d.id
JOIN document_version v ON v.document_id = d.id AND v.number = d.body_number
LEFT JOIN record_rendition m ON m.document_id = d.id AND m.number = d.body_number
WHERE d.id = ANY ($1::uuid[]) ORDER BY d.id
"""
_RETURNED = """
UPDATE disclosed SET problem = v.problem, said = '' FROM unnest($1::uuid[], $2::bigint[], $3::text[]) AS v (id, version, problem)
WHERE disclosed.document_id = v.id AND disclosed.version = v.version
"""


class Disclosing:
    """Tells the portal. agencies: codes of those that publish; none: nothing is told. hours: from, to, where they work."""

    def __init__(
        self,
        database: Database,
        directory: Directory,
        blobs: Blobs,
        press: Press,
        agencies: Sequence[str],
        hours: tuple[int, int] = (0, 24),
    ) -> None:
        self._database = database
        self._directory = directory
        self._blobs = blobs
        self._press = press
        self._agencies = tuple(agencies)
        self._hours = hours

    async def run(self) -> None:
        """Runs until cancelled; outlives database and blob store."""
        while True:
            taken = 0
            try:
                taken = await self.tell_some() if self._agencies else 0
            except (TransientError, *db.SERVER_ERRORS) as error:
                log.warning("disclosure-interrupted", error=type(error).__name__)
            if not taken:
                await asyncio.sleep(POLL_SECONDS)

    async def tell_some(self) -> int:
        """Looks at the next documents; answers how many there were."""
        now = self._database.clock.now()
        view = self._directory.view(now)
        units = [unit for code in self._agencies if (unit := view.unit(code)) is not None]
        open_now = {u.agency_id: Unit(code=u.code, name=u.name) for u in units if self._is_time(view.zone(u.agency_id))}
        if not open_now:
            return 0
        claimed = await self._database.pool.fetch(_CLAIM, list(open_now), now, now + _LEASE, AT_ONCE)
        rows = await self._database.pool.fetch(_CARDS, [row["document_id"] for row in claimed])
        made = {row["id"]: await self._made(row, view.zone(row["agency_id"])) for row in rows}
        async with self._database.transaction() as unit:
            for row in rows:
                if isinstance(made[row["id"]], str):
                    _keep(unit, row, row["told"], row["said"], str(made[row["id"]]))
                else:
                    _tell(unit, row, open_now[row["agency_id"]], made[row["id"]])  # type: ignore[arg-type]
        return len(claimed)

    def _is_time(self, zone: str) -> bool:
        first, last = self._hours
        return first <= self._database.clock.now().astimezone(ZoneInfo(zone)).hour < last

    async def _made(self, row: Mapping[str, Any], zone: str) -> Mapping[str, Any] | str | None:
        """The PDF of an open text; a code when none can be made, None when none is wanted."""
        if restored(row, "").disclosure.level != OPEN or row["cancelled"]:
            return None
        if row["sha256"] is not None:
            return row
        try:
            data = await printed(self._press, self._blobs, row, row["body"], zone, PDF)
        except (InvalidError, RenderingError) as error:
            return error.code
        blob = await self._blobs.put(row["agency_id"], data)
        return {
            "document_id": row["id"],
            "number": row["version_number"],
            "sha256": blob.sha256,
            "size": blob.size,
            "pages": pages_of(data),
            "made_at": self._database.clock.now(),
        }


async def note_returned(unit: UnitOfWork, batch: Sequence[Incoming[DisclosureReturned]]) -> Sequence[Outcome]:
    """Disclosures that did not reach the portal: the reason stays; an answer to an older one changes nothing."""
    known = [(_uuid(each.content.document_id), each.content) for each in batch]
    found = [(identity, content) for identity, content in known if identity is not None]
    if found:
        columns = ([i for i, _ in found], [c.version for _, c in found], [c.code for _, c in found])
        await unit.connection.execute(_RETURNED, *columns)
    return [None] * len(batch)


def _tell(unit: UnitOfWork, row: Mapping[str, Any], agency: Unit, made: Mapping[str, Any] | None) -> None:
    if made is not None and row["sha256"] is None:
        unit.insert(RECORD_RENDITION, dict(made), conflict="DO NOTHING")
    told = translate.disclosed(row, agency, made)
    said = translate.said(told)
    if said == row["said"]:
        _keep(unit, row, row["told"], said, "")
        return
    actor = system_actor("documents", row["agency_id"]).to_dict()
    unit.send(told, agency_id=row["agency_id"], actor=actor, correlation_id=row["correlation_id"])
    _keep(unit, row, row["version"], said, "")


def _keep(unit: UnitOfWork, row: Mapping[str, Any], version: int, said: bytes, problem: str) -> None:
    unit.update(
        DISCLOSED,
        {
            "document_id": row["id"],
            "version": version,
            "said": said,
            "problem": problem,
            # What changes while this is written is looked at again.
            "looked_at": row["changed_at"],
            "look_at": unit.now,
        },
        key=("document_id",),
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None

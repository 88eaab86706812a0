"""Showing a document to people (공람, 통보, 후열): a row each, which says when the person read it, and the right to read."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from chassis.actor import Actor
from chassis.errors import InvalidError, NotFoundError
from chassis.uow import UnitOfWork
from documents.domain import relating
from documents.domain.state import State
from documents.domain.submission import Person
from documents.domain.transition import moved
from documents.domain.visibility import Basis, Bearer, official
from documents.handlers.readers import show
from documents.handlers.relations import relations
from documents.ports.directory import View
from documents.tables import CIRCULATION
from documents.translate.readers import readers_changed

MOST = 500
_CARD = "SELECT * FROM document WHERE id = $1 FOR UPDATE"


async def circulate(
    unit: UnitOfWork, document_id: UUID, official_ids: Sequence[str], instruction: str, actor: Actor, view: View
) -> Mapping[str, Any]:
    """Shows a decided or accepted document to people of the agency.

    Raises NotFoundError, ForbiddenError, ConflictError, or InvalidError for people who are none of the agency's.
    """
    row = await card_to_change(unit, document_id)
    outcome = moved(relating.TABLE, State(row["state"]), "circulate", await relations(unit, row, actor, view))
    if not isinstance(outcome, State):
        raise outcome
    wanted = list(dict.fromkeys(official_ids))
    if not wanted:
        raise InvalidError("readers-missing", field="official_ids", source=relating.SHOWING)
    if len(wanted) > MOST:
        raise InvalidError("readers-too-many", params={"limit": MOST}, field="official_ids")
    for place, official_id in enumerate(wanted):
        if not view.official("", Person(official_id=official_id), row["agency_id"]):
            raise InvalidError("unknown-official", params={"person": official_id}, field=f"official_ids[{place}]")
    shown = ((official_id, row["agency_id"]) for official_id in wanted)
    show_to(unit, row, shown, relating.CIRCULATE, actor.to_dict(), view, instruction)
    return row


async def card_to_change(unit: UnitOfWork, document_id: UUID) -> dict[str, Any]:
    """The row of a card the caller reads, locked. Raises NotFoundError."""
    rows = await unit.fetch(_CARD, document_id)
    if not rows:
        raise NotFoundError("document-unknown", params={"document": str(document_id)}, field="document_id")
    return dict(rows[0])


def show_to(
    unit: UnitOfWork,
    row: Mapping[str, Any],
    people: Iterable[tuple[str, str]],
    kind: str,
    actor: Mapping[str, Any],
    view: View,
    instruction: str = "",
) -> None:
    """Shows a card to people (official, agency); who was shown it before is not asked again.

    kind: circulate, inform, confirm. Under the rpc role people of the own agency only. Costs no statement of its own.
    """
    bearers: list[Bearer] = []
    for official_id, agency_id in people:
        name, position, department = view.position_of(official_id, agency_id)
        unit.insert(
            CIRCULATION,
            {
                "document_id": row["id"],
                "official_id": official_id,
                "kind": kind,
                "agency_id": row["agency_id"],
                "reader_agency": agency_id,
                "asked_by": str(actor.get("official_id", "")),
                "asked_at": unit.now,
                "instruction": instruction,
                "read_at": None,
                "name": name,
                "position": position,
                "department_name": department,
            },
            conflict="DO NOTHING",
        )
        bearers.append(official(official_id, agency_id))
        show(unit, row["id"], bearers[-1].token, agency_id, Basis.CIRCULATION)
    if bearers:
        unit.record(
            readers_changed(row["id"], kind, bearers),
            aggregate_id=row["id"],
            version=row["version"],
            agency_id=row["agency_id"],
            actor=actor,
            correlation_id=row["correlation_id"],
        )

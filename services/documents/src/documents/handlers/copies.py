"""Copies of documents as rows: loaded with everything told of them, moved to where they stand, made when sending begins."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from chassis.ids import uuid7
from chassis.uow import UnitOfWork
from documents.domain.delivery import CLOCK, OVER, Act, Standing, standing_of
from documents.ports.directory import View
from documents.tables import DELIVERY
from documents.translate.content import code_of

_COPIES = """
SELECT d.*,
    array(SELECT e.step FROM delivery_event e WHERE e.delivery_id = d.id) AS steps,
    array(SELECT e.report_id FROM delivery_event e WHERE e.delivery_id = d.id) AS reports,
    (SELECT jsonb_agg(jsonb_build_array(a.act, a.settled) ORDER BY a.id) FROM delivery_act a WHERE a.delivery_id = d.id)
        AS done
FROM delivery d WHERE d.document_id = ANY ($1::uuid[]) ORDER BY d.position
"""
_MOVED = ("id", "state", "needs_person", "reason", "due_at", "watch_at")


async def load_copies(unit: UnitOfWork, document_ids: Sequence[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    """Copies by document, in the order of their recipients; the documents are locked by whoever changes them.

    steps: of all reports, the clock's too. acts: what people did, in order.
    """
    found: dict[UUID, list[dict[str, Any]]] = {}
    for row in await unit.fetch(_COPIES, list(document_ids)):
        copy = dict(row)
        done = copy.pop("done") or ()
        copy["steps"] = [*copy["steps"], *(name for name, _ in done if name in CLOCK)]
        copy["acts"] = [Act(name, settled) for name, settled in done if name not in CLOCK]
        found.setdefault(copy["document_id"], []).append(copy)
    return found


def stand(copy: dict[str, Any]) -> bool:
    """Moves a copy to where its reports and acts put it; True when that is somewhere else."""
    standing = standing_of(copy["steps"], copy["acts"])
    if standing == Standing(copy["state"], copy["reason"]):
        return False
    copy.update(state=standing.state, needs_person=standing.needs_person, reason=standing.reason)
    if standing.state in OVER:
        copy["watch_at"] = None
    return True


def keep_copy(unit: UnitOfWork, copy: Mapping[str, Any]) -> None:
    """Writes where a copy stands."""
    unit.update(DELIVERY, {name: copy[name] for name in _MOVED} | {"changed_at": unit.now})


def make_copies(
    unit: UnitOfWork, row: Mapping[str, Any], recipients: Iterable[Any], view: View, first: int = 0
) -> list[dict[str, Any]]:
    """One copy for each recipient, queued. first: position of the first of them."""
    due_at = view.deadlines.due_at(view.zone(row["agency_id"]), unit.now)
    copies = [
        {
            "id": uuid7(),
            "document_id": row["id"],
            "agency_id": row["agency_id"],
            "receiver_code": code_of(recipient),
            "receiver_name": recipient.printed_as or recipient.department.name or recipient.agency.name,
            "state": "QUEUED",
            "needs_person": False,
            "changed_at": unit.now,
            "position": position,
            "refer": recipient.refer,
            "reason": "",
            "due_at": due_at,
            "watch_at": view.deadlines.look_at(unit.now),
        }
        for position, recipient in enumerate(recipients, start=first)
    ]
    for copy in copies:
        unit.insert(DELIVERY, copy)
    return copies

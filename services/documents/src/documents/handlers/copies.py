"""Copies of documents as rows: loaded with everything told of them, moved to where they stand, made when sending begins."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from chassis.actor import Actor
from chassis.ids import uuid7
from chassis.uow import UnitOfWork
from documents.domain.delivery import BY_HAND, CLOCK, OVER, Act, Standing, standing_of
from documents.ports.directory import View
from documents.tables import DELIVERY, DELIVERY_ACT
from documents.translate.content import code_of, name_of

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


def do_with_copy(unit: UnitOfWork, actor: Actor, copy: dict[str, Any], name: str, reason: str) -> None:
    """Keeps what a person did with a copy and moves it: settled is what had been told of by now. name: of domain.delivery."""
    settled = dict(Counter(copy["steps"]))
    copy["acts"].append(Act(name, settled))
    stand(copy)
    unit.insert(
        DELIVERY_ACT,
        {
            "id": uuid7(),
            "delivery_id": copy["id"],
            "document_id": copy["document_id"],
            "agency_id": copy["agency_id"],
            "act": name,
            "settled": settled,
            "reason": reason,
            "actor_id": actor.official_id,
            "actor_name": actor.name,
            "done_at": unit.now,
        },
    )


def waits_of(unit: UnitOfWork, row: Mapping[str, Any], view: View) -> dict[str, Any]:
    """Until when a copy sent now may be accepted, and when the clock looks at it."""
    deadlines = view.deadlines
    return {
        "due_at": deadlines.due_at(view.zone(row["agency_id"]), unit.now),
        "watch_at": deadlines.look_at(unit.now),
    }


def make_copies(
    unit: UnitOfWork, row: Mapping[str, Any], recipients: Iterable[Any], view: View, first: int = 0
) -> list[dict[str, Any]]:
    """One copy for each recipient, queued; whoever has no code is sent to by hand. first: position of the first of them."""
    waits = waits_of(unit, row, view)
    copies = [
        {
            "id": uuid7(),
            "document_id": row["id"],
            "agency_id": row["agency_id"],
            "receiver_code": code_of(recipient),
            "receiver_name": name_of(recipient),
            "state": "QUEUED",
            "needs_person": not code_of(recipient),
            "changed_at": unit.now,
            "position": position,
            "refer": recipient.refer,
            "reason": "" if code_of(recipient) else BY_HAND,
            **(waits if code_of(recipient) else {"due_at": None, "watch_at": None}),
        }
        for position, recipient in enumerate(recipients, start=first)
    ]
    for copy in copies:
        unit.insert(DELIVERY, copy)
    return copies

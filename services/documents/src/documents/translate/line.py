"""Stored steps of a line -> who may change the text, and who else is told after the decision."""

from collections.abc import Iterable
from typing import Any

from documents.domain.relating import CONFIRM, INFORM
from onnara.approval.v1.events_pb2 import LINE_STATUS_RETURNED
from onnara.exchange.v1 import official_document_pb2 as pb

_OPEN = {pb.STEP_OUTCOME_UNSPECIFIED, pb.STEP_OUTCOME_PENDING, pb.STEP_OUTCOME_HELD}
_EDITING = {pb.STEP_ROLE_REVIEW: "review", pb.STEP_ROLE_DECIDE: "decide"}


def steps_of(steps: bytes) -> list[pb.ApprovalStep]:
    """Steps as a card stores them."""
    return list(pb.OfficialDocument.FromString(steps).steps)


def roles_of(steps: bytes, official_id: str, agency_id: str, view: Any) -> frozenset[str]:
    """Roles of the steps still to come in which an official may change the text: his own, or of one he acts for (대결).

    steps: as a card stores them. Officials of other agencies decide on what the lead agency wrote (행정업무규정 8③).
    """
    found = set()
    for step in pb.OfficialDocument.FromString(steps).steps:
        role = _EDITING.get(step.role)
        if role is None or step.outcome not in _OPEN or step.agency_id not in {"", agency_id}:
            continue
        person = step.person.official_id
        if official_id in {person, view.deputy_of(person, agency_id)}:
            found.add(role)
    return frozenset(found)


def returned_to_drafter(change: Any) -> bool:
    """True when the whole text was rejected: a return to somebody in the line goes on with it."""
    return bool(change.status == LINE_STATUS_RETURNED and not change.returned_to)


def absent_turns(steps: Iterable[pb.ApprovalStep], agency_id: str, view: Any) -> list[tuple[str, str]]:
    """Deputies of absent people whose steps are still to come, each with their agency."""
    found = []
    for step in steps:
        home = step.agency_id or agency_id
        if step.outcome in _OPEN and step.role != pb.STEP_ROLE_AFTER:
            deputy = view.deputy_of(step.person.official_id, home)
            found += [(deputy, home)] if deputy else []
    return found


def told_afterwards(steps: Iterable[pb.ApprovalStep], agency_id: str) -> dict[str, list[tuple[str, str]]]:
    """Whom a decided document is shown, by kind of showing: 후열 for those a deputy decided for, 통보 for the others."""
    found: dict[str, dict[tuple[str, str], None]] = {}
    for step in steps:
        person = step.person.official_id, step.agency_id or agency_id
        if step.role == pb.STEP_ROLE_AFTER and step.outcome in _OPEN:
            kind = CONFIRM if step.mode == pb.STEP_MODE_CONFIRM else INFORM
        elif step.report_after:
            kind = CONFIRM
        else:
            continue
        if person[0]:
            found.setdefault(kind, {})[person] = None
    return {kind: list(people) for kind, people in found.items()}

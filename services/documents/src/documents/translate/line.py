"""Stored steps of a line -> who may change the text, and who else is told after the decision."""

from collections.abc import Iterable
from typing import Any

from onnara.exchange.v1 import official_document_pb2 as pb

_OPEN = {pb.STEP_OUTCOME_UNSPECIFIED, pb.STEP_OUTCOME_PENDING, pb.STEP_OUTCOME_HELD}
_EDITING = {pb.STEP_ROLE_REVIEW: "review", pb.STEP_ROLE_DECIDE: "decide"}


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


def after_steps(steps: Iterable[pb.ApprovalStep]) -> list[pb.ApprovalStep]:
    """Steps behind the decision that are still to be shown: 후열, 통보, 공람."""
    return [step for step in steps if step.role == pb.STEP_ROLE_AFTER and step.outcome in _OPEN]

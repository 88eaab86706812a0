"""One copy on its way: the state is the maximum of what was acknowledged, so late, doubled and disordered reports agree.

Main line QUEUED < SENT < ARRIVED < RECEIVED < ACCEPTED; beside it FAILED, RETURNED and RESEND_REQUESTED.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from documents.domain.state import State

MAIN = ("QUEUED", "SENT", "ARRIVED", "RECEIVED", "ACCEPTED")
SIDE = ("FAILED", "RESEND_REQUESTED", "RETURNED")
TROUBLE = frozenset({*SIDE, "ACCEPTED_AFTER_RETURN"})


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a copy stands, and whether a person has to look at it."""

    state: str
    needs_person: bool = False


def standing_of(steps: Iterable[str]) -> Standing:
    """State from all reports seen, in whatever order.

    An acceptance outweighs a failure, which a later attempt has overcome, but not silently a return: both stand against
    each other until a person has looked.
    """
    seen = {"QUEUED", *steps}
    furthest = max((step for step in seen if step in MAIN), key=MAIN.index)
    if "RETURNED" in seen:
        return Standing("RETURNED", needs_person=furthest == "ACCEPTED")
    if furthest == "ACCEPTED":
        return Standing("ACCEPTED")
    if "RESEND_REQUESTED" in seen:
        return Standing("RESEND_REQUESTED", needs_person=True)
    if "FAILED" in seen and furthest in {"QUEUED", "SENT"}:
        return Standing("FAILED", needs_person=True)
    return Standing(furthest)


def document_state(states: Iterable[str]) -> State:
    """State of a dispatched document from the states of its copies (발송, 부분발송)."""
    found = set(states)
    if found & set(SIDE):
        return State.SENT_PARTIAL
    return State.SENDING if "QUEUED" in found else State.SENT

"""One copy on its way: the state follows from all reports together, so late, doubled and disordered reports agree.

Main line QUEUED < SENT < ARRIVED < RECEIVED < ACCEPTED; beside it FAILED, RETURNED and RESEND_REQUESTED. What counts is
which steps were reported and how often, each report once, never when they came in.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from documents.domain.state import State

MAIN = ("QUEUED", "SENT", "ARRIVED", "RECEIVED", "ACCEPTED")
SIDE = ("FAILED", "RESEND_REQUESTED", "RETURNED")
STEPS = frozenset({*MAIN[1:], *SIDE})
"""Steps that can be reported."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a copy stands, and whether a person has to look at it."""

    state: str
    needs_person: bool = False


def standing_of(steps: Iterable[str]) -> Standing:
    """State from the steps of all distinct reports, in whatever order.

    A return (반송) is never overcome by itself: even an acceptance beside it is left to a person. Being asked to send
    again, and a failure, are overcome by an acceptance or by sending once more than that was reported; a failure also by
    the receiver having read the document.
    """
    seen = Counter(steps)
    furthest = max((step for step in MAIN if seen[step]), key=MAIN.index, default="QUEUED")
    if seen["RETURNED"]:
        return Standing("RETURNED", needs_person=True)
    if furthest == "ACCEPTED":
        return Standing("ACCEPTED")
    if seen["RESEND_REQUESTED"] and seen["SENT"] <= seen["RESEND_REQUESTED"]:
        return Standing("RESEND_REQUESTED", needs_person=True)
    if seen["FAILED"] and seen["SENT"] <= seen["FAILED"] and furthest != "RECEIVED":
        return Standing("FAILED", needs_person=True)
    return Standing(furthest)


def document_state(states: Iterable[str]) -> State:
    """State of a dispatched document from the states of its copies (발송, 부분발송)."""
    found = set(states)
    if found & set(SIDE):
        return State.SENT_PARTIAL
    return State.SENDING if "QUEUED" in found else State.SENT

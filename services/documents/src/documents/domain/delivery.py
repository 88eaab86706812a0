"""One copy on its way: the state follows from all reports together, so late, doubled and disordered reports agree.

Main line QUEUED < SENT < ARRIVED < RECEIVED < TRANSFERRED < ACCEPTED; beside it FAILED, RETURNED, RESEND_REQUESTED. What counts is
which steps were reported and how often, each report once, never when they came in. Between reports people act: an act
remembers how much of everything was known when it was done, and settles exactly that.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from documents.domain.state import State

MAIN = ("QUEUED", "SENT", "ARRIVED", "RECEIVED", "TRANSFERRED", "ACCEPTED")
SIDE = ("FAILED", "RESEND_REQUESTED", "RETURNED")
STEPS = frozenset({*MAIN[1:], *SIDE})
"""Steps that can be reported."""

NOT_ARRIVED, OVERDUE = "NOT_ARRIVED", "OVERDUE"
CLOCK = frozenset({NOT_ARRIVED, OVERDUE})
"""What the clock reports."""
RESENT, RECALLED, CLOSED = "RESENT", "RECALLED", "CLOSED"
ACTS = frozenset({RESENT, RECALLED, CLOSED})
"""What people do with a copy."""

BY_HAND = "by-hand"
"""Why a copy for somebody without a code waits: a person sends it by post, by fax or over the counter, and says so."""
ON_THE_WAY = frozenset({"QUEUED", "SENT"})
_READ = frozenset({"RECEIVED", "TRANSFERRED"})
OVER = frozenset({"ACCEPTED", RECALLED, CLOSED})
"""States in which nothing is waited for any more."""


@dataclass(frozen=True, slots=True)
class Act:
    """Something a person did with a copy. settled: how often each step had been told of by then."""

    name: str
    settled: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a copy stands. reason: why a person has to look at it; empty: nobody has to.

    failed, returned, resend-requested, recall-too-late, overdue, not-arrived, by-hand.
    """

    state: str
    reason: str = ""

    @property
    def needs_person(self) -> bool:
        """Whether somebody has to decide what becomes of it."""
        return bool(self.reason)


def standing_of(steps: Iterable[str], acts: Sequence[Act] = ()) -> Standing:
    """State from the steps of all distinct reports, in whatever order, and our acts in the order they were done.

    A return (반송) is never overcome by itself: even an acceptance beside it is left to a person, who sends again or
    closes. Being asked to send again, and a failure, are overcome by an acceptance or by sending once more than that was
    reported; a failure also by the receiver having read the document. Taking back (회수) holds only while nothing of an
    arrival is known; a copy that arrived all the same stands where it is and waits for a person.
    """
    seen = Counter(steps)
    last = acts[-1] if acts else Act("")
    fresh = {step: count - last.settled.get(step, 0) for step, count in seen.items()}
    furthest = max((step for step in MAIN if seen[step]), key=MAIN.index, default="QUEUED")
    if fresh.get("RETURNED", 0) > 0:
        return Standing("RETURNED", "returned")
    if last.name == CLOSED:
        return Standing("ACCEPTED" if furthest == "ACCEPTED" and not seen["RETURNED"] else CLOSED)
    if last.name == RECALLED:
        return Standing(RECALLED) if furthest in ON_THE_WAY else Standing(furthest, "recall-too-late")
    if furthest == "ACCEPTED":
        return Standing("ACCEPTED")
    if _unanswered(fresh, "RESEND_REQUESTED"):
        return Standing("RESEND_REQUESTED", "resend-requested")
    if _unanswered(fresh, "FAILED") and furthest not in _READ:
        return Standing("FAILED", "failed")
    return Standing(furthest, _late(furthest, fresh))


def _unanswered(fresh: Mapping[str, int], step: str) -> bool:
    """Whether it was reported, and not sent once more than that since somebody last looked."""
    return fresh.get(step, 0) > 0 and fresh.get("SENT", 0) <= fresh[step]


def _late(furthest: str, fresh: Mapping[str, int]) -> str:
    """Why a copy without other trouble waits for a person."""
    if fresh.get(OVERDUE, 0) > 0:
        return "overdue"
    return "not-arrived" if fresh.get(NOT_ARRIVED, 0) > 0 and furthest in ON_THE_WAY else ""


def clock_step(standing: Standing, due_at: datetime, now: datetime) -> str:
    """What the clock reports of a copy whose next look is due; empty: nothing.

    Without acceptance by its day it is overdue for its sender; without arrival in minutes something is wrong with the
    relay. Where a person is already asked, nothing is added.
    """
    if standing.state in OVER or standing.reason not in {"", "not-arrived"}:
        return ""
    if now >= due_at:
        return OVERDUE
    return NOT_ARRIVED if standing.state in ON_THE_WAY else ""


def document_state(states: Iterable[str]) -> State:
    """State of a dispatched document from the states of its copies (발송, 부분발송).

    A copy that was taken back reached nobody, so the document is sent in part; one closed by hand is settled.
    """
    found = set(states)
    if found & {*SIDE, RECALLED}:
        return State.SENT_PARTIAL
    return State.SENDING if "QUEUED" in found else State.SENT

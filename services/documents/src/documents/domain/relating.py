"""Who may show a document to others, see who read it, and keep its register right: acts that leave it where it stands.

What is decided or received may be shown on (공람, 통보: 행정업무규정 18④, 시행규칙 17). Registration data are the records
officer's (공공기록물법 시행규칙 6, 15), whoever produced the document; readings are shown to those who answer for it.
"""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from documents.domain import relation
from documents.domain.state import REGISTERED, WITH_RECORDS_SYSTEM, State
from documents.domain.transition import Transition

SHOWING = "행정업무규정 시행규칙 제17조"
READING = "공공기록물법 시행령 제28조제3항"
CHANGING = "공공기록물법 시행규칙 제6조"
REVIEWING = "공공기록물법 시행령 제24조, 시행규칙 제14조"

CIRCULATE, INFORM, CONFIRM = "circulate", "inform", "confirm"
KINDS = (CIRCULATE, INFORM, CONFIRM)
"""공람, 통보, 후열."""
ACCEPTED = frozenset(
    {
        State.ACCEPTED,
        State.ASSIGNED,
        State.COMPLETED,
        State.FORWARDING,
        State.FORWARDED,
        State.RECEIPT_HANDED_OVER,
        State.RECEIPT_TRANSFERRED,
    }
)
"""States of a received document that has its number here."""
_HERE = (REGISTERED | ACCEPTED) - WITH_RECORDS_SYSTEM
"""What is registered and has not been handed over: its registration data are still ours."""
_RECORDS = frozenset({relation.RECORDS})
_SHOWERS = frozenset({relation.AUTHOR, relation.IN_CHARGE, relation.CLERK, relation.HEAD})
_GRANTERS = frozenset({relation.AUTHOR, relation.IN_CHARGE, relation.HEAD, relation.RECORDS})
_ANSWERING = frozenset({relation.AUTHOR, relation.CO_DRAFTER, relation.IN_CHARGE, relation.RECORDS})


def _staying(act: str, states: AbstractSet[State], who: frozenset[str], article: str) -> tuple[Transition, ...]:
    return tuple(Transition(act, frozenset({state}), state, who, article) for state in sorted(states))


TABLE = (
    *_staying("circulate", REGISTERED | ACCEPTED, _SHOWERS, SHOWING),
    *_staying("set-readers", REGISTERED | ACCEPTED, _GRANTERS, READING),
    *_staying("list-readings", frozenset(State), _ANSWERING, READING),
    *_staying("change-registration", _HERE, _RECORDS, CHANGING),
    *_staying("cancel-registration", _HERE, _RECORDS, CHANGING),
    *_staying("review", _HERE, _RECORDS, REVIEWING),
)


def possible(state: State, relations: AbstractSet[str], *, cancelled: bool) -> list[str]:
    """Acts of this table that somebody may do now; a registration that was taken back is not changed any more."""
    acts = (row.act for row in TABLE if state in row.sources and row.who & relations)
    closed = {"change-registration", "cancel-registration", "review"} if cancelled else set()
    return [act for act in dict.fromkeys(acts) if act not in closed]


def unknown_kinds(kinds: Iterable[str]) -> list[str]:
    """Kinds of showing that there are not."""
    return [kind for kind in kinds if kind not in KINDS]

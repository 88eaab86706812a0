"""The life of a produced document (생산문서) as a machine, as far as documents owns it: written, followed, registered, handed over.

Between submitting and the decision the line leads and the card follows: those rows are nobody's act here. What becomes of
a registered document on its way out stands in ``dispatching``, of a received one in ``receiving``, of readers and the
register in ``relating``, of records handed over to the records system in ``handing``.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from documents.domain import relation
from documents.domain.state import State
from documents.domain.transition import Transition, allowed

DRAFTING = "행정업무규정 제8조"
REVISING = "행정업무규정 제9조제1항·제3항"
DECIDING = "행정업무규정 제10조"
REGISTERING = "행정업무규정 제11조, 공공기록물법 시행규칙 제4조·제7조"
CORRECTING = "행정업무규정 제17조"

UNDER_WAY = frozenset({State.IN_PATH, State.HELD, State.RETURNED})
"""Submitted, not decided: the line leads."""
_AUTHOR = frozenset({relation.AUTHOR})
_WRITERS = frozenset({relation.AUTHOR, relation.CO_DRAFTER})
_READERS = frozenset({relation.AGENCY})
_NOBODY: frozenset[str] = frozenset()
_ANSWERABLE = (State.ARRIVED, State.TO_ACCEPT, State.ACCEPTED, State.ASSIGNED, State.COMPLETED)
_ANSWERERS = frozenset({relation.DEPARTMENT, relation.IN_CHARGE})

# How the line ends or goes on -> act of the card. 재기안 of the same card is a new line, so nothing here leads back.
FOLLOWED = {
    "in-path": State.IN_PATH,
    "held": State.HELD,
    "returned": State.RETURNED,
    "stopped": State.STOPPED,
    "withdrawn": State.DRAFT,
}


def _staying(act: str, states: AbstractSet[State], who: frozenset[str], article: str) -> tuple[Transition, ...]:
    """Rows of an act that leaves the document where it stands."""
    return tuple(Transition(act, frozenset({state}), state, who, article) for state in sorted(states))


TABLE = (
    Transition("save", frozenset({State.DRAFT}), State.DRAFT, _WRITERS, DRAFTING),
    Transition("save", frozenset({State.RETURNED}), State.RETURNED, _AUTHOR, DRAFTING),
    Transition("delete", frozenset({State.DRAFT}), State.DRAFT, _AUTHOR, DRAFTING),
    Transition("set-co-drafters", frozenset({State.DRAFT}), State.DRAFT, _AUTHOR, DRAFTING),
    Transition("submit", frozenset({State.DRAFT, State.RETURNED}), State.IN_PATH, _AUTHOR, DRAFTING),
    *_staying("revise", frozenset({State.IN_PATH, State.HELD}), frozenset({relation.REVISER}), REVISING),
    *_staying("redraft", frozenset(State) - {State.DRAFT}, _READERS, CORRECTING),
    *_staying("answer", frozenset(_ANSWERABLE), _ANSWERERS, DRAFTING),
    *(Transition(f"follow-{name}", UNDER_WAY, target, _NOBODY, DECIDING) for name, target in FOLLOWED.items()),
    # An old system's request is taken back where it was made: here it has come back.
    Transition("give-back", UNDER_WAY, State.RETURNED, _NOBODY, DECIDING),
    Transition("refuse-line", frozenset({State.IN_PATH}), State.DRAFT, _NOBODY, DECIDING),
    Transition("refuse-request", frozenset({State.IN_PATH}), State.REFUSED, _NOBODY, DECIDING),
    Transition("file", UNDER_WAY, State.FILED, _NOBODY, REGISTERING),
    Transition("send-at-once", UNDER_WAY, State.SENDING, _NOBODY, REGISTERING),
    Transition("await-sending", UNDER_WAY, State.SEND_WAIT, _NOBODY, REGISTERING),
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What an act depends on beside state and person.

    submitted: a version of it is a record already. companion: decided with another document (일괄기안). foreign: a request
    of an old system, which is corrected where it was written.
    """

    submitted: bool = False
    companion: bool = False
    foreign: bool = False


def followed(state: State, act: str) -> State | None:
    """State after something that nobody does here: the line's news and what the decision brings; None: not from here."""
    for row in TABLE:
        if row.act == act and not row.who and state in row.sources:
            return row.target
    return None


def possible(state: State, relations: AbstractSet[str], facts: Facts) -> list[str]:
    """Acts that somebody may do now, in the order of the table."""
    return [act for act in allowed(TABLE, state, relations) if _fits(act, facts)]


def _fits(act: str, facts: Facts) -> bool:
    """Whether an act makes sense for this document, whoever does it."""
    if act == "delete":
        return not facts.submitted
    if act == "revise":
        return not facts.companion
    return not (facts.foreign and act in {"save", "submit"})

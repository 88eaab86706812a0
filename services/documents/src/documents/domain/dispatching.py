"""Sending (발송) as a machine: who may do what with a registered document on its way out, and with its copies.

Rows 14 to 19 of the produced document's life. Sealed, it waits to be sent where it waited to be sealed: what has changed
is that the ledger has an entry for it.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from documents.domain import relation, seals
from documents.domain.delivery import BY_HAND, ON_THE_WAY
from documents.domain.seals import Kind
from documents.domain.state import State
from documents.domain.transition import Transition, allowed

_SEALING = "행정업무규정 시행규칙 제12조제1항"
_SENDING = "행정업무규정 제15조제1항"
_HOLDING = "행정업무규정 시행규칙 제13조제1항"
ADDING = "행정업무규정 제15조제4항"
SENDERS = frozenset({relation.AUTHOR, relation.CLERK})
"""기안자와 처리과의 발송업무 담당자."""
_KEEPERS = frozenset({relation.KEEPER})
_HEADS = frozenset({relation.HEAD})
_ASKERS = SENDERS | _HEADS
_WAITING = frozenset({State.SEND_WAIT, State.SEAL_REJECTED})
SENT = frozenset({State.SENDING, State.SENT, State.SENT_PARTIAL})
GROUNDS = ("approver-order", "recipient-renamed", "mistake", "agency-request")
"""결재권자나 처리과장의 지시, 수신자의 명칭 변경, 착오, 다른 기관의 요청."""
OF_COPIES = ("resend", "recall", "close")


def _staying(act: str, who: frozenset[str], article: str) -> tuple[Transition, ...]:
    """Rows of an act that leaves the document where its copies have brought it."""
    return tuple(Transition(act, frozenset({state}), state, who, article) for state in sorted(SENT))


TABLE = (
    Transition("ask-seal", _WAITING, State.SEAL_REVIEW, SENDERS, _SEALING),
    Transition("seal", frozenset({State.SEAL_REVIEW}), State.SEND_WAIT, _KEEPERS, _SEALING),
    Transition("sign", frozenset({*_WAITING, State.SEAL_REVIEW}), State.SEND_WAIT, SENDERS, _SEALING),
    Transition("refuse-seal", frozenset({State.SEAL_REVIEW}), State.SEAL_REJECTED, _KEEPERS, _SEALING),
    Transition("send", frozenset({State.SEND_WAIT}), State.SENDING, SENDERS, _SENDING),
    Transition("hold", _WAITING, State.SEND_HELD, _ASKERS, _HOLDING),
    Transition("release", frozenset({State.SEND_HELD}), State.SEND_WAIT, _ASKERS, _HOLDING),
    Transition("cancel", _WAITING | {State.SEND_HELD}, State.SEND_CANCELLED, _ASKERS, _HOLDING),
    *_staying("ask-recipients", _ASKERS, ADDING),
    Transition("add-recipients", SENT, State.SENDING, _HEADS, ADDING),
    *_staying("refuse-recipients", _HEADS, ADDING),
    *(row for act in OF_COPIES for row in _staying(act, SENDERS, _SENDING)),
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What an act depends on beside state and person. kind: mark beside the sender's name; None: an old system's own."""

    kind: Kind | None
    sealed: bool
    asked: bool = False


def goes_at_once(kind: Kind | None) -> bool:
    """자동발송: nothing has to be applied before it is sent."""
    return kind not in seals.APPLIED


def possible(state: State, relations: AbstractSet[str], facts: Facts) -> list[str]:
    """Acts on sending that somebody may do now, in the order of the table."""
    return [act for act in allowed(TABLE, state, relations) if _fits(act, facts)]


def _fits(act: str, facts: Facts) -> bool:
    """Whether an act makes sense for this document, whoever does it."""
    if act in {"ask-seal", "seal", "refuse-seal"}:
        return not facts.sealed
    if act == "sign":
        return not facts.sealed and facts.kind is Kind.SIGNATURE
    if act == "send":
        return facts.sealed or goes_at_once(facts.kind)
    return facts.asked if act in {"add-recipients", "refuse-recipients"} else True


def copy_acts(state: str, reason: str) -> list[str]:
    """What may be done with one copy where it stands. Taking back ends with arrival, the rest with acceptance."""
    if state in {"ACCEPTED", "CLOSED"} and not reason:
        return []
    if reason == BY_HAND:
        return ["close"]
    return ["resend", "recall", "close"] if state in ON_THE_WAY else ["resend", "close"]

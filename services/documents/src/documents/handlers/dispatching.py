"""Sending: copies are made and asked of the adapters; what is held back or cancelled waits with its reason."""

from collections.abc import Mapping, Sequence
from typing import Any

from chassis.errors import ConflictError, InvalidError
from chassis.ids import uuid7
from chassis.uow import UnitOfWork
from documents.domain import dispatching
from documents.handlers.copies import make_copies
from documents.handlers.outgoing import Outgoing
from documents.ports.directory import View
from documents.tables import DISPATCH_NOTE
from documents.translate import content, events
from documents.translate.views import number_of
from onnara.exchange.v1.events_pb2 import TRANSMISSION_SEND

_BODY = "SELECT body FROM document_version WHERE document_id = $1 AND number = $2"
WITH_REASON = frozenset({"hold", "cancel"})


def start_dispatch(
    unit: UnitOfWork, row: Mapping[str, Any], document: Any, view: View, actor: Mapping[str, Any], correlation_id: str
) -> None:
    """Queues a copy for every recipient and asks the adapters to send them.

    document: whole, with its number and its seal. The caller has set the state of the row.
    """
    copies = make_copies(unit, row, document.recipients, view)
    ask_adapters(unit, row, document, copies, TRANSMISSION_SEND, actor, correlation_id)


def ask_adapters(
    unit: UnitOfWork,
    row: Mapping[str, Any],
    document: Any,
    copies: Sequence[Mapping[str, Any]],
    transmission: int,
    actor: Mapping[str, Any],
    correlation_id: str,
) -> None:
    """Sends the content with the copies it is for; a copy's position is that of its recipient in the document.

    Whoever has no code is reached by no adapter.
    """
    reachable = [copy for copy in copies if copy["receiver_code"]]
    if not reachable:
        return
    request = events.dispatch(document, row["agency_id"], reachable, transmission)
    unit.send(request, agency_id=row["agency_id"], actor=actor, correlation_id=correlation_id)


async def send(case: Outgoing) -> int:
    """Sends a document that waits (발송). Raises ForbiddenError, ConflictError seal-missing; answers the version."""
    state = case.moved("send")
    if not case.facts.sealed and not dispatching.goes_at_once(case.facts.kind):
        raise ConflictError("seal-missing", params={"kind": case.facts.kind or ""}, source="행정업무규정 제14조")
    document = await whole(case)
    version = case.keep(state, "send", codes=[content.code_of(each) for each in document.recipients])
    start_dispatch(case.unit, case.row, document, case.view, case.actor.to_dict(), case.correlation_id)
    return version


async def whole(case: Outgoing) -> Any:
    """The document with body and number, as others get it."""
    row = case.row
    found = await case.unit.fetch(_BODY, row["id"], row["body_number"])
    return content.restored(row, found[0]["body"], number_of(row))


def hold(case: Outgoing, act: str, reason: str) -> int:
    """Holds back, releases or cancels before sending. act: hold, release, cancel. Answers the version."""
    state = case.moved(act)
    if act in WITH_REASON:
        require(reason)
    note(case, act, reason)
    return case.keep(state, act)


def require(reason: str) -> None:
    """Raises InvalidError unless there is a reason that can be kept."""
    if not reason.strip():
        raise InvalidError("reason-missing", field="reason")
    if "\x00" in reason:
        raise InvalidError("nul-inside", field="reason")


def note(case: Outgoing, act: str, reason: str) -> None:
    """Keeps why something was done: the journal says that, never in whose words."""
    case.unit.insert(
        DISPATCH_NOTE,
        {
            "id": uuid7(),
            "document_id": case.row["id"],
            "agency_id": case.row["agency_id"],
            "act": act,
            "reason": reason,
            "actor_id": case.actor.official_id,
            "actor_name": case.actor.name,
            "noted_at": case.unit.now,
        },
    )

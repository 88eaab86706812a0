"""One copy that needs somebody: sent again, taken back before it has arrived, or closed as settled otherwise."""

from typing import Any
from uuid import UUID

from chassis.errors import ConflictError, NotFoundError
from documents.domain.delivery import CLOSED, RECALLED, RESENT, document_state
from documents.domain.dispatching import copy_acts
from documents.handlers.adding import added_recipients
from documents.handlers.copies import do_with_copy, keep_copy, load_copies, waits_of
from documents.handlers.dispatching import ask_adapters, require, whole
from documents.handlers.outgoing import Outgoing
from onnara.exchange.v1.events_pb2 import TRANSMISSION_NORMAL_RESEND, TRANSMISSION_RESEND, DispatchRecalled

_NAMES = {"resend": RESENT, "recall": RECALLED, "close": CLOSED}
_SOURCE = "행정업무규정 시행규칙 제13조"


async def settle_delivery(case: Outgoing, delivery_id: UUID, act: str, reason: str) -> tuple[int, dict[str, Any]]:
    """Carries out an act on one copy. act: resend, recall, close. Answers the version and the copy.

    Taking back stops what has not been handed to the transport yet; the receiver is told nothing, for no message for it
    exists between agencies. A copy that arrives all the same is shown as recalled too late. Raises ForbiddenError, NotFoundError delivery-unknown,
    ConflictError delivery-not-now, InvalidError reason-missing.
    """
    case.moved(act)
    if act != "resend":
        require(reason)
    copies = (await load_copies(case.unit, [case.row["id"]])).get(case.row["id"], [])
    copy = next((each for each in copies if each["id"] == delivery_id), None)
    if copy is None:
        raise NotFoundError("delivery-unknown", params={"receiver": delivery_id}, field="delivery_id")
    if act not in copy_acts(copy["state"], copy["reason"]):
        raise ConflictError("delivery-not-now", params={"act": act, "state": copy["state"]}, source=_SOURCE)
    asked_again = copy["state"] == "RESEND_REQUESTED"
    do_with_copy(case.unit, case.actor, copy, _NAMES[act], reason)
    if act == "resend":
        copy.update(waits_of(case.unit, case.row, case.view))
    keep_copy(case.unit, copy)
    state = document_state(each["state"] for each in copies)
    version = case.keep(state, act, codes=[copy["receiver_code"]])
    if act == "recall":
        case.record(DispatchRecalled(document_id=str(case.row["id"]), delivery_ids=[str(copy["id"])]))
    if act == "resend":
        await _send_again(case, copy, TRANSMISSION_RESEND if asked_again else TRANSMISSION_NORMAL_RESEND)
    return version, copy


async def _send_again(case: Outgoing, copy: dict[str, Any], transmission: int) -> None:
    """The document as this receiver got it: with added recipients only for one who was added."""
    decided = len(case.document.recipients)
    document = await whole(case)
    if copy["position"] >= decided:
        document.recipients.extend(await added_recipients(case))
    ask_adapters(case.unit, case.row, document, [copy], transmission, case.actor.to_dict(), case.correlation_id)

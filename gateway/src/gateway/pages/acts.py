"""Acts on a registered or received document: sealing, sending, accepting, assigning, passing on. One form field set per act.

Data goes: form of the card -> the act's request, by the table below -> documents -> the card again, with the reason if refused.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from chassis.errors import InvalidError, NotFoundError, RefusalError, TransientError
from gateway.clients import Clients
from gateway.page import Official, Posted
from gateway.pages.card import refused_card
from gateway.views.given import Given, given
from onnara.documents.v1 import dispatch_service_pb2 as dispatch_pb
from onnara.documents.v1 import documents_service_pb2 as pb
from onnara.documents.v1 import receipt_service_pb2 as receipt_pb
from onnara.exchange.v1.official_document_pb2 import Recipient

router = APIRouter()
_MOST = 1 << 31


@dataclass(frozen=True, slots=True)
class Form:
    """What the browser sent."""

    values: Mapping[str, str]
    lists: Mapping[str, Sequence[str]]

    def one(self, name: str) -> str:
        """One value, trimmed; empty when it is missing."""
        return self.values.get(name, "").strip()

    def number(self, name: str) -> int:
        """One number; 0 when it is missing. Raises InvalidError form-unreadable, also for what no contract's number holds."""
        try:
            found = int(self.one(name) or 0)
        except ValueError:
            raise InvalidError("form-unreadable", field=name) from None
        if not 0 <= found < _MOST:
            raise InvalidError("form-unreadable", field=name)
        return found

    def digits(self, name: str) -> tuple[int, ...]:
        """All values of a name that are one digit: ticked items."""
        return tuple(int(each) for each in self.many(name) if len(each) == 1 and each.isdecimal())

    def many(self, name: str) -> list[str]:
        """All values of a name that are not empty."""
        return [each for each in self.lists.get(name, []) if each]

    def recipients(self) -> list[Recipient]:
        """Units that were picked, as recipients."""
        made = []
        for code, name in zip(self.many("unit"), self.many("unit_name"), strict=False):
            recipient = Recipient(kind=1, printed_as=name)  # type: ignore[arg-type]
            recipient.agency.code, recipient.agency.name = code, name
            made.append(recipient)
        return made


@dataclass(frozen=True, slots=True)
class Act:
    """method: of which service. make: the request but for document, version and request id."""

    method: Callable[[Clients], Any]
    make: Callable[[Form], Any]


def _hold(action: int) -> Callable[[Form], Any]:
    return lambda form: dispatch_pb.HoldDispatchRequest(action=action, reason=form.one("reason"))  # type: ignore[arg-type]


def _settle(action: int) -> Callable[[Form], Any]:
    return lambda form: dispatch_pb.SettleDeliveryRequest(
        delivery_id=form.one("delivery_id"),
        action=action,  # type: ignore[arg-type]
        reason=form.one("reason"),
    )


def _only(recipients: list[Recipient]) -> Recipient:
    if len(recipients) != 1:
        raise InvalidError("recipient-missing", field="recipient")
    return recipients[0]


_CIRCULATE = Act(
    lambda c: c.documents.Circulate,
    lambda f: pb.CirculateRequest(official_ids=f.many("official"), instruction=f.one("instruction")),
)
ACTS: Final[Mapping[str, Act]] = {
    "ask-seal": Act(
        lambda c: c.dispatch.AskSeal,
        lambda f: dispatch_pb.AskSealRequest(kind=f.number("kind"), confirmed=f.many("confirmed")),  # type: ignore[arg-type]
    ),
    "sign": Act(
        lambda c: c.dispatch.ReviewSeal, lambda f: dispatch_pb.ReviewSealRequest(confirmed=f.many("confirmed"))
    ),
    "seal": Act(lambda c: c.dispatch.ReviewSeal, lambda f: dispatch_pb.ReviewSealRequest(seal_id=f.one("seal_id"))),
    "refuse-seal": Act(
        lambda c: c.dispatch.ReviewSeal,
        lambda f: dispatch_pb.ReviewSealRequest(refuse=True, reason=f.one("reason")),
    ),
    "send": Act(lambda c: c.dispatch.Send, lambda _: dispatch_pb.SendRequest()),
    "hold": Act(lambda c: c.dispatch.HoldDispatch, _hold(dispatch_pb.HOLD_ACTION_HOLD)),
    "release": Act(lambda c: c.dispatch.HoldDispatch, _hold(dispatch_pb.HOLD_ACTION_RELEASE)),
    "cancel": Act(lambda c: c.dispatch.HoldDispatch, _hold(dispatch_pb.HOLD_ACTION_CANCEL)),
    "ask-recipients": Act(
        lambda c: c.dispatch.AskRecipients,
        lambda f: dispatch_pb.AskRecipientsRequest(
            recipients=f.recipients(), ground=f.one("ground"), note=f.one("reason")
        ),
    ),
    "add-recipients": Act(
        lambda c: c.dispatch.DecideRecipients,
        lambda f: dispatch_pb.DecideRecipientsRequest(request_key=f.one("request_key")),
    ),
    "refuse-recipients": Act(
        lambda c: c.dispatch.DecideRecipients,
        lambda f: dispatch_pb.DecideRecipientsRequest(
            request_key=f.one("request_key"), refuse=True, reason=f.one("reason")
        ),
    ),
    "resend": Act(lambda c: c.dispatch.SettleDelivery, _settle(dispatch_pb.SETTLE_ACTION_RESEND)),
    "recall": Act(lambda c: c.dispatch.SettleDelivery, _settle(dispatch_pb.SETTLE_ACTION_RECALL)),
    "close": Act(lambda c: c.dispatch.SettleDelivery, _settle(dispatch_pb.SETTLE_ACTION_CLOSE)),
    "distribute": Act(
        lambda c: c.receipts.Distribute,
        lambda f: receipt_pb.DistributeRequest(
            department_code=next(iter(f.many("unit")), ""),
            informed_department_codes=f.many("unit")[1:],
            note=f.one("reason"),
        ),
    ),
    "accept": Act(lambda c: c.receipts.Accept, lambda f: receipt_pb.AcceptRequest(task_code=f.one("task"))),
    "assign": Act(
        lambda c: c.receipts.Assign,
        lambda f: receipt_pb.AssignRequest(
            official_id=next(iter(f.many("official")), ""),
            circulate_to=f.many("reader"),
            instruction=f.one("instruction"),
            due_on=f.one("due_on"),
        ),
    ),
    "ask-redistribution": Act(
        lambda c: c.receipts.AskRedistribution,
        lambda f: receipt_pb.AskRedistributionRequest(
            reason=f.one("reason"), suggested_department_code=next(iter(f.many("unit")), "")
        ),
    ),
    "transfer": Act(
        lambda c: c.receipts.Transfer,
        lambda f: receipt_pb.TransferRequest(recipient=_only(f.recipients()), reason=f.one("reason")),
    ),
    "send-back": Act(
        lambda c: c.receipts.SendBack,
        lambda f: receipt_pb.SendBackRequest(defect=f.number("defect"), reason=f.one("reason")),  # type: ignore[arg-type]
    ),
    "forward": Act(
        lambda c: c.receipts.Forward,
        lambda f: receipt_pb.ForwardRequest(recipient=_only(f.recipients()), opinion=f.one("reason")),
    ),
    "complete": Act(
        lambda c: c.receipts.Complete,
        lambda f: receipt_pb.CompleteRequest(answer_document_id=f.one("answer"), note=f.one("reason")),
    ),
    "circulate": _CIRCULATE,
    "set-readers": Act(
        lambda c: c.documents.SetReaders,
        lambda f: pb.SetReadersRequest(
            grant=[pb.Reader(official_id=each) for each in f.many("official")]
            + [pb.Reader(department_code=each) for each in f.many("unit")],
            reason=f.one("reason"),
        ),
    ),
    "cancel-registration": Act(
        lambda c: c.documents.ChangeRegistration,
        lambda f: pb.ChangeRegistrationRequest(cancel=True, reason=f.one("reason")),
    ),
}


@router.post("/documents/{document_id}/acts/{act}", dependencies=[Posted])
async def perform(page: Official, document_id: str, act: str, request: Request) -> Response:
    """One act on the version that was shown; refused, it brings the card back with the reason."""
    if act not in ACTS:
        raise NotFoundError("page-unknown")
    sent = await request.form()
    typed = given("", sent)
    form = Form({name: values[-1] for name, values in typed.values.items()}, typed.values)
    try:
        wanted = ACTS[act].make(form)
        wanted.request_id, wanted.document_id = form.one("request_id"), document_id
        if "expected_version" in wanted.DESCRIPTOR.fields_by_name:
            wanted.expected_version = form.number("version")
        answer = await page.caller.call(ACTS[act].method(page.site.clients), wanted)
    except (RefusalError, TransientError) as error:
        return await refused_card(page, document_id, error, _typed(act, form, typed))
    draft = getattr(answer, "draft_document_id", "")
    return page.go(f"/drafts/{draft}" if draft else f"/documents/{document_id}?acted={act}")


def _typed(act: str, form: Form, typed: Given) -> Given:
    """The refused form under its name on the card: acts on one copy, or on one asked for, are told apart by it."""
    whose = form.one("request_key") or form.one("delivery_id")
    name = f"{act}:{whose}" if whose else act
    return replace(typed, form=name, request_id=form.one("request_id").removesuffix(f"-{act}"))

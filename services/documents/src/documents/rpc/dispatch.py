"""Sending: seals, the sending clerk's desk, copies that need somebody."""

from typing import Any
from uuid import UUID

from chassis.errors import InvalidError, NotFoundError
from chassis.rpc import current_call
from chassis.uow import UnitOfWork
from documents.domain.seals import SERIES
from documents.handlers.adding import ask_recipients, decide_recipients
from documents.handlers.dispatching import hold, send
from documents.handlers.keeping import ROLE, checked_image, dispose_seal, keeper, register_seal
from documents.handlers.outgoing import Outgoing, open_outgoing
from documents.handlers.relations import relations_of
from documents.handlers.sealing import apply_seal, ask_seal, refuse_seal, year_of
from documents.handlers.settling import settle_delivery
from documents.queries import dispatches
from documents.rpc.calls import HASH_BYTES, Calls, Context, identity, official
from documents.translate import dispatch as translate
from documents.translate import views
from documents.translate.content import uuid_or_none
from onnara.documents.v1 import dispatch_service_pb2 as pb
from onnara.documents.v1.dispatch_service_pb2_grpc import DispatchServiceServicer

PAGE, MOST = 50, 100
_ACTS = {pb.HOLD_ACTION_HOLD: "hold", pb.HOLD_ACTION_RELEASE: "release", pb.HOLD_ACTION_CANCEL: "cancel"}
_SETTLING = {pb.SETTLE_ACTION_RESEND: "resend", pb.SETTLE_ACTION_RECALL: "recall", pb.SETTLE_ACTION_CLOSE: "close"}
_LAST, _HIGHEST = UUID(int=2**128 - 1), 2**63 - 1


class Dispatching(Calls, DispatchServiceServicer):
    """Registered documents on their way out."""

    async def AskSeal(self, request: pb.AskSealRequest, context: Context) -> pb.AskSealResponse:
        """Asks the keeper for the seal (심사요청)."""

        async def handle(unit: UnitOfWork) -> pb.AskSealResponse:
            case = await self._case(unit, request, request.expected_version)
            return pb.AskSealResponse(version=ask_seal(case, request.kind, request.confirmed))

        return await self._command(handle, pb.AskSealResponse, "AskSeal", request.request_id)

    async def ReviewSeal(self, request: pb.ReviewSealRequest, context: Context) -> pb.ReviewSealResponse:
        """Applies the seal, or refuses it (심사반려)."""

        async def handle(unit: UnitOfWork) -> pb.ReviewSealResponse:
            case = await self._case(unit, request, request.expected_version)
            if request.refuse:
                return pb.ReviewSealResponse(version=refuse_seal(case, request.reason))
            version, entry = await apply_seal(case, request.seal_id, request.confirmed)
            return pb.ReviewSealResponse(version=version, imprint=translate.imprint(entry))

        return await self._command(handle, pb.ReviewSealResponse, "ReviewSeal", request.request_id)

    async def Send(self, request: pb.SendRequest, context: Context) -> pb.SendResponse:
        """Sends it to every recipient (발송)."""

        async def handle(unit: UnitOfWork) -> pb.SendResponse:
            return pb.SendResponse(version=await send(await self._case(unit, request, request.expected_version)))

        return await self._command(handle, pb.SendResponse, "Send", request.request_id)

    async def HoldDispatch(self, request: pb.HoldDispatchRequest, context: Context) -> pb.HoldDispatchResponse:
        """Holds back, releases or cancels before sending."""
        act = _act(_ACTS, request.action)

        async def handle(unit: UnitOfWork) -> pb.HoldDispatchResponse:
            case = await self._case(unit, request, request.expected_version)
            return pb.HoldDispatchResponse(version=hold(case, act, request.reason))

        return await self._command(handle, pb.HoldDispatchResponse, "HoldDispatch", request.request_id)

    async def AskRecipients(self, request: pb.AskRecipientsRequest, context: Context) -> pb.AskRecipientsResponse:
        """Asks for further recipients after sending (행정업무규정 15④)."""

        async def handle(unit: UnitOfWork) -> pb.AskRecipientsResponse:
            case = await self._case(unit, request, request.expected_version)
            version, key = await ask_recipients(case, request.recipients, request.ground, request.note)
            return pb.AskRecipientsResponse(version=version, request_key=key)

        return await self._command(handle, pb.AskRecipientsResponse, "AskRecipients", request.request_id)

    async def DecideRecipients(
        self, request: pb.DecideRecipientsRequest, context: Context
    ) -> pb.DecideRecipientsResponse:
        """The head of the producing department agrees or refuses."""
        key = _key(request.request_key, "request_key")

        async def handle(unit: UnitOfWork) -> pb.DecideRecipientsResponse:
            case = await self._case(unit, request)
            version = await decide_recipients(case, key, refuse=request.refuse, reason=request.reason)
            return pb.DecideRecipientsResponse(version=version)

        return await self._command(handle, pb.DecideRecipientsResponse, "DecideRecipients", request.request_id)

    async def SettleDelivery(self, request: pb.SettleDeliveryRequest, context: Context) -> pb.SettleDeliveryResponse:
        """Sends one copy again, takes it back, or closes it."""
        act, delivery_id = _act(_SETTLING, request.action), _key(request.delivery_id, "delivery_id")

        async def handle(unit: UnitOfWork) -> pb.SettleDeliveryResponse:
            case = await self._case(unit, request)
            version, copy = await settle_delivery(case, delivery_id, act, request.reason)
            return pb.SettleDeliveryResponse(version=version, delivery=translate.delivery(copy))

        return await self._command(handle, pb.SettleDeliveryResponse, "SettleDelivery", request.request_id)

    async def ListDispatches(self, request: pb.ListDispatchesRequest, context: Context) -> pb.ListDispatchesResponse:
        """Documents of the caller's department on their way, newest first."""
        actor, size = official(), _size(request.page_size)
        before = _key(request.page_token, "page_token") if request.page_token else _LAST
        view = self._directory.view(self._rpc.clock.now())
        async with self._reading(actor) as unit:
            rows = await dispatches.board(
                unit, actor.agency_id, actor.department_code, before, size + 1, to_settle=request.to_settle
            )
            copies = await dispatches.copies_of(unit, [row["id"] for row in rows[:size]])
        entries = [
            pb.DispatchEntry(
                document=views.summary(row),
                deliveries=translate.deliveries(row["id"], copies, relations_of(row, actor, view)),
            )
            for row in rows[:size]
        ]
        more = str(rows[size - 1]["id"]) if len(rows) > size else ""
        return pb.ListDispatchesResponse(entries=entries, next_page_token=more)

    async def ListImprints(self, request: pb.ListImprintsRequest, context: Context) -> pb.ListImprintsResponse:
        """A seal ledger: the agency's for keepers, the department's for everybody else."""
        actor, size = official(), _size(request.page_size)
        kind = translate.KINDS.get(request.kind or translate.BY_SERIES["SEAL"])
        if kind not in SERIES:
            raise InvalidError("seal-kind-invalid", params={"kind": kind or ""}, field="kind")
        before = _HIGHEST
        if request.page_token:
            if not (request.page_token.isascii() and request.page_token.isdigit() and len(request.page_token) < 19):
                raise InvalidError("page-token-invalid", field="page_token")
            before = int(request.page_token)
        now = self._rpc.clock.now()
        year = request.year or year_of(self._directory.view(now).zone(actor.agency_id), now)
        department = "" if ROLE in actor.roles else actor.department_code or "-"
        async with self._reading(actor) as unit:
            rows = await dispatches.ledger(unit, actor.agency_id, department, SERIES[kind], year, before, size + 1)
        return pb.ListImprintsResponse(
            imprints=[translate.imprint(row) for row in rows[:size]],
            next_page_token=str(rows[size - 1]["number"]) if len(rows) > size else "",
        )

    async def ListSeals(self, request: pb.ListSealsRequest, context: Context) -> pb.ListSealsResponse:
        """Registered seals of the agency (관인대장)."""
        actor = official()
        async with self._reading(actor) as unit:
            rows = await dispatches.seals(unit, actor.agency_id, disposed=request.disposed)
        return pb.ListSealsResponse(seals=[translate.seal(row) for row in rows])

    async def RegisterSeal(self, request: pb.RegisterSealRequest, context: Context) -> pb.RegisterSealResponse:
        """Registers a seal, or a new one in place of another."""
        actor = official()
        keeper(actor)
        picture = request.seal.image
        if len(picture.sha256) == HASH_BYTES and not await self._held([picture.sha256], actor):
            raise NotFoundError("blob-missing", params={"sha256": picture.sha256.hex()}, field="seal.image")
        image = await checked_image(self._blobs, actor.agency_id, picture)

        async def handle(unit: UnitOfWork) -> pb.RegisterSealResponse:
            view = self._directory.view(unit.now)
            row = await register_seal(unit, request.seal, image, actor, view)
            return pb.RegisterSealResponse(seal=translate.seal(row))

        return await self._command(handle, pb.RegisterSealResponse, "RegisterSeal", request.request_id)

    async def DisposeSeal(self, request: pb.DisposeSealRequest, context: Context) -> pb.DisposeSealResponse:
        """Disposes of a seal; what it has sealed stays."""
        actor = official()
        keeper(actor)

        async def handle(unit: UnitOfWork) -> pb.DisposeSealResponse:
            await dispose_seal(unit, request.seal_id, request.reason, actor)
            return pb.DisposeSealResponse()

        return await self._command(handle, pb.DisposeSealResponse, "DisposeSeal", request.request_id)

    async def _case(self, unit: UnitOfWork, request: Any, expected_version: int | None = None) -> Outgoing:
        """The document of a command, locked, as the caller sees it."""
        actor, call = official(), current_call()
        view = self._directory.view(unit.now)
        return await open_outgoing(
            unit, identity(request.document_id), actor, view, call.correlation_id, expected_version
        )


def _act(known: dict[Any, str], action: int) -> str:
    if action not in known:
        raise InvalidError("action-unknown", params={"action": action}, field="action")
    return known[action]


def _key(text: str, field: str) -> UUID:
    found = uuid_or_none(text)
    if found is None:
        raise InvalidError("id-invalid", params={"value": text}, field=field)
    return found


def _size(asked: int) -> int:
    return min(asked, MOST) if asked > 0 else PAGE

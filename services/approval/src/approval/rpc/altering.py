"""Passing over somebody absent, changing steps, taking a step up for a department, over gRPC."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from approval.domain.changing import Change, Changes, Insert, Move, Remove, change
from approval.domain.deciding import Acted
from approval.domain.departments import take_up
from approval.domain.line import Line
from approval.domain.machine import Act
from approval.domain.people import Signer
from approval.domain.skipping import Skip, skip
from approval.handlers.altering import Alteration, absence_in_words, against, alter, named
from approval.handlers.delegating import mandated
from approval.ports.directory import View
from approval.rpc.calls import Calls, official, signer_of
from approval.rpc.showing import Shown
from approval.translate.lines import uuid_of
from approval.translate.steps import step_of
from chassis.errors import ConflictError, InvalidError, RefusalError
from chassis.requests import run_command
from chassis.uow import UnitOfWork
from onnara.approval.v1 import approval_service_pb2 as pb

MOST_CHANGES = 100
R = TypeVar("R", pb.SkipStepResponse, pb.ChangeLineResponse, pb.TakeUpStepResponse)
CarryOut = Callable[[Line, Signer, View], Acted | RefusalError]


class Altering(Calls):
    """SkipStep, ChangeLine, TakeUpStep."""

    async def SkipStep(self, request: pb.SkipStepRequest, _: Any) -> pb.SkipStepResponse:
        """Passes over an absent reviewer."""

        def carry_out(line: Line, signer: Signer, view: View) -> Acted | RefusalError:
            absent_for = absence_in_words(line, request.order, view)
            return skip(line, request.expected_version, Skip(request.order, request.reason, absent_for, signer))

        return await self._alter(request, Act.SKIP, request.reason, carry_out, pb.SkipStepResponse)

    async def ChangeLine(self, request: pb.ChangeLineRequest, _: Any) -> pb.ChangeLineResponse:
        """Inserts, removes or moves steps that nobody has acted on."""
        changes = _changes(request.changes)

        def carry_out(line: Line, signer: Signer, view: View) -> Acted | RefusalError:
            filled = tuple(_filled(each, line.agency_id, view) for each in changes)
            return change(
                line,
                request.expected_version,
                Changes(filled, request.reason, signer),
                lambda steps: against(line, tuple(steps), view),
            )

        return await self._alter(request, Act.CHANGE, request.reason, carry_out, pb.ChangeLineResponse)

    async def TakeUpStep(self, request: pb.TakeUpStepRequest, _: Any) -> pb.TakeUpStepResponse:
        """Takes a step up for the caller's department."""
        steps = [step_of(each, f"steps[{index}]") for index, each in enumerate(request.steps)]

        def carry_out(line: Line, signer: Signer, view: View) -> Acted | RefusalError:
            agency_id = signer.agency_id
            people = [named(each, agency_id, view) for each in steps]
            return take_up(
                line,
                request.expected_version,
                request.order,
                people,
                signer,
                lambda person, code: (
                    view.is_official(person, agency_id) and code in view.departments_of(person, agency_id)
                ),
            )

        return await self._alter(request, Act.TAKE_UP, "", carry_out, pb.TakeUpStepResponse)

    async def _alter(
        self,
        request: pb.SkipStepRequest | pb.ChangeLineRequest | pb.TakeUpStepRequest,
        act: Act,
        reason: str,
        carry_out: CarryOut,
        response: type[R],
    ) -> R:
        actor, line_id = official(), uuid_of(request.line_id, "line_id")

        async def handle(unit: UnitOfWork) -> R:
            view = self._directory.view(unit.now)
            signer = signer_of(actor, view)
            wanted = Alteration(line_id, act.value, reason, lambda line: carry_out(line, signer, view))
            line = await alter(unit, wanted, signer, actor, self._watch)
            return response(line=Shown(signer, view).message(line))

        answer = await run_command(
            self._database,
            handle,
            response,
            agency_id=actor.agency_id,
            client=actor.official_id,
            method=type(request).__name__,
            request_id=request.request_id,
        )
        if answer.line.line_id != str(line_id):
            # An answer about another line must never be taken for one about this.
            raise ConflictError("request-id-reused", field="request_id")
        return answer


def _changes(messages: Sequence[pb.StepChange]) -> list[Change]:
    if len(messages) > MOST_CHANGES:
        raise InvalidError("line-too-long", params={"most": MOST_CHANGES}, field="changes")
    return [_change(message, f"changes[{index}]") for index, message in enumerate(messages)]


def _change(message: pb.StepChange, field: str) -> Change:
    match message.WhichOneof("change"):
        case "insert":
            return Insert(message.insert.before, step_of(message.insert.step, f"{field}.insert.step"))
        case "remove":
            return Remove(message.remove)
        case "move":
            return Move(message.move.order, message.move.before)
        case _:
            raise InvalidError("changes-missing", field=field)


def _filled(each: Change, agency_id: str, view: View) -> Change:
    if not isinstance(each, Insert):
        return each
    [step] = mandated([named(each.step, agency_id, view)], agency_id, view)
    return Insert(each.before, step)

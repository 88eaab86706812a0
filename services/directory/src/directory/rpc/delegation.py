"""Rules of delegated decision (위임전결): everybody of the agency reads them, its administrator keeps them."""

from datetime import date
from typing import Any
from uuid import UUID

from chassis.rpc import current_call
from chassis.uow import UnitOfWork
from directory import queries, translate
from directory.domain.capacities import TIME_ZONE, day_in
from directory.domain.records import DelegationRule
from directory.handlers.delegation import end_rule, put_rule
from directory.rpc.calls import Calls, administrator, agreed, by, day_of, person, require_storable, uuid_or_none
from onnara.directory.v1 import directory_service_pb2 as pb
from onnara.directory.v1 import events_pb2 as events
from onnara.exchange.v1.official_document_pb2 import DocumentKind


class Delegating(Calls):
    """Who decides what instead of the head."""

    async def ListDelegationRules(
        self, request: pb.ListDelegationRulesRequest, _: Any
    ) -> pb.ListDelegationRulesResponse:
        """Rules of the caller's agency that hold today or will, most particular first."""
        require_storable(request)
        actor, _official_id, agency_id = person()
        async with self._rpc.transaction(agency_id=actor.agency_id) as unit:
            today = day_in(TIME_ZONE, unit.now)
            found = await queries.rules_of(unit.connection, agency_id, request.task_code, today)
        return translate.rules((each.rule, each.changed_by, each.changed_at) for each in found)

    async def PutDelegationRule(self, request: pb.PutDelegationRuleRequest, _: Any) -> pb.PutDelegationRuleResponse:
        """A new rule, or one in the place of what it was; from a day on."""
        require_storable(request)
        agency_id = administrator()
        begins = day_of(request.valid_from, "valid_from")
        rule = _rule(request.rule, agency_id)

        async def handle(unit: UnitOfWork) -> pb.PutDelegationRuleResponse:
            renews = bool(request.rule.rule_id)
            done = by(current_call().actor)
            new = agreed(await put_rule(unit, rule, DocumentKind.values(), done, renews=renews, begins=begins))
            return pb.PutDelegationRuleResponse(entry=translate.rule_entry(new))

        return await self._command(handle, pb.PutDelegationRuleResponse, "PutDelegationRule", request.request_id)

    async def EndDelegationRule(self, request: pb.EndDelegationRuleRequest, _: Any) -> pb.EndDelegationRuleResponse:
        """Ends a rule from a day on."""
        agency_id = administrator()
        ends = day_of(request.valid_to, "valid_to")

        async def handle(unit: UnitOfWork) -> pb.EndDelegationRuleResponse:
            done = by(current_call().actor)
            agreed(await end_rule(unit, agency_id, uuid_or_none(request.rule_id), done, ends=ends))
            return pb.EndDelegationRuleResponse()

        return await self._command(handle, pb.EndDelegationRuleResponse, "EndDelegationRule", request.request_id)


def _rule(told: events.DelegationRuleData, agency_id: UUID) -> DelegationRule:
    """The rule as told; its id and its first day are settled when it is put."""
    return DelegationRule(
        # What is no id names no rule.
        rule_id=uuid_or_none(told.rule_id) or UUID(int=0),
        agency_id=agency_id,
        title=told.title.strip(),
        task_code=told.task_code,
        document_kind=told.document_kind,
        level=told.level,
        audit=told.audit,
        decision_strength=told.decision_strength,
        valid_from=date.min,
    )

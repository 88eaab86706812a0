"""Deciding over gRPC: one line or many, one transaction, an outcome for each."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeAlias

import asyncpg

from approval.domain.deciding import Action, Decision
from approval.handlers.deciding import Item, Result, decide_lines
from approval.rpc.calls import official, signer_of
from approval.rpc.proofs import Proving
from approval.translate.lines import action_of, outcome_message, uuid_of
from chassis.actor import Actor
from chassis.errors import InvalidError, RefusalError
from chassis.uow import UnitOfWork
from onnara.approval.v1 import approval_service_pb2 as pb

MOST_ITEMS = 500
Wanted: TypeAlias = pb.DecideRequest | pb.BulkItem
Call: TypeAlias = pb.DecideRequest | pb.DecideInBulkRequest


class Acting(Proving):
    """Decide and DecideInBulk."""

    async def Decide(self, request: pb.DecideRequest, _: Any) -> pb.DecideResponse:
        """Acts on the caller's step; a refusal is raised."""
        [result] = await self._decide([request], request)
        if isinstance(result, RefusalError):
            raise result
        return result

    async def DecideInBulk(self, request: pb.DecideInBulkRequest, _: Any) -> pb.DecideInBulkResponse:
        """Acts on many lines, each with an outcome of its own (일괄결재)."""
        if not 0 < len(request.items) <= MOST_ITEMS:
            params = {"most": MOST_ITEMS, "count": len(request.items)}
            raise InvalidError("bulk-size", params=params, field="items")
        results = await self._decide(request.items, request)
        pairs = zip(request.items, results, strict=True)
        return pb.DecideInBulkResponse(outcomes=[outcome_message(item.line_id, result) for item, result in pairs])

    async def _decide(self, wanted: Sequence[Wanted], call: Call) -> Sequence[Result]:
        """One transaction for all. Repeated once when the same request ran beside us on another line and was first."""
        actor = official()
        try:
            async with self._database.transaction(agency_id=actor.agency_id, fixed_plans=True) as unit:
                return await self._carry_out(unit, actor, wanted, call)
        except asyncpg.UniqueViolationError as error:
            if error.table_name != "request":
                raise
        async with self._database.transaction(agency_id=actor.agency_id, fixed_plans=True) as unit:
            return await self._carry_out(unit, actor, wanted, call)

    async def _carry_out(
        self, unit: UnitOfWork, actor: Actor, wanted: Sequence[Wanted], call: Call
    ) -> Sequence[Result]:
        view = self._directory.view(unit.now)
        act = action_of(call.action)
        proofs = self._proofs(view, actor, wanted, call)
        signer = replace(signer_of(actor, view), strength=proofs.strength(actor.strength))
        results: list[Result | None] = [None] * len(wanted)
        items, places = [], []
        for place, request in enumerate(wanted):
            try:
                line_id = uuid_of(request.line_id, "line_id")
            except InvalidError as error:
                results[place] = error
                continue
            decision = Decision(
                line_id,
                request.expected_version,
                request.manifest_hash,
                act,
                call.opinion,
                signer,
                unit.now,
                view.version,
                return_to=call.return_to if isinstance(call, pb.DecideRequest) and act is Action.RETURN else 0,
                acting_for=request.acting_for,
            )
            items.append(Item(request.request_id, decision, place))
            places.append(place)
        done = await decide_lines(unit, items, actor, self._watch, proofs) if items else []
        for place, result in zip(places, done, strict=True):
            results[place] = result
        return [result for result in results if result is not None]

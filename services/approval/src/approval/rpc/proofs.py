"""Proofs of decisions over gRPC: what a passkey has to sign, and what was signed."""

from collections.abc import Sequence
from typing import Any

from approval.domain import proofs as tree
from approval.domain.deciding import Action
from approval.domain.people import concerns
from approval.handlers.proving import DecisionProofs, prove, step_strength, strongest
from approval.ports import passkeys
from approval.ports.directory import View
from approval.queries import proofs as queries
from approval.rpc.calls import Calls, agency, looking, official
from approval.translate.lines import action_of, uuid_of
from approval.translate.proofs import STRENGTHS, proof_message, signed_items
from chassis.actor import Actor
from chassis.errors import InvalidError, NotFoundError
from chassis.rpc import current_call
from onnara.approval.v1 import approval_service_pb2 as pb

MOST_ITEMS = 500


class Proving(Calls):
    """PrepareDecision and GetProof; ``_proofs`` for the calls that decide."""

    async def PrepareDecision(self, request: pb.PrepareDecisionRequest, _: Any) -> pb.PrepareDecisionResponse:
        """The root over the items, to be signed by one of the caller's passkeys; options are empty without any."""
        actor = official()
        if not 0 < len(request.items) <= MOST_ITEMS:
            raise InvalidError("bulk-size", params={"most": MOST_ITEMS, "count": len(request.items)}, field="items")
        signed = signed_items(request.items, action_of(request.action), request.opinion, request.return_to)
        root = _root(signed)
        async with self._database.transaction(agency_id=actor.agency_id) as unit:
            lines = await queries.lines_of(unit.connection, [item.line_id for item in signed])
        view = self._directory.view(unit.now)
        reader = looking(actor, view)
        lines = [line for line in lines if concerns(line, reader)]
        approving = action_of(request.action) is Action.APPROVE
        turns = [(line, step) for line in lines for step in line.turns] if approving else []
        required = strongest(*(step_strength(view, line, step) for line, step in turns))
        keys = [key.passkey_id for key in view.passkeys_of(actor.official_id)]
        return pb.PrepareDecisionResponse(
            options_json=passkeys.options(self._party, root, keys) if keys else "",
            required_strength=STRENGTHS[required],
            root=root,
        )

    async def GetProof(self, request: pb.GetProofRequest, _: Any) -> pb.GetProofResponse:
        """The kept proof of an act, or how its actor had signed in; for those whom the line concerns, and systems."""
        line_id, actor, agency_id = uuid_of(request.line_id, "line_id"), current_call().actor, agency()
        async with self._database.transaction(agency_id=agency_id) as unit:
            lines = await queries.lines_of(unit.connection, [line_id])
            reader = looking(actor, self._directory.view(unit.now))
            if not actor.is_system and not any(concerns(line, reader) for line in lines):
                raise NotFoundError("act-unknown", params={"version": request.version}, field="version")
            act = await queries.act_of(unit.connection, line_id, request.version)
        if act.proof is None:
            return pb.GetProofResponse(strength=STRENGTHS.get(act.strength, STRENGTHS[""]))
        return pb.GetProofResponse(proof=proof_message(act.proof), strength=STRENGTHS["passkey"])

    def _proofs(
        self,
        view: View,
        actor: Actor,
        wanted: Sequence[pb.DecideRequest | pb.BulkItem],
        call: pb.DecideRequest | pb.DecideInBulkRequest,
    ) -> DecisionProofs:
        """What proves the decisions of one call. Raises ForbiddenError when the signature is not one over exactly them."""
        credential_json = call.assertion.credential_json
        if not credential_json:
            return DecisionProofs(view)
        return_to = call.return_to if isinstance(call, pb.DecideRequest) else 0
        signed = signed_items(wanted, action_of(call.action), call.opinion, return_to)
        return DecisionProofs(view, prove(self._party, view, actor.official_id, signed, credential_json))


def _root(signed: Sequence[tree.Signed]) -> bytes:
    try:
        return tree.root([tree.leaf(item) for item in signed])
    except ValueError:
        raise InvalidError("manifest-missing", field="items") from None

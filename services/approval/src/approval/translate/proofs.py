"""Proofs of decisions: requests -> what is signed, rows -> what was signed -> messages."""

from collections.abc import Iterable, Mapping
from typing import Any

from approval.domain.deciding import Action
from approval.domain.proofs import HASH_BYTES, KeptProof, Signed, opinion_hash
from approval.translate.lines import uuid_of
from approval.translate.steps import STRENGTHS, timestamp
from onnara.approval.v1 import approval_service_pb2 as pb
from onnara.approval.v1.events_pb2 import LineChanged
from onnara.exchange.v1.official_document_pb2 import STEP_ROLE_DRAFT

__all__ = ["STRENGTHS", "agrees", "proof_message", "proof_of_row", "signed_items"]


def signed_items(
    items: Iterable[pb.BulkItem | pb.DecideRequest], action: Action, opinion: str, return_to: int
) -> list[Signed]:
    """What one signature covers, in order. return_to counts when something is returned. Raises InvalidError id-invalid."""
    said, back = opinion_hash(opinion), return_to if action is Action.RETURN else 0
    return [
        Signed(
            uuid_of(item.line_id, f"items[{index}].line_id"),
            item.expected_version,
            item.manifest_hash,
            action.value,
            said,
            back,
            item.acting_for,
        )
        for index, item in enumerate(items)
    ]


def proof_of_row(row: Mapping[str, Any]) -> KeptProof:
    """The proof of a row."""
    path = bytes(row["path"])
    hashes = tuple(path[at : at + HASH_BYTES] for at in range(0, len(path), HASH_BYTES))
    return KeptProof(**{key: value for key, value in row.items() if key != "agency_id"} | {"path": hashes})


def proof_message(kept: KeptProof) -> pb.DecisionProof:
    """The proof as handed out."""
    return pb.DecisionProof(
        line_id=str(kept.line_id),
        decided_version=kept.decided_version,
        manifest_hash=kept.manifest_hash,
        action=kept.action,
        opinion_hash=kept.opinion_hash,
        return_to=kept.return_to,
        acting_for=kept.acting_for,
        leaf=kept.leaf,
        leaf_index=kept.leaf_index,
        leaf_count=kept.leaf_count,
        path=kept.path,
        root=kept.root,
        credential_json=kept.credential_json,
        public_key=kept.public_key,
        official_id=kept.official_id,
        signed_at=timestamp(kept.signed_at),
    )


def agrees(kept: KeptProof, payload: bytes) -> bool:
    """Whether the LineChanged that the journal has of an act tells of the same as was signed.

    What was decided on is the line's own manifest from then on. Back to the drafter is told as a return to nobody's order.
    """
    event = LineChanged.FromString(payload)
    drafters = {step.order for step in event.steps if step.role == STEP_ROLE_DRAFT}
    return (
        event.actor.official_id == kept.official_id
        and event.manifest_hash == kept.manifest_hash
        and event.act == kept.action
        and opinion_hash(event.opinion) == kept.opinion_hash
        and event.actor.acting_for == kept.acting_for
        and event.returned_to == (0 if kept.return_to in drafters else kept.return_to)
    )

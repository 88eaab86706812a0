"""Proofs of decisions: requests -> what is signed, rows -> what was signed -> messages."""

from collections.abc import Iterable, Mapping
from typing import Any

from approval.domain.proofs import HASH_BYTES, KeptProof, Signed
from approval.translate.lines import uuid_of
from approval.translate.steps import STRENGTHS, timestamp
from onnara.approval.v1 import approval_service_pb2 as pb
from onnara.approval.v1.events_pb2 import LineChanged

__all__ = ["STRENGTHS", "proof_message", "proof_of_row", "signed_items"]


def signed_items(items: Iterable[pb.BulkItem | pb.DecideRequest], action: str) -> list[Signed]:
    """What one signature covers, in order. Raises InvalidError id-invalid."""
    return [
        Signed(uuid_of(item.line_id, f"items[{index}].line_id"), item.expected_version, item.manifest_hash, action)
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


def act_of_event(payload: bytes) -> tuple[str, bytes]:
    """Official and manifest of the act that a LineChanged tells of: what was decided on is the line's own from then on."""
    event = LineChanged.FromString(payload)
    return event.actor.official_id, event.manifest_hash

"""A passkey's signature under a decision, verified again from nothing but what was handed out: proof -> checks -> page, file.

The tree is that of RFC 6962 section 2.1; the signature is a WebAuthn assertion whose challenge is the tree's root. Nothing here
asks the service that keeps the proof whether it is good.
"""

import base64
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

from webauthn import verify_authentication_response
from webauthn.helpers import base64url_to_bytes, parse_client_data_json

from gateway.i18n import Reader, marked
from onnara.approval.v1 import approval_service_pb2 as pb
from onnara.exchange.v1.official_document_pb2 import STEP_ROLE_DRAFT

_LEAF, _INNER = b"\x00", b"\x01"
_RP_HASH_BYTES = 32
# In the order in which one would check by hand.
CHECKS = {
    "leaf": marked("The fingerprint of the decision is made of line, version, manifest and all that the act says."),
    "path": marked("The fingerprint leads up to the root that was signed."),
    "signature": marked("The passkey signed this root, its owner present and verified."),
    "history": marked("The history tells the same: official, manifest, act, opinion and in whose place."),
}


@dataclass(frozen=True, slots=True)
class Node:
    """One step of the way from the decision up to the root. left: the neighbour stands on the left side."""

    beside: str
    left: bool
    result: str


@dataclass(frozen=True, slots=True)
class ProofView:
    """What was signed and what holds of it. checks: sentence and whether it holds. site: domain the passkey belongs to."""

    line_id: str
    version: int
    decided_version: int
    act: str
    manifest: str
    leaf: str
    place: int
    count: int
    way: list[Node]
    root: str
    passkey: str
    origin: str
    site: str
    public_key: str
    signed_at: str
    checks: list[tuple[str, bool]]
    holds: bool


def proof_view(
    reader: Reader, proof: pb.DecisionProof, version: int, entries: Iterable[pb.LineHistoryEntry]
) -> ProofView:
    """The proof of the act that led to a version of its line, checked now. entries: the line's history."""
    wrong = broken(proof)
    entry = next((each for each in entries if (each.line_id, each.version) == (proof.line_id, version)), None)
    if entry is None or not _agrees(entry, proof):
        wrong.add("history")
    passkey, origin, site = _made_by(proof.credential_json)
    return ProofView(
        line_id=proof.line_id,
        version=version,
        decided_version=proof.decided_version,
        act=reader.coded("act", proof.action) or proof.action,
        manifest=proof.manifest_hash.hex(),
        leaf=proof.leaf.hex(),
        place=proof.leaf_index + 1,
        count=proof.leaf_count,
        way=way_up(proof.leaf, proof.leaf_index, proof.leaf_count, proof.path) or [],
        root=proof.root.hex(),
        passkey=passkey,
        origin=origin,
        site=site,
        public_key=_text(proof.public_key),
        signed_at=reader.moment(proof.signed_at, seconds=True),
        checks=[(reader.text(meaning), name not in wrong) for name, meaning in CHECKS.items()],
        holds=not wrong,
    )


def broken(proof: pb.DecisionProof) -> set[str]:
    """What does not hold: leaf, path, signature; empty: all of it holds."""
    found = set()
    if leaf_of(proof) != proof.leaf:
        found.add("leaf")
    way = way_up(proof.leaf, proof.leaf_index, proof.leaf_count, proof.path)
    top = proof.leaf.hex() if way == [] else way[-1].result if way else ""
    if top != proof.root.hex():
        found.add("path")
    if not _signed(proof):
        found.add("signature")
    return found


def leaf_of(proof: pb.DecisionProof) -> bytes:
    """The fingerprint that the decision must have; empty when it names no line."""
    try:
        line, version = UUID(proof.line_id).bytes, proof.decided_version.to_bytes(8, "big")
        back = proof.return_to.to_bytes(4, "big")
    except (ValueError, OverflowError):
        return b""
    words = proof.action.encode() + b"\0" + proof.acting_for.encode()
    return hashlib.sha256(_LEAF + line + version + proof.manifest_hash + back + proof.opinion_hash + words).digest()


def _agrees(entry: pb.LineHistoryEntry, proof: pb.DecisionProof) -> bool:
    """Whether the history tells of the act as it was signed. Back to the drafter is told as a return to nobody's order."""
    drafters = {step.order for step in entry.steps if step.role == STEP_ROLE_DRAFT}
    told = (entry.actor.official_id, entry.manifest_hash, entry.act, entry.actor.acting_for, entry.returned_to)
    back = 0 if proof.return_to in drafters else proof.return_to
    return (
        told == (proof.official_id, proof.manifest_hash, proof.action, proof.acting_for, back)
        and hashlib.sha256(entry.opinion.strip().encode()).digest() == proof.opinion_hash
    )


def way_up(leaf: bytes, index: int, count: int, path: Sequence[bytes]) -> list[Node] | None:
    """Each neighbour with what it makes; None when the path cannot be one of a tree of that size."""
    if not 0 <= index < count:
        return None
    place, last, node, rest, way = index, count - 1, leaf, list(path), list[Node]()
    while last:
        if place & 1 or place < last:
            if not rest:
                return None
            beside, left = rest.pop(0), bool(place & 1)
            node = hashlib.sha256(_INNER + (beside + node if left else node + beside)).digest()
            way.append(Node(beside.hex(), left, node.hex()))
        place, last = place >> 1, last >> 1
    return None if rest else way


def proof_file(proof: pb.DecisionProof, version: int) -> bytes:
    """The proof as JSON, enough to verify it anywhere: hashes in hexadecimal, the key (COSE) in base64url."""
    content = {
        "line_id": proof.line_id,
        "decided_version": proof.decided_version,
        "version": version,
        "action": proof.action,
        "manifest_hash": proof.manifest_hash.hex(),
        "opinion_hash": proof.opinion_hash.hex(),
        "return_to": proof.return_to,
        "acting_for": proof.acting_for,
        "leaf": proof.leaf.hex(),
        "leaf_index": proof.leaf_index,
        "leaf_count": proof.leaf_count,
        "path": [each.hex() for each in proof.path],
        "root": proof.root.hex(),
        "credential": json.loads(proof.credential_json),
        "public_key_cose": _text(proof.public_key),
        "official_id": proof.official_id,
        "signed_at": proof.signed_at.ToJsonString(),
    }
    return json.dumps(content, ensure_ascii=False, indent=2).encode()


def _signed(proof: pb.DecisionProof) -> bool:
    """Whether the key signed the root on pages of the domain it belongs to."""
    _passkey, origin, site = _made_by(proof.credential_json)
    if not site:
        return False
    try:
        verify_authentication_response(
            credential=json.loads(proof.credential_json),
            expected_challenge=proof.root,
            expected_rp_id=site,
            expected_origin=origin,
            credential_public_key=proof.public_key,
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except Exception:  # noqa: BLE001 - the library names its errors differently for each kind of nonsense
        return False
    return True


def _made_by(credential_json: str) -> tuple[str, str, str]:
    """Passkey, origin of the page, and the domain the passkey is bound to; empty when the answer cannot be read."""
    try:
        credential = json.loads(credential_json)
        answer = credential["response"]
        origin = parse_client_data_json(base64url_to_bytes(answer["clientDataJSON"])).origin
        bound = base64url_to_bytes(answer["authenticatorData"])[:_RP_HASH_BYTES]
    except Exception:  # noqa: BLE001 - as above
        return "", "", ""
    return str(credential.get("id", "")), origin, _domain(origin, bound)


def _domain(origin: str, bound: bytes) -> str:
    """The origin's host, or the domain above it, whose hash the authenticator signed (WebAuthn: rpIdHash)."""
    parts = (urlsplit(origin).hostname or "").split(".")
    names = (".".join(parts[at:]) for at in range(len(parts)))
    return next((name for name in names if name and hashlib.sha256(name.encode()).digest() == bound), "")


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()

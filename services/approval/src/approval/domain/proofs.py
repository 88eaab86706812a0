"""What a passkey signs when somebody decides: one root over all decisions, and for each of them the path to it.

decisions in order -> leaves -> ``root``, the challenge of the passkey -> ``paths``, kept with each decision. The tree is that
of RFC 6962 section 2.1: leaves and inner nodes are hashed with different first bytes, so neither can pose as the other.
The leaf names the version that was decided on: a signature holds for one act only and cannot be played again. It also names
everything that is said with the act, so nobody can put another opinion, another way back or another name under a signature.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

HASH_BYTES = 32
_LEAF, _INNER = b"\x00", b"\x01"


@dataclass(frozen=True, slots=True)
class Signed:
    """One decision as it is signed: on which line, version and manifest, what is done, what is said with it, for whom.

    manifest_hash: 32 bytes. return_to: order of the step that gets its turn again, 0 none or the drafter. acting_for: official
    whose deputy signs (대결); empty: for oneself.
    """

    line_id: UUID
    version: int
    manifest_hash: bytes
    action: str
    opinion_hash: bytes
    return_to: int = 0
    acting_for: str = ""


@dataclass(frozen=True, slots=True)
class KeptProof:
    """What was signed when somebody acted, by which key, and the way from the act to the signature.

    version: of the line after the act. path: hashes beside the way up. public_key: COSE key. signed_at: UTC.
    """

    line_id: UUID
    version: int
    decided_version: int
    manifest_hash: bytes
    action: str
    opinion_hash: bytes
    return_to: int
    acting_for: str
    leaf: bytes
    leaf_index: int
    leaf_count: int
    path: tuple[bytes, ...]
    root: bytes
    credential_json: str
    passkey_id: str
    public_key: bytes
    rp_id: str
    official_id: str
    signed_at: datetime

    @property
    def signed(self) -> Signed:
        """What the leaf must have been made of."""
        return Signed(
            self.line_id,
            self.decided_version,
            self.manifest_hash,
            self.action,
            self.opinion_hash,
            self.return_to,
            self.acting_for,
        )


def opinion_hash(opinion: str) -> bytes:
    """Hash of an opinion as it is kept: of nothing, too."""
    return hashlib.sha256(opinion.strip().encode()).digest()


def leaf(signed: Signed) -> bytes:
    """Hash of one decision. Raises ValueError for what would make it ambiguous.

    Every part has its length, but for the last two, which a zero byte parts: so no two decisions have the same content.
    """
    if len(signed.manifest_hash) != HASH_BYTES or len(signed.opinion_hash) != HASH_BYTES:
        raise ValueError("manifest and opinion are named by 32 bytes each")
    if not (0 <= signed.version < 1 << 63 and 0 <= signed.return_to < 1 << 31):
        raise ValueError("a version is a positive 64-bit number, an order one of 32 bits")
    if "\0" in signed.action:
        raise ValueError("an action is a word")
    numbers = signed.version.to_bytes(8, "big") + signed.manifest_hash + signed.return_to.to_bytes(4, "big")
    words = signed.action.encode() + b"\0" + signed.acting_for.encode()
    return hashlib.sha256(_LEAF + signed.line_id.bytes + numbers + signed.opinion_hash + words).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """Root over leaves in their order. Raises ValueError for none."""
    if not leaves:
        raise ValueError("nothing to sign")
    return _levels(leaves)[-1][0]


def paths(leaves: Sequence[bytes]) -> list[tuple[bytes, ...]]:
    """For each leaf the hashes beside its way up, from below."""
    levels = _levels(leaves)[:-1]
    found: list[tuple[bytes, ...]] = []
    for index in range(len(leaves)):
        place, path = index, []
        for level in levels:
            if place ^ 1 < len(level):
                path.append(level[place ^ 1])
            place >>= 1
        found.append(tuple(path))
    return found


def root_of(found: bytes, index: int, count: int, path: Sequence[bytes]) -> bytes | None:
    """Root that a leaf leads to; None when the path cannot be one of a tree of that size."""
    if not 0 <= index < count:
        return None
    place, last, node, rest = index, count - 1, found, list(path)
    while last:
        if place & 1 or place < last:
            if not rest:
                return None
            beside = rest.pop(0)
            node = _inner(beside, node) if place & 1 else _inner(node, beside)
        place, last = place >> 1, last >> 1
    return None if rest else node


def verify_path(found: bytes, index: int, count: int, path: Sequence[bytes], expected: bytes) -> bool:
    """True when the leaf at that place of that many leads to the root."""
    return root_of(found, index, count, path) == expected


def _inner(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(_INNER + left + right).digest()


def _levels(leaves: Sequence[bytes]) -> list[list[bytes]]:
    """Leaves, and the nodes of each level above. A node without neighbour goes up as it is (RFC 6962's uneven trees)."""
    levels = [list(leaves)]
    while len(levels[-1]) > 1:
        below = levels[-1]
        above = [_inner(below[at], below[at + 1]) for at in range(0, len(below) - 1, 2)]
        levels.append(above + below[len(above) * 2 :])
    return levels

"""Which seal belongs beside a sender's name, and what an electronic seal's image must be.

The head's name goes out under the official seal; organs of one agency sign (행정업무규정 14, 시행규칙 11). Whether a mark of
omission is right depends on what the text says, so it is a finding that the sender confirms, never a refusal.
"""

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

SOURCE = "행정업무의 운영 및 혁신에 관한 규정 시행규칙 제11조"
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_HEADER = struct.Struct(">I4sII")
_HEAD_BYTES = 33
_END = b"\x00\x00\x00\x00IEND\xaeB`\x82"
LARGEST_IMAGE = 1024 * 1024
"""Bytes of a seal's image."""
LARGEST_SIDE = 4096
"""Pixels of a side of it."""


class Kind(StrEnum):
    """What stands beside the sender's name."""

    SEAL = "seal"  # 관인
    SIGNATURE = "signature"  # 서명
    SEAL_OMITTED = "seal-omitted"  # 관인생략
    SIGNATURE_OMITTED = "signature-omitted"  # 서명생략


OMITTED = frozenset({Kind.SEAL_OMITTED, Kind.SIGNATURE_OMITTED})
APPLIED = frozenset({Kind.SEAL, Kind.SIGNATURE})
SERIES = {Kind.SEAL: "SEAL", Kind.SIGNATURE: "SIGN"}
"""Number series of the ledgers: 직인날인대장, 서명인날인대장."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something the sender has to confirm. code: stable. params: for its sentence."""

    code: str
    expected: Kind
    source: str


def right_kind(agency_id: str, receivers: Iterable[str]) -> Kind:
    """관인 for a document that leaves the agency, 서명 between its own organs (시행규칙 11①②).

    receivers: agency id of each recipient, empty for one outside the code tables.
    """
    return Kind.SIGNATURE if all(receiver == agency_id for receiver in receivers) else Kind.SEAL


def findings(chosen: Kind, agency_id: str, receivers: Iterable[str]) -> list[Finding]:
    """What the sender has to confirm about a mark: another than is usual, or an omission (시행규칙 11④)."""
    right = right_kind(agency_id, receivers)
    usual = {right, Kind.SEAL_OMITTED if right is Kind.SEAL else Kind.SIGNATURE_OMITTED}
    found = [] if chosen in usual else [Finding("seal-kind-unusual", right, SOURCE)]
    if chosen in OMITTED:
        found.append(Finding("seal-omission", right, f"{SOURCE}제4항"))
    return found


def png_size(data: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG in pixels; None when the bytes are none, whatever the file is called."""
    if len(data) < _HEAD_BYTES or not data.startswith(_SIGNATURE) or not data.endswith(_END):
        return None
    length, name, width, height = _HEADER.unpack_from(data, len(_SIGNATURE))
    (checksum,) = struct.unpack_from(">I", data, _HEAD_BYTES - 4)
    if length != 13 or name != b"IHDR" or zlib.crc32(data[12 : _HEAD_BYTES - 4]) != checksum:
        return None
    return (width, height) if 0 < width <= LARGEST_SIDE and 0 < height <= LARGEST_SIDE else None

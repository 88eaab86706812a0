"""HWP 5 distribution documents (배포용 문서): sections that anyone may read but not copy, made readable by the published scheme.

Source: Hancom, "Hwp Document File Formats: distribution documents" revision 1.2. The key lies in the first record of each
section, 256 bytes covered by a simple random series; what follows is AES-128 in ECB. No password is guessed or needed.
"""

import struct
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from adapters.formats.hwp.records import DISTRIBUTE_DATA

_LENGTH: Final = 256


def unlocked(stream: bytes) -> bytes | None:
    """Decrypt a section of ViewText; None when it does not begin with the record that holds the key."""
    if len(stream) < 4 + _LENGTH:
        return None
    (header,) = struct.unpack_from("<I", stream)
    size, place = header >> 20, 4
    if size == 0xFFF:
        (size,) = struct.unpack_from("<I", stream, 4)
        place = 8
    if header & 0x3FF != DISTRIBUTE_DATA or size != _LENGTH or len(stream) < place + size:
        return None
    covered = _uncovered(stream[place : place + size])
    offset = 4 + (covered[0] & 0xF)
    key = bytes(covered[offset : offset + 16])
    body = stream[place + size :]
    machine = Cipher(algorithms.AES128(key), modes.ECB()).decryptor()  # noqa: S305 - the format's own mode, reading only
    return machine.update(body[: len(body) & ~15]) + machine.finalize()


def _uncovered(data: bytes) -> bytearray:
    """Take off the random series of Microsoft's C library, seeded by the first four bytes."""
    out = bytearray(data)
    (seed,) = struct.unpack_from("<I", data)
    left, cover = 0, 0
    for place in range(len(out)):
        if left == 0:
            seed = (seed * 214013 + 2531011) & 0xFFFFFFFF
            cover = seed >> 16 & 0xFF
            seed = (seed * 214013 + 2531011) & 0xFFFFFFFF
            left = (seed >> 16 & 0xF) + 1
        if place >= 4:
            out[place] ^= cover
        left -= 1
    return out

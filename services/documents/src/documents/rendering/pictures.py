"""Which pictures may be set: PNG, JPEG and GIF of a size a page can hold. Bytes in, file ending out, empty when not."""

import struct

# A picture unfolds to four bytes a point: 40 million points are 160 MB.
MOST_POINTS = 40_000_000
MOST_BYTES = 20 * 1024 * 1024
_FRAMES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})


def ending_of(data: bytes) -> str:
    """png, jpg or gif; empty for anything else and for what would be too large when unfolded."""
    if len(data) > MOST_BYTES:
        return ""
    for ending, size in (("png", _png(data)), ("gif", _gif(data)), ("jpg", _jpeg(data))):
        if size is not None:
            return ending if 0 < size[0] * size[1] <= MOST_POINTS else ""
    return ""


def size_of(data: bytes) -> tuple[int, int]:
    """Width and height in points of a picture that may be set."""
    return _png(data) or _gif(data) or _jpeg(data) or (1, 1)


def _png(data: bytes) -> tuple[int, int] | None:
    if data[:8] != b"\x89PNG\r\n\x1a\n" or len(data) < 24:
        return None
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def _gif(data: bytes) -> tuple[int, int] | None:
    if data[:6] not in {b"GIF87a", b"GIF89a"} or len(data) < 10:
        return None
    width, height = struct.unpack("<HH", data[6:10])
    return width, height


def _jpeg(data: bytes) -> tuple[int, int] | None:
    if data[:3] != b"\xff\xd8\xff":
        return None
    place = 2
    while place + 9 < len(data) and data[place] == 0xFF:
        kind, length = data[place + 1], int.from_bytes(data[place + 2 : place + 4], "big")
        if kind in _FRAMES:
            return int.from_bytes(data[place + 7 : place + 9], "big"), int.from_bytes(
                data[place + 5 : place + 7], "big"
            )
        place += 2 + length
    return None

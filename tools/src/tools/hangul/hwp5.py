"""Writing samples as HWP 5: lines to records (tag, level, size), deflated, in a compound file."""

import struct
import zlib
from collections.abc import Sequence
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from tools.hangul import compound
from tools.hangul.sample import Aside, Formula, Grid, Line, preview

PASSWORD, DISTRIBUTION = 2, 4
_IDS: Final = {
    "header": (16, b"head"), "footer": (16, b"foot"), "footnote": (17, b"fn  "), "endnote": (17, b"en  "),
    "comment": (15, b"tcmt"), "box": (11, b"gso "),
}  # fmt: skip


def record(tag: int, level: int, data: bytes = b"") -> bytes:
    """Make a record; sizes from 0xFFF on take four bytes more."""
    size = min(len(data), 0xFFF)
    head = struct.pack("<I", tag | level << 10 | size << 20)
    return head + (struct.pack("<I", len(data)) if size == 0xFFF else b"") + data


def write(lines: Sequence[Line], *, flags: int = 0, compressed: bool = True, shown: str | None = None) -> bytes:
    """Make a file. flags: of the file header beside compression. shown: the preview, else the sample's own."""
    return compound.write(streams(lines, flags=flags, compressed=compressed, shown=shown))


def streams(
    lines: Sequence[Line], *, flags: int = 0, compressed: bool = True, shown: str | None = None
) -> dict[str, bytes]:
    """Make the streams of a file by path."""
    pack = _deflated if compressed else bytes
    header = b"HWP Document File".ljust(32, b"\0") + struct.pack("<II", 0x05000300, flags | compressed)
    text = preview(lines) if shown is None else shown
    section = pack(b"".join(paragraph(line, 0) for line in lines))
    made = {"FileHeader": header.ljust(256, b"\0"), "DocInfo": pack(_info()), "PrvText": text.encode("utf-16-le")}
    if flags & DISTRIBUTION:
        return made | {"ViewText/Section0": locked(section)}
    return made | {"BodyText/Section0": section}


def _deflated(data: bytes) -> bytes:
    machine = zlib.compressobj(6, zlib.DEFLATED, -15)
    return machine.compress(data) + machine.flush()


def paragraph(line: Line, level: int) -> bytes:
    """Make the records of a paragraph and its objects."""
    text = line.text.replace("\t", "\x09" + "\0" * 6 + "\x09").encode("utf-16-le")
    controls = b""
    for each in line.objects:
        code, made = _object(each, level + 1)
        name = made[4:8]
        text += struct.pack("<H4s8sH", code, name, b"\xff\xd8\x00\xdc" * 2, code)
        controls += made
    if text:
        text = record(67, level + 1, text + b"\r\0")
    head = struct.pack("<IIHB", len(text) // 2, 0, line.shape, 0).ljust(22, b"\0")
    return record(66, level, head) + text + record(68, level + 1, bytes(8)) + controls


def _object(each: Grid | Aside | Formula, level: int) -> tuple[int, bytes]:
    if isinstance(each, Formula):
        script = struct.pack("<IH", 0, len(each.script)) + each.script.encode("utf-16-le")
        return 11, _control(b"eqed", level) + record(88, level + 1, script)
    if isinstance(each, Grid):
        return 11, _control(b"tbl ", level) + _grid(each, level + 1)
    code, name = _IDS[each.kind]
    inside, made = level + 1, b""
    if each.kind == "box":
        made, inside = record(76, inside, bytes(20)), inside + 1
    made += record(72, inside, struct.pack("<HHI", len(each.lines), 0, 0))
    return code, _control(name, level) + made + b"".join(paragraph(line, inside) for line in each.lines)


def _control(name: bytes, level: int) -> bytes:
    return record(71, level, name[::-1] + bytes(20))


def _grid(grid: Grid, level: int) -> bytes:
    made = record(77, level, struct.pack("<IHH", 0, len(grid.rows), max(map(len, grid.rows))))
    for row, cells in enumerate(grid.rows):
        for column, lines in enumerate(cells):
            made += record(72, level, struct.pack("<HHIHHHH", len(lines), 0, 0, column, row, 1, 1).ljust(34, b"\0"))
            made += b"".join(paragraph(line, level) for line in lines)
    return made


def _info() -> bytes:
    """One numbering of seven levels, one bullet, and the shapes that samples use."""
    levels = b"".join(
        struct.pack("<IhhIH", digits << 5, 0, 0, 0, 3) + text.encode("utf-16-le")
        for digits, text in [(0, "^1."), (8, "^2."), *((0, f"^{level}.") for level in range(3, 8))]
    )
    made = record(23, 0, levels + struct.pack("<H7I", 0, *[1] * 7))
    made += record(24, 0, struct.pack("<IhhIH", 0, 0, 0, 0, ord("●")))
    for kind, level in ((0, 0), (2, 0), (2, 1), (3, 0)):
        made += record(
            25, 0, struct.pack("<I", kind << 23 | level << 25) + bytes(26) + struct.pack("<H", 1) + bytes(20)
        )
    return made


def locked(section: bytes, seed: int = 0x1234567) -> bytes:
    """Put a section under the scheme of distribution documents, with a key that stands in its first record."""
    plain = bytearray(struct.pack("<I", seed) + bytes(252))
    offset = 4 + (seed & 0xF)
    key = "A1B2C3D4E5F60718".encode("utf-16-le")[:16]
    plain[offset : offset + 16] = key
    state, left, cover = seed, 0, 0
    for place in range(256):
        if not left:
            state = (state * 214013 + 2531011) & 0xFFFFFFFF
            cover = state >> 16 & 0xFF
            state = (state * 214013 + 2531011) & 0xFFFFFFFF
            left = (state >> 16 & 0xF) + 1
        if place >= 4:
            plain[place] ^= cover
        left -= 1
    machine = Cipher(algorithms.AES128(key), modes.ECB()).encryptor()  # noqa: S305 - the format's own mode
    return record(28, 0, bytes(plain)) + machine.update(section.ljust(-(-len(section) // 16) * 16, b"\0"))

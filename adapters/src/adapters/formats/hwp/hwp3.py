"""HWP 3 files (한글 3.0 to 97): one binary stream of paragraphs with objects inside the text, to one section of blocks.

Source: Hancom, "한글 문서 파일 구조 3.0". Signature 30 bytes, document information 128, summary 1008, an information block;
then, compressed or not, fonts, styles and the list of paragraphs; behind these, since 한글 96, a preview.
"""

import struct
from typing import Final

from adapters.formats.findings import loss, reject
from adapters.formats.hwp.hwp3body import Cursor, CutError, Reader, string
from adapters.formats.hwp.reading import Reading, inflate_first

SIGNATURE: Final = b"HWP Document File V"
_HEAD, _INFO, _SUMMARY = 30, 128, 1008
_ENCRYPTED, _COMPRESSED, _BLOCK = 96, 124, 126
_PREVIEW: Final = b"\x02\x00\x00\x80"
_MOST_PREVIEW: Final = 65_536
_FONT, _STYLE, _LANGUAGES = 40, 238, 7


def read(data: bytes, reading: Reading) -> None:
    """Read a file into the reading. Raises FormatError only for `hwp-too-large`."""
    reading.kind = "hwp3"
    reading.version = data[len(SIGNATURE) : len(SIGNATURE) + 4].decode("ascii", "replace")
    if not reading.version.startswith("3"):
        reading.say(reject("hwp-version-old", version=reading.version))
        return
    info = data[_HEAD : _HEAD + _INFO]
    if len(info) < _INFO:
        reading.say(reject("hwp-unreadable", reason="header"))
        return
    encrypted, (compressed,) = struct.unpack_from("<H", info, _ENCRYPTED)[0], info[_COMPRESSED : _COMPRESSED + 1]
    if encrypted:
        reading.flags.add("encrypted")
        reading.say(reject("hwp-encrypted", protection="password"))
        return
    (block,) = struct.unpack_from("<H", info, _BLOCK)
    body = data[_HEAD + _INFO + _SUMMARY + block :]
    tail = body
    if compressed:
        body, tail = inflate_first(body, reading, "body")
    else:
        reading.spend(len(body))
    reading.preview = _preview(tail, reading)
    reader = Reader(reading)
    try:
        cursor = Cursor(body)
        for _ in range(_LANGUAGES):
            cursor.skip(cursor.word() * _FONT)
        cursor.skip(cursor.word() * _STYLE)
    except CutError:
        reading.damaged("body", "cut")
        return
    reading.sections.append(tuple(reader.paragraphs(cursor)))
    if reader.unknown:
        reading.say(loss("hwp-character-unknown", count=str(reader.unknown)))


def _preview(tail: bytes, reading: Reading) -> str | None:
    """Find the block of the preview's text (table 30) among those behind the body."""
    at = tail.rfind(_PREVIEW)
    if at < 0 or len(tail) < at + 8:
        return None
    (length,) = struct.unpack_from("<I", tail, at + 4)
    if len(tail) < at + 8 + length:
        reading.damaged("preview", "cut")
    raw = tail[at + 8 : at + 8 + min(length, _MOST_PREVIEW)]
    return string(raw) or None

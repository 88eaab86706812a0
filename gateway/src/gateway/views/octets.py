r"""Bytes for people: rows of offset, hex and decoded characters; and a text form of bytes that can be edited and turned back.

In the text form every character the code page can read stands for itself, every other byte as ``\xHH``, a backslash as two of them;
so the way there and back is exact for any bytes and any code page.
"""

import codecs
import re
from dataclasses import dataclass

WIDTH = 16
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|(\\))")
# Names legacy systems use for what Python calls otherwise.
_ALIASES = {
    "ksc5601": "cp949",
    "ks_c_5601-1987": "cp949",
    "uhc": "cp949",
    "ms949": "cp949",
    "johab": "johab",
    "": "utf-8",
}


@dataclass(frozen=True, slots=True)
class Octet:
    """One byte. text: the character that begins here, empty inside a character. field: the layout's field, empty outside."""

    hex: str
    text: str
    field: str
    readable: bool


@dataclass(frozen=True, slots=True)
class HexRow:
    """Sixteen bytes; offset counts from the start of the file."""

    offset: int
    octets: list[Octet]


def codec(charset: str) -> str:
    """Python's name of a code page; latin-1 when it is unknown, which shows every byte."""
    name = _ALIASES.get(charset.lower(), charset)
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "latin-1"


def hex_rows(raw: bytes, start: int, charset: str, fields: list[tuple[str, int, int]]) -> list[HexRow]:
    """Rows of the record; fields are (name, offset within the record, length)."""
    texts = _characters(raw, codec(charset))
    owners = [""] * len(raw)
    for name, offset, length in fields:
        for index in range(max(0, offset), min(len(raw), offset + length)):
            owners[index] = name
    octets = [
        Octet(f"{byte:02X}", text, owners[i], known)
        for i, (byte, (text, known)) in enumerate(zip(raw, texts, strict=True))
    ]
    return [HexRow(start + at, octets[at : at + WIDTH]) for at in range(0, len(octets), WIDTH)]


def to_text(raw: bytes, charset: str) -> str:
    """The editable text form."""
    out = []
    for (text, readable), byte in zip(_characters(raw, codec(charset)), raw, strict=True):
        if not readable:
            out.append(f"\\x{byte:02X}")
        elif text == "\\":
            out.append("\\\\")
        else:
            out.append(text)
    return "".join(out)


def to_bytes(text: str, charset: str) -> bytes:
    """The bytes of an edited text form. Raises UnicodeEncodeError for a character the code page lacks."""
    name = codec(charset)
    out, at = bytearray(), 0
    for found in _ESCAPE.finditer(text):
        out += text[at : found.start()].encode(name)
        out += bytes.fromhex(found[1]) if found[1] else b"\\"
        at = found.end()
    return bytes(out + text[at:].encode(name))


def _characters(raw: bytes, name: str) -> list[tuple[str, bool]]:
    """One entry per byte: the character beginning there, "" for the rest of it; unreadable bytes are marked False.

    A character counts as read only when it turns back into the very same bytes; control characters except line breaks do not.
    """
    found: list[tuple[str, bool]] = []
    at = 0
    while at < len(raw):
        for length in (1, 2, 3, 4):
            piece = raw[at : at + length]
            text = _read(piece, name)
            if text:
                found.append((text, True))
                found.extend([("", True)] * (length - 1))
                at += length
                break
        else:
            found.append(("", False))
            at += 1
    return found


def _read(piece: bytes, name: str) -> str:
    try:
        text = piece.decode(name)
        same = text.encode(name) == piece
    except UnicodeError:
        return ""
    printable = len(text) == 1 and (text.isprintable() or text == "\n")
    return text if same and printable else ""


def hex_text(raw: bytes, most: int = 24) -> str:
    """Bytes for a cell: pairs of hexadecimal digits, cut with an ellipsis."""
    return raw[:most].hex(" ").upper() + (" …" if len(raw) > most else "")

"""A file to records: fixed length, a length in front of each (RDW, with or without blocks), or a length in the record.

Finds its way back after a length that cannot be: the bytes between are one refused piece, reading goes on behind them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from adapters.formats.findings import Finding, FormatError, reject

Piece = tuple[int, bytes, Finding | None]
_LARGEST = 32_760


@dataclass(frozen=True, slots=True)
class Framing:
    """How records follow one another.

    Attributes:
        length: bytes of every record; 0: each says its own.
        prefix: bytes in front of a record that are no part of it, such as the 4 of a record descriptor word.
        at, width, order: where the length stands, from the first byte of the prefix (or of the record without one).
        extra: what to add to the number to get the bytes of the record behind the prefix: -4 for a descriptor word
            that counts itself, as hosts write it; 0 for one that does not.
        blocks: descriptor words of blocks (big-endian, counting themselves) stand around the records.
        least, most: plausible bytes of a record; they help to find the way back.
        lines: records are lines of text, as a file transfer leaves them; nothing else counts then. Written with LF.

    """

    length: int = 0
    prefix: int = 4
    at: int = 0
    width: int = 2
    order: Literal["big", "little"] = "big"
    extra: int = -4
    blocks: bool = False
    least: int = 1
    most: int = _LARGEST
    lines: bool = False

    def size(self, data: bytes, position: int) -> int:
        """Bytes of the record whose prefix begins at a position, -1 when its length cannot be."""
        start = position + self.at
        word = data[start : start + self.width]
        if len(word) < self.width:
            return -1
        size = int.from_bytes(word, self.order) + self.extra
        return size if self.least <= size <= self.most else -1


HOST = Framing()
LINES = Framing(lines=True)


def split(data: bytes, framing: Framing) -> Iterator[Piece]:
    """Give offset, bytes and, for a piece that is no record, the reason.

    The offset is that of the record's own first byte, behind its prefix.
    """
    if framing.lines:
        return _lines(data)
    if framing.length:
        return _touching(data, framing.length)
    return _blocks(data, framing) if framing.blocks else _chain(data, 0, len(data), framing)


def _lines(data: bytes) -> Iterator[Piece]:
    offset = 0
    for line in data.split(b"\n"):
        raw = line.removesuffix(b"\r")
        if raw.strip(b"\x1a \0"):
            yield offset, raw, None
        offset += len(line) + 1


def _touching(data: bytes, length: int) -> Iterator[Piece]:
    whole = len(data) - len(data) % length
    for offset in range(0, whole, length):
        yield offset, data[offset : offset + length], None
    rest = data[whole:]
    if rest.strip(b"\0\x1a\r\n\x40 "):
        params = {"bytes": str(len(rest)), "expected": str(length)}
        yield whole, rest, reject("record-short", offset=whole, length=len(rest), **params)


def _chain(data: bytes, position: int, end: int, framing: Framing) -> Iterator[Piece]:
    while position < end:
        size = framing.size(data, position)
        start = position + framing.prefix
        if size >= 0 and start + size <= end:
            yield start, data[start : start + size], None
            position = start + size
            continue
        if not data[position:end].strip(b"\0"):
            return
        word = data[position + framing.at : position + framing.at + framing.width].hex().upper()
        after = _way_back(data, position + 1, end, framing)
        reason = reject("record-word-invalid", offset=position, length=after - position, bytes=word)
        if size >= 0 and after == end:
            # The last record ends before its length is over: the file was cut.
            params = {"bytes": str(end - start), "expected": str(size)}
            reason = reject("record-cut", offset=start, length=end - start, **params)
        yield position, data[position:after], reason
        position = after


def _way_back(data: bytes, position: int, end: int, framing: Framing) -> int:
    """Find the next place from which whole records follow to the end, or at least three of them."""
    for start in range(position, end):
        at, seen = start, 0
        while seen < 3 and at < end:
            size = framing.size(data, at)
            if size < 0 or at + framing.prefix + size > end or not _is_word(data, at, framing):
                break
            at += framing.prefix + size
            seen += 1
        if seen == 3 or (seen and at == end):
            return start
    return end


def _is_word(data: bytes, position: int, framing: Framing) -> bool:
    """Tell whether the bytes of the prefix that hold no length are zero, as in a descriptor word."""
    word = data[position : position + framing.prefix]
    return not (word[: framing.at] + word[framing.at + framing.width :]).strip(b"\0")


def _blocks(data: bytes, framing: Framing) -> Iterator[Piece]:
    position = 0
    while position < len(data):
        size = int.from_bytes(data[position : position + 2], "big")
        end = position + size
        if size < 8 or end > len(data):
            word = data[position : position + 4].hex().upper()
            wrong = reject("block-word-invalid", offset=position, length=len(data) - position, bytes=word)
            yield position, data[position:], wrong
            return
        yield from _chain(data, position + 4, end, framing)
        position = end


def join(records: Iterable[bytes], framing: Framing, *, block: int = _LARGEST) -> bytes:
    """Put records into a file.

    Args:
        records: their bytes without prefix; where the length is part of the record, it is overwritten.
        framing: how.
        block: most bytes of a block, its own word counted.

    Raises:
        FormatError: a record is too short or too long for the framing.

    """
    if framing.lines:
        return b"".join(record + b"\n" for record in records)
    framed = [_framed(record, framing) for record in records]
    if not framing.blocks:
        return b"".join(framed)
    out: list[bytes] = []
    held: list[bytes] = []
    for each in [*framed, b""]:
        if held and (not each or 4 + sum(map(len, held)) + len(each) > block):
            body = b"".join(held)
            out.append((len(body) + 4).to_bytes(2, "big") + b"\0\0" + body)
            held = []
        held.append(each)
    return b"".join(out)


def _framed(record: bytes, framing: Framing) -> bytes:
    size = len(record)
    if framing.length:
        if size != framing.length:
            code = "record-short" if size < framing.length else "record-long"
            raise FormatError([reject(code, bytes=str(size), expected=str(framing.length))])
        return record
    if not framing.least <= size <= framing.most or size - framing.extra >= 1 << 8 * framing.width:
        code = "record-short" if size < framing.least else "record-long"
        raise FormatError([reject(code, bytes=str(size), expected=str(framing.most))])
    word = (size - framing.extra).to_bytes(framing.width, framing.order)
    framed = bytearray(bytes(framing.prefix) + record)
    framed[framing.at : framing.at + framing.width] = word
    return bytes(framed)

"""Cuts a file into records by length and line ends, finding its way back after one that is too short or too long."""

from collections.abc import Iterator
from typing import Final

from adapters.formats.findings import Finding, reject
from adapters.formats.fixedwidth.layout import LineEnd

Piece = tuple[int, bytes, Finding | None]
_TAIL: Final = b"\x1a\0\r\n "


def split(data: bytes, length: int, line_end: LineEnd) -> Iterator[Piece]:
    """Give offset, bytes and, for a piece that is no record, the reason (`record-short`, `record-long`)."""
    return _touching(data, length) if line_end == "none" else _lines(data, length)


def _touching(data: bytes, length: int) -> Iterator[Piece]:
    whole = len(data) - len(data) % length
    for offset in range(0, whole, length):
        yield offset, data[offset : offset + length], None
    rest = data[whole:]
    if rest.strip(_TAIL):
        yield whole, rest, _wrong(rest, whole, length)


def _lines(data: bytes, length: int) -> Iterator[Piece]:
    position, size = 0, len(data)
    while position < size:
        end = position + length
        raw = data[position:end]
        after = data[end : end + 2]
        if b"\n" not in raw and (after[:1] == b"\n" or after == b"\r\n"):
            yield position, raw, None
            position = end + (1 if after[:1] == b"\n" else 2)
            continue
        close = data.find(b"\n", position)
        line = data[position:] if close < 0 else data[position:close]
        yield from _odd_line(line, position, length, last=close < 0)
        position = size if close < 0 else close + 1


def _odd_line(line: bytes, offset: int, length: int, *, last: bool) -> Iterator[Piece]:
    line = line.removesuffix(b"\r")
    if last:
        line = line if len(line) == length else line.rstrip(b"\x1a")
        if not line.strip(_TAIL) and len(line) != length:
            return
        line = line.removesuffix(b"\r")
    if len(line) == length:
        yield offset, line, None
    else:
        yield offset, line, _wrong(line, offset, length)


def _wrong(line: bytes, offset: int, length: int) -> Finding:
    code = "record-short" if len(line) < length else "record-long"
    return reject(code, offset=offset, length=len(line), bytes=str(len(line)), expected=str(length))

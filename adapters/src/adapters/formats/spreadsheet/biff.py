"""The records of an xls (BIFF8, BIFF5), walked through before the parser: locks, extents, errors. [MS-XLS] 2.1.4.

The parser makes room for every cell between a sheet's first and last, and for as many texts as the file says it has; and it
gives errors as empty cells. So what is said is held against what is there.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from adapters.formats.findings import FormatError, reject
from adapters.formats.hwp.compound import Compound, NotCompoundError
from adapters.formats.spreadsheet.extent import too_large
from adapters.formats.spreadsheet.workbook import Epoch, Extent, Limits

_EOF, _FORMULA, _FILEPASS, _DATE1904, _DIMENSIONS, _SST, _BOOLERR = 0x0A, 0x6, 0x2F, 0x22, 0x200, 0xFC, 0x205
_BOUNDSHEET: Final = 0x85
_SMALLEST_BOUND: Final = 6
_WIDE_DIMENSIONS: Final = 14
# NUMBER, RK, LABELSST, LABEL, RSTRING, MULRK, FORMULA, BOOLERR: row and column stand first in each.
_CELLS: Final = frozenset({0x203, 0x27E, 0xFD, 0x204, 0xD6, 0xBD, _FORMULA, _BOOLERR})
_MULRK: Final = 0xBD
_SHOWN: Final = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
_SMALLEST_TEXT: Final = 3
_MOST_ROWS, _MOST_COLUMNS = 65_536, 256
_head, _short, _long = (
    struct.Struct("<HH").unpack_from,
    struct.Struct("<H").unpack_from,
    struct.Struct("<I").unpack_from,
)


@dataclass(frozen=True, slots=True)
class Walked:
    """What the records say. extents: of all sheets, charts too, in the book's order."""

    epoch: Epoch
    extents: Sequence[Extent]


def walked(data: bytes, limits: Limits) -> Walked:
    """Walk through the records. Raises FormatError: `sheet-unreadable`, `sheet-too-large`, `sheet-locked`."""
    stream = _stream(data)
    epoch: Epoch = 1900
    starts: list[int] = []
    try:
        for kind, body, length in _records(stream, 0):
            if kind == _FILEPASS:
                raise FormatError([reject("sheet-locked")])
            if kind == _DATE1904 and stream[body] == 1:
                epoch = 1904
            elif kind == _SST and _long(stream, body + 4)[0] > len(stream) // _SMALLEST_TEXT:
                raise FormatError([reject("sheet-unreadable", reason="SST")])
            elif kind == _BOUNDSHEET and length >= _SMALLEST_BOUND:
                starts.append(_long(stream, body)[0])
                if starts[-1] + 4 > len(stream):
                    raise FormatError([reject("sheet-unreadable", reason="BOUNDSHEET")])
        return Walked(epoch, [_sheet(stream, start, limits) for start in starts])
    except (struct.error, IndexError):
        raise FormatError([reject("sheet-unreadable", reason="BIFF")]) from None


def _records(stream: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """Give kind, place and length of the records up to the substream's end, or the stream's."""
    end = len(stream)
    while at + 4 <= end:
        kind, length = _head(stream, at)
        if kind == _EOF:
            return
        yield kind, at + 4, length
        at += 4 + length


def _stream(data: bytes) -> bytes:
    """Give the stream of the workbook. Raises FormatError."""
    try:
        container = Compound(data)
    except (NotCompoundError, struct.error, IndexError, OverflowError):
        raise FormatError([reject("sheet-unreadable", reason="OLE2")]) from None
    paths = {path.casefold(): path for path in container.paths}
    if "encryptedpackage" in paths:
        raise FormatError([reject("sheet-locked")])
    for name in ("workbook", "book"):
        if name in paths:
            stream = container.read(paths[name])
            if stream and not container.broken:
                return stream
    known = (
        "HWP 5"
        if "fileheader" in paths
        else "DOC"
        if "worddocument" in paths
        else "PPT"
        if "powerpoint document" in paths
        else "OLE2"
    )
    raise FormatError([reject("sheet-unreadable", reason=known)])


def _sheet(stream: bytes, start: int, limits: Limits) -> Extent:
    """Measure a sheet by the cells there are."""
    tall = wide = -1
    errors: dict[tuple[int, int], str] = {}
    for kind, body, length in _records(stream, start):
        if kind in _CELLS:
            row, column = _head(stream, body)
            tall = max(tall, row)
            wide = max(wide, column if kind != _MULRK else _short(stream, body + length - 2)[0])
            if kind in {_BOOLERR, _FORMULA} and (shown := _error(kind, stream[body : body + length])):
                errors[row, column] = shown
        elif kind == _DIMENSIONS:
            _check_dimensions(stream[body : body + length], limits)
    if (tall + 1) * (wide + 1) > limits.cells:
        raise too_large(limits.cells, "cells")
    return Extent(tall + 1, wide + 1, errors)


def _error(kind: int, body: bytes) -> str:
    """Give what an error cell shows, nothing for other cells. [MS-XLS] 2.4.24, 2.5.133."""
    if kind == _BOOLERR:
        return _SHOWN.get(body[6], "?") if len(body) >= 8 and body[7] == 1 else ""
    # The value of a formula that is no number ends in FFFF; its first byte says what it is: 2 is an error.
    is_error = len(body) >= 14 and body[12:14] == b"\xff\xff" and body[6] == 2
    return _SHOWN.get(body[8], "?") if is_error else ""


def _check_dimensions(body: bytes, limits: Limits) -> None:
    """Hold the extent that is said against what the format can have: the parser makes room for it. Raises FormatError."""
    form = "<IIHH" if len(body) >= _WIDE_DIMENSIONS else "<HHHH"
    top, bottom, left, right = struct.unpack_from(form, body)
    if top > bottom or left > right or bottom > _MOST_ROWS or right > _MOST_COLUMNS:
        raise FormatError([reject("sheet-unreadable", reason="DIMENSIONS")])
    if (bottom - top) * (right - left) > limits.cells:
        raise too_large(limits.cells, "cells")

"""Rows to a dBase III table and its memo file (DBT). What does not fit is refused, never cut."""

import datetime as dt
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final, Literal

from adapters.formats import charset
from adapters.formats.findings import Finding, FormatError, reject, rejected

_BLOCK: Final = 512
_LOGICAL: Final = {"true": b"T", "false": b"F", "": b"?"}
_WIDTHS: Final = {"D": 8, "L": 1, "M": 10}


@dataclass(frozen=True, slots=True)
class WriteColumn:
    """One column. name: at most 10 bytes of CP949. width: bytes; D, L and M have their own.

    Raises:
        ValueError: the name or the width is impossible.

    """

    name: str
    kind: Literal["C", "N", "D", "L", "M"]
    width: int = 0
    decimals: int = 0

    def __post_init__(self) -> None:
        """Refuse what no dBase reads."""
        most = {"C": 254, "N": 20}.get(self.kind, 0)
        if not 1 <= len(self.name.encode("cp949")) <= 10 or "\0" in self.name or self.name != self.name.strip():
            raise ValueError(f"{self.name!r} is no name of a column")
        if (most and not 1 <= self.width <= most) or (self.decimals and self.decimals > self.width - 2):
            raise ValueError(f"{self.name} cannot be {self.width} wide")

    @property
    def size(self) -> int:
        """Bytes in a record."""
        return _WIDTHS.get(self.kind, self.width)


@dataclass(frozen=True, slots=True)
class Written:
    """A table, and its memo file when it has memo columns."""

    table: bytes
    memo: bytes | None


class DbfWriter:
    """Writes tables of the columns. changed: day of the last change, as the head tells it."""

    def __init__(self, columns: Sequence[WriteColumn], changed: dt.date = dt.date(2000, 1, 1)) -> None:
        self._columns = tuple(columns)
        self._changed = changed
        self._memo = any(column.kind == "M" for column in columns)
        if not columns or len({column.name for column in columns}) < len(columns):
            raise ValueError("columns need names of their own")

    def write(self, rows: Iterable[Mapping[str, str | None]]) -> Written:
        """Write records: texts, numbers as digits, days in ISO, `true` and `false`. None is left blank.

        Raises:
            FormatError: `dbf-value-does-not-fit`, `char-unencodable`, `cell-unwritable` (1A, which ends a memo).

        """
        findings: list[Finding] = []
        memos: list[bytes] = []
        blocks = 1
        body: list[bytes] = []
        for row in rows:
            cells = [b" "]
            for column in self._columns:
                data = self._cell(column, row.get(column.name) or "", findings)
                if column.kind == "M":
                    pointer = b""
                    if data:
                        pointer = b"%d" % blocks
                        data += b"\x1a\x1a"
                        memos.append(data.ljust(-(-len(data) // _BLOCK) * _BLOCK, b"\0"))
                        blocks += len(memos[-1]) // _BLOCK
                    data = pointer.rjust(10)
                cells.append(data)
            body.append(b"".join(cells))
        if rejected(findings):
            raise FormatError(findings)
        memo = struct.pack("<I", blocks).ljust(_BLOCK, b"\0") + b"".join(memos) if self._memo else None
        return Written(self._head(len(body)) + b"".join(body) + b"\x1a", memo)

    def _head(self, count: int) -> bytes:
        length = 1 + sum(column.size for column in self._columns)
        start = 33 + 32 * len(self._columns)
        day = (self._changed.year % 100, self._changed.month, self._changed.day)
        out = [struct.pack("<4BIHH17xB2x", 0x83 if self._memo else 0x03, *day, count, start, length, 0x79)]
        for column in self._columns:
            name = column.name.encode("cp949")
            out.append(struct.pack("<11sc4xBB14x", name, column.kind.encode(), column.size, column.decimals))
        return b"".join(out) + b"\r"

    def _cell(self, column: WriteColumn, value: str, findings: list[Finding]) -> bytes:
        """Give the cell's bytes; of a memo its text."""
        if column.kind in "CM":
            data, found = charset.encode_cp949(value, field=column.name)
            findings += found
            if column.kind == "M":
                if b"\x1a" in data:
                    findings.append(reject("cell-unwritable", column.name, value=value))
                return data
            if len(data) <= column.width:
                return data.ljust(column.width)
        else:
            try:
                return _plain(column, value)
            except (ValueError, InvalidOperation):
                pass
        findings.append(reject("dbf-value-does-not-fit", column.name, value=value, width=str(column.size)))
        return b""


def _plain(column: WriteColumn, value: str) -> bytes:
    if column.kind == "L":
        if value not in _LOGICAL:
            raise ValueError(value)
        return _LOGICAL[value]
    if not value:
        return b" " * column.size
    if column.kind == "D":
        day = dt.date.fromisoformat(value)
        return f"{day.year:04}{day.month:02}{day.day:02}".encode()
    exact = Decimal(value)
    text = f"{exact:.{column.decimals}f}"
    if not exact.is_finite() or Decimal(text) != exact or len(text) > column.width:
        raise ValueError(value)
    return text.rjust(column.width).encode()

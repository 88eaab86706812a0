"""What every codec of records has in common: `Row` as it is read, `Cell` beside its bytes, and the protocol `Codec`.

Files of an item -> `Codec.read` -> rows of values by field name -> `canonical.tabular` -> messages; and back by
`Codec.write`. A codec knows bytes, fields and charsets; it knows nothing of agencies, documents or codes.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal, Protocol, runtime_checkable

from adapters.formats.findings import Finding, rejected

# Text as it stands in the cell, or typed where the format itself has types. None and "" are "nothing there".
Value = str | int | Decimal | dt.date | None
Values = Mapping[str, Value]

# Tables of a manifest a row can belong to; others are named by the adapter.
DETAIL: Final = "mapping"
HEADER: Final = "header"
RESULT: Final = "result"


@dataclass(slots=True)
class Row:
    """One record.

    Attributes:
        ordinal: 1 for the first record of the item, headers and refused ones counted; it stands for one record only.
        part: name of the file it stands in. offset: absolute place of its first byte there.
        raw: its bytes, without line end; of a packed file (spreadsheet) the row as text, see the codec.
        values: by field name; a field that is not there may be missing. A header's values hold for the rows behind it.
        findings: what was noticed; offsets are absolute. One of severity reject refuses the record.
        table: the manifest's table its fields stand in.
        places: offset in raw and length of each field, where `Codec.cells` cannot tell (columns in an order of the file's own).

    """

    ordinal: int
    part: str
    offset: int
    raw: bytes
    values: Values
    findings: tuple[Finding, ...] = ()
    table: str = DETAIL
    places: Mapping[str, tuple[int, int]] | None = None


class CutRow(Row):
    """A clean row as its codec cut it: `cells` in the order of the codec's `readers`, values made when somebody asks.

    Whoever can make more of the cells than of the values takes those, and turns to `whole` when one of them is odd.
    """

    __slots__ = ("_again", "_whole", "cells")

    def __init__(
        self,
        ordinal: int,
        part: str,
        offset: int,
        raw: bytes,
        table: str,
        cells: Sequence[Any],
        again: "Callable[[CutRow], Row]",
    ) -> None:
        self.ordinal, self.part, self.offset, self.raw = ordinal, part, offset, raw
        self.findings, self.table, self.places = (), table, None
        self.cells = cells
        self._again = again
        self._whole: Row | None = None

    def whole(self) -> Row:
        """Read the row carefully: with its values, and with what is odd."""
        if self._whole is None:
            self._whole = self._again(self)
            self._whole.ordinal = self.ordinal
        return self._whole

    @property
    def values(self) -> Values:  # type: ignore[override]  # read only
        """Values by field name."""
        return self.whole().values


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of a record beside its bytes.

    offset: from the start of the record. value: as text, None when it is empty or unreadable.
    binary: the bytes are no text whatever they look like.
    """

    name: str
    offset: int
    raw: bytes
    value: str | None
    findings: tuple[Finding, ...] = ()
    binary: bool = False


class Codec(Protocol):
    """One format with one layout. Stateless: it may serve many items at a time."""

    def read(self, parts: Mapping[str, bytes], findings: list[Finding]) -> Iterator[Row]:
        """Read all records of an item.

        Args:
            parts: the item's files by name.
            findings: takes what is noticed about the item as a whole.

        Raises:
            FormatError: nothing of it can be read; from the call or from the first step of the iterator.

        """
        ...

    def settle(self, values: Values, table: str) -> tuple[Values, list[Finding]]:
        """Tell what a reader would find if the values were written, and what is lost or forbidden by writing them."""
        ...

    def write(self, rows: Sequence[tuple[str, Values]], name: str) -> Mapping[str, bytes]:
        """Write an item: table and values of each row; `name`: without extension. Raises FormatError."""
        ...

    def cells(self, raw: bytes, part: str) -> Sequence[Cell]:
        """Show the fields of one record; a short or foreign one shows what there is."""
        ...

    def is_complete(self, names: Sequence[str]) -> bool:
        """Tell whether an item with these file names is whole."""
        ...


@runtime_checkable
class Cutting(Protocol):
    """What a codec may be able to do beside: give clean rows as `CutRow`."""

    def readers(self, table: str) -> Mapping[str, Callable[[Any], Value] | None]:
        """Tell how the cells of the table's cut rows become values, by field in the cells' order.

        None: the cell is the value. A reader raises ValueError, KeyError or TypeError for anything odd.
        """
        ...


RowKind = Literal["record", "header", "deleted", "blank", "end"]


@dataclass(frozen=True, slots=True)
class FlatCell:
    """One cell of a piece. offset: bytes from the start of the row. length: bytes, quotes included. value: None when it has none."""

    name: str
    offset: int
    length: int
    value: str | None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class FlatRow:
    """One piece of a flat file, before its codec makes a `Row` of it. The raw bytes of all pieces joined are the file again.

    Attributes:
        ordinal: 1 for the first record; 0 for pieces that are none (header, blank line, end of file mark).
        offset: absolute place of the first byte. raw: all bytes up to the next row, line end included.
        cells: in the file's order. kind: `record`, or what else it is; a deleted record keeps ordinal and cells.
        findings: about the row and its cells; offsets in them are absolute.

    """

    ordinal: int
    offset: int
    raw: bytes
    cells: tuple[FlatCell, ...] = ()
    findings: tuple[Finding, ...] = ()
    kind: RowKind = "record"

    @property
    def values(self) -> dict[str, str | None]:
        """Text by the cells' names."""
        return {cell.name: cell.value for cell in self.cells if cell.name}

    @property
    def rejected(self) -> bool:
        """Whether the row must not be used."""
        return rejected(self.findings)

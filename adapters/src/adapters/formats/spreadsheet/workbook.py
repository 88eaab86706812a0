"""What a workbook is once read, and how much one may cost. Made by `reading`, used by `rows`."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

# As calamine gives them; "" is an empty cell.
Content = str | int | float | bool | dt.datetime | dt.date | dt.time | dt.timedelta
Epoch = Literal[1900, 1904]
# Row and column from 0: first and last cell of a merged range.
Range = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one workbook may cost.

    Attributes:
        input_bytes: size of the file. unpacked_bytes: all its parts together. parts: of the archive.
        cells: rows by columns of one sheet from its first cell on, as they are held in memory, empty ones too.

    """

    input_bytes: int = 64 * 1024**2
    unpacked_bytes: int = 256 * 1024**2
    parts: int = 2_000
    cells: int = 8_000_000


@dataclass(frozen=True, slots=True)
class Extent:
    """What is looked up in a sheet's own bytes. errors: what is shown, by row and column from 0."""

    rows: int
    columns: int
    errors: Mapping[tuple[int, int], str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. rows: from its first row and column on, all of one length. errors: shown error by row and column from 0."""

    name: str
    hidden: bool
    rows: Sequence[Sequence[Content]]
    merged: Sequence[Range]
    errors: Mapping[tuple[int, int], str]


@dataclass(frozen=True, slots=True)
class Workbook:
    """A workbook. epoch: the system its day numbers count in. others: sheets of another kind (charts, macros) by name."""

    kind: Literal["xlsx", "xls"]
    epoch: Epoch
    sheets: Sequence[Sheet]
    others: Sequence[str] = ()

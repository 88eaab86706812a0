"""What codecs of flat records share: a `Row` of text cells with its place in the file, and the protocol of such a codec.

bytes -> rows -> an adapter's mapping table (`canonical.table`), and the values of rows back to bytes. The raw bytes of all
rows joined are the file again: nothing is skipped in silence.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from adapters.formats.findings import Finding
from adapters.formats.findings import rejected as any_rejected

RowKind = Literal["record", "header", "deleted", "blank", "end"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. offset: bytes from the start of the row. length: bytes, quotes included. value: None when it has none."""

    name: str
    offset: int
    length: int
    value: str | None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One piece of a file.

    Attributes:
        ordinal: 1 for the first record; 0 for pieces that are none (header, blank line, end of file mark).
        offset: absolute place of the first byte. raw: all bytes up to the next row, line end included.
        cells: in the file's order. kind: `record`, or what else it is; a deleted record keeps ordinal and cells.
        findings: about the row and its cells; offsets in them are absolute.

    """

    ordinal: int
    offset: int
    raw: bytes
    cells: tuple[Cell, ...] = ()
    findings: tuple[Finding, ...] = ()
    kind: RowKind = "record"

    @property
    def values(self) -> dict[str, str | None]:
        """Text by the cells' names."""
        return {cell.name: cell.value for cell in self.cells if cell.name}

    @property
    def rejected(self) -> bool:
        """Whether the row must not be used."""
        return any_rejected(self.findings)


class RecordCodec(Protocol):
    """A codec of files of flat records. Pure; an instance holds only its layout."""

    def read(self, data: bytes) -> Iterator[Row]:
        """Give every piece of the file. Raises FormatError when nothing of it can be read."""
        ...

    def write(self, rows: Iterable[Mapping[str, str | None]]) -> bytes:
        """Write records. Raises FormatError when a value cannot be written as it is."""
        ...

    def cells(self, raw: bytes) -> Sequence[Cell]:
        """Show the cells of one row's bytes, as the layout names them."""
        ...

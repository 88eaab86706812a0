"""How a delimited file is laid out, as data: signs, charset, columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Ends = Literal["lines", "nul"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column. titles: further headings that mean it. required: its absence refuses every record."""

    name: str
    titles: tuple[str, ...] = ()
    required: bool = True


@dataclass(frozen=True, slots=True)
class Dialect:
    r"""Signs and columns of a file.

    Attributes:
        columns: in the order they are written; without a header also the order they are read in.
        delimiter: one ASCII sign that is no letter; `\t` for TSV, NUL for NUL-separated cells.
        quote: one sign, or empty when cells are never quoted.
        ends: records end with line ends (CRLF, LF, CR), or each with a NUL.
        charset: `cp949` or `utf-8`; a byte order mark, and bytes that are plainly UTF-8, are believed more.
        header: the first row holds the headings, in any order.
        guard: cells that a spreadsheet would run as a formula are written behind an apostrophe, and read without it.
        mark: a byte order mark is written before UTF-8.
        newline: what ends a written line. quote_all: every cell is quoted when written, not only those that need it.

    Raises:
        ValueError: signs that could be half of a Korean letter, or that cannot be told apart.

    """

    columns: Sequence[Column]
    delimiter: bytes = b","
    quote: bytes = b'"'
    ends: Ends = "lines"
    charset: Literal["cp949", "utf-8"] = "cp949"
    header: bool = True
    guard: bool = True
    mark: bool = True
    newline: Literal["crlf", "lf"] = "crlf"
    quote_all: bool = False

    def __post_init__(self) -> None:
        """Refuse what could not be read back."""
        stops = b"\0" if self.ends == "nul" else b"\r\n"
        signs = (self.delimiter, self.quote) if self.quote else (self.delimiter,)
        for sign in signs:
            # Second halves of CP949 letters are 41-5A, 61-7A, 81-FE: other ASCII signs always stand for themselves.
            if len(sign) != 1 or not sign.isascii() or sign.isalnum() or sign in stops:
                raise ValueError(f"{sign!r} cannot part cells")
        names = [column.name for column in self.columns]
        if self.quote == self.delimiter or not names or "" in names or len(set(names)) < len(names):
            raise ValueError("columns need names of their own, signs must differ")

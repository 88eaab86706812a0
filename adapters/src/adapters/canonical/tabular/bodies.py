"""The body of a document composed of a record: a text of the XHTML subset with the record's fields in braces.

`<p>1. {title}에 관하여 다음과 같이 요청합니다.</p>`; a field that is empty stands as `-`, numbers and days as official documents
write them (시행규칙 2: 2026. 5. 6., 113,560). `{text|title}` takes the first that is not empty; `{amount:won}` writes an amount
in figures and letters (금113,560원(금일십일만삼천오백육십원)), `{works:kinds}` what a code means in the table of codes `kinds`,
`{report:lines}` a text of several lines, each a paragraph of its own, `{budget:rows 3}` one whose lines are rows of a table,
their cells parted by tabs, those of the third column written as numbers.
There is no way back: what was composed is composed again from what is read back, and a body that somebody changed since is
noticed by comparing.
"""

import datetime as dt
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any, Final

from adapters.canonical.tabular import dates
from adapters.canonical.won import won
from adapters.formats.rows import Values
from adapters.formats.xmltext import text, without_controls

_FIELD: Final = re.compile(r"\{([^{}]+)\}")
_DAY: Final = dates.writer("YYYY. M. D.")
_MOMENT: Final = dates.writer("YYYY. M. D. hh:mm")
_EMPTY: Final = "-"
_ROWS: Final = "rows"


@dataclass(frozen=True, slots=True)
class Piece:
    """A place in the text for a value.

    names: fields, the first of which that is not empty is said. indexes: of their plain values, -1 for a field that stands
    as in the file. said: value to text of XML. after: the text up to the next place. empty: what is said of nothing.
    """

    names: tuple[str, ...]
    indexes: tuple[int, ...]
    said: Callable[[Any], str]
    after: str
    empty: str = _EMPTY

    def one(self, value: Any) -> str:
        """Say a value."""
        if type(value) is int:
            return (
                won(value) if self.said is _won else f"{value:,}" if self.said is _said else self.said(value)
            ) + self.after
        return (self.empty if value is None or value == "" else self.said(value)) + self.after

    def of(self, values: Sequence[Any]) -> str:
        """Say the first value that is not empty."""
        for value in values:
            if value is not None and value != "":
                return self.said(value) + self.after
        return self.empty + self.after


class Body:
    """A template made ready.

    Args:
        template: text of the subset.
        fields: index of each field's plain value; coded ones, which stand as in the file, are not among them.
        codes: the manifest's tables of codes.

    Raises:
        ValueError: a value is to be said in a way that there is none of.

    """

    def __init__(
        self, template: str, fields: Mapping[str, int], codes: Mapping[str, Mapping[str, str]] | None = None
    ) -> None:
        parts = _FIELD.split(template.strip())
        self.first = parts[0]
        self.pieces = [
            _piece(asked, fields, codes or {}, after) for asked, after in zip(parts[1::2], parts[2::2], strict=True)
        ]

    def of(self, ready: Sequence[Any], values: Values) -> str:
        """Compose the body of a record."""
        out = [self.first]
        for piece in self.pieces:
            named = zip(piece.names, piece.indexes, strict=True)
            out.append(piece.of([values.get(name) if index < 0 else ready[index] for name, index in named]))
        return "".join(out)


def _piece(asked: str, fields: Mapping[str, int], codes: Mapping[str, Mapping[str, str]], after: str) -> Piece:
    said, how = asked, ""
    # A field's own name may have a colon in it.
    if asked not in fields and ":" in asked:
        said, _, how = asked.rpartition(":")
    names = (said,) if said in fields else tuple(said.split("|"))
    ways: dict[str, Callable[[Any], str]] = {"": _said, "won": _won, "lines": _lines}
    rows, *counted = how.split(" ")
    if rows == _ROWS and all(map(str.isdecimal, counted)):
        ways[how] = partial(_rows, frozenset(map(int, counted)))
    if how not in ways and how not in codes:
        raise ValueError(f"body: {{{asked}}}: {how} is neither won, lines, rows nor a table of codes")
    way = ways.get(how)
    if way is None:
        meanings = codes[how]

        def way(value: Any) -> str:
            return text(meanings.get(str(value), str(value)))

    empty = way(_EMPTY) if rows == _ROWS else _EMPTY
    return Piece(names, tuple(fields.get(name, -1) for name in names), way, after, empty)


def _won(value: object) -> str:
    return won(value) if isinstance(value, int) else _said(value)


def _lines(value: object) -> str:
    if not isinstance(value, str):
        return _said(value)
    return "</p><p>".join(_said(line.rstrip()) for line in value.splitlines() if line.strip())


def _rows(counted: Collection[int], value: object) -> str:
    lines = [line.split("\t") for line in str(value).splitlines() if line.strip()]
    cells = (
        "".join(
            f"<td>{_counted(cell) if number in counted else _said(cell)}</td>" for number, cell in enumerate(line, 1)
        )
        for line in lines
    )
    return "".join(f"<tr>{row}</tr>" for row in cells)


def _counted(cell: str) -> str:
    whole = cell.removeprefix("-")
    return _said(int(cell) if whole.isascii() and whole.isdecimal() else cell)


def _said(value: object) -> str:
    if isinstance(value, str):
        return text(value if value.isprintable() else without_controls(value))
    if type(value) is int:
        return f"{value:,}"
    if type(value) is Decimal:
        return f"{value:,}"
    if isinstance(value, dt.datetime):
        return _MOMENT(value)
    if isinstance(value, dt.date):
        return _DAY(value)
    return f"{value:,}" if isinstance(value, int) else text(str(value))

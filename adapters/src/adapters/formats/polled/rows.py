"""Rows of tables as the rows all record codecs share: an item is one row, with the rows of tables below it as lists.

{"REQ_NO": "A1          ", "TITL": "…", "APPR_LINE": [{"REQ_NO": …, "LINE_SEQ": "1", …}]} <-> values by column.
The bytes are what the transport made of the row, so nothing of it is lost before the mapping in force reads it.
"""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from adapters.formats.findings import Finding, FormatError, loss, reject
from adapters.formats.polled.column import Column
from adapters.formats.polled.places import places
from adapters.formats.rows import Cell, Row, Values

_END: Final = ".json"
_Line = dict[str, str | None]
_Read = dict[str, str | list[_Line] | None]


@dataclass(frozen=True, slots=True)
class Lines:
    """A table below: its rows belong to one row of the table above.

    Attributes:
        columns: what its rows say. join: its columns that repeat the key of the row above, by that row's column.
        order: its column that numbers the lines, filled in when written. count: column above that says how many there are.

    """

    columns: tuple[Column, ...]
    join: Mapping[str, str]
    order: Column
    count: Column | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """One table. columns: as they are written; read rows may have others. lines: tables below. unused: known, and not read."""

    columns: tuple[Column, ...]
    lines: Mapping[str, Lines]
    unused: frozenset[str] = frozenset()


class PolledRows:
    """The codec of rows of one or more tables; the columns of a row tell which table it is of.

    Args:
        layouts: by table of the manifest.

    """

    def __init__(self, layouts: Mapping[str, Layout]) -> None:
        self._layouts = dict(layouts)
        self._known = {table: _known(layout) for table, layout in layouts.items()}

    def read(self, parts: Mapping[str, bytes], findings: list[Finding]) -> Iterator[Row]:
        """Read the rows, each file one. Raises FormatError for what is no row, or one without a column it needs."""
        for ordinal, (part, data) in enumerate(sorted(parts.items()), 1):
            given = _row_of(part, data)
            table = self._table(given)
            noticed: list[Finding] = []
            named = self._named(table, given, part, findings)
            values = self._values(self._layouts[table], named, noticed)
            yield Row(ordinal, part, 0, data, values, _placed(noticed, data), table)

    def _table(self, given: _Read) -> str:
        """Tell the table: that of which most columns are there."""
        names = {name.casefold() for name in given}
        return max(self._known, key=lambda table: len(names & self._known[table].keys()))

    def _named(self, table: str, given: _Read, part: str, findings: list[Finding]) -> _Read:
        """Give the values under the manifest's names. Raises FormatError for columns that are missing or there twice."""
        layout, known = self._layouts[table], self._known[table]
        out: _Read = {}
        problems = []
        for place, (name, value) in enumerate(given.items(), 1):
            plain = known.get(name.casefold())
            if plain is None:
                if name.casefold() not in layout.unused and value not in (None, "", []):
                    findings.append(loss("column-extra", name, place=str(place)))
            elif plain in out:
                problems.append(reject("column-twice", plain, title=name))
            else:
                out[plain] = value
        needed = [*(each.name for each in layout.columns if each.needed), *layout.lines]
        problems += [reject("column-missing", each, title=each) for each in needed if each not in out]
        for name, value in out.items():
            if isinstance(value, list) != (name in layout.lines):
                problems.append(reject("row-unreadable", name, name=part, reason=name))
        if problems:
            raise FormatError(problems)
        # Nothing is refused for these, but nobody must believe that the column was empty.
        counts = [lines.count.name for lines in layout.lines.values() if lines.count is not None]
        optional = [*(each.name for each in layout.columns), *counts]
        findings += [loss("column-missing", each, title=each) for each in optional if each not in out]
        for name, lines in layout.lines.items():
            findings += _line_columns(name, lines, out[name], layout.unused)
        return out

    def _values(self, layout: Layout, named: Mapping[str, Any], findings: list[Finding]) -> dict[str, Any]:
        values: dict[str, Any] = {each.name: each.read(named.get(each.name), findings) for each in layout.columns}
        for name, lines in layout.lines.items():
            values[name] = _lines(name, lines, named.get(name) or [], named, findings)
        return values

    def settle(self, values: Values, table: str) -> tuple[Values, list[Finding]]:
        """Write the values and read them again."""
        findings: list[Finding] = []
        layout = self._layouts[table]
        written = self._written(layout, values, findings)
        read = self._values(layout, written, [])
        return read, findings

    def write(self, rows: Sequence[tuple[str, Values]], name: str) -> Mapping[str, bytes]:
        """Write rows, each a file of its own. Raises FormatError."""
        out: dict[str, bytes] = {}
        for number, (table, values) in enumerate(rows, 1):
            findings: list[Finding] = []
            written = self._written(self._layouts[table], values, findings)
            if problems := [each for each in findings if each.severity == "reject"]:
                raise FormatError(problems)
            out[f"{name}-{number:04d}{_END}" if len(rows) > 1 else f"{name}{_END}"] = msgspec.json.encode(written)
        return out

    def _written(self, layout: Layout, values: Mapping[str, Any], findings: list[Finding]) -> _Read:
        out: _Read = {each.name: each.write(values.get(each.name), findings) for each in layout.columns}
        for name, lines in layout.lines.items():
            entries = values.get(name) or ()
            if lines.count is not None:
                out[lines.count.name] = lines.count.write(len(entries), findings)
            out[name] = [
                {below: _text(out.get(above)) for below, above in lines.join.items()}
                | {lines.order.name: lines.order.write(number, findings)}
                | {each.name: each.write(entry.get(each.name), findings) for each in lines.columns}
                for number, entry in enumerate(entries, 1)
            ]
        return out

    def cells(self, raw: bytes, part: str) -> Sequence[Cell]:
        """Show the values of a row; a damaged one shows what there is."""
        del part
        found = list(places(raw))
        names = {each.name.casefold() for each in found if not each.path}
        known = max(self._known.values(), key=lambda each: len(names & each.keys()))
        inner = {
            each.name.casefold(): each
            for layout in self._layouts.values()
            for line in layout.lines.values()
            for each in line.columns
        }
        columns = {each.name: each for layout in self._layouts.values() for each in layout.columns}
        out = []
        for each in found:
            name = each.name if each.path else known.get(each.name.casefold(), each.name)
            column = inner.get(name.casefold()) if each.path else columns.get(name)
            noticed: list[Finding] = []
            value = each.value if column is None else column.read(each.value, noticed)
            shown = column.name if column is not None else name
            out.append(Cell(f"{each.path}{shown}", each.offset, each.raw, value, tuple(noticed)))
        return out

    def is_complete(self, names: Sequence[str]) -> bool:
        """Tell whether an item is whole: each row is."""
        return bool(names) and all(name.endswith(_END) for name in names)


def _known(layout: Layout) -> dict[str, str]:
    counts = [lines.count.name for lines in layout.lines.values() if lines.count is not None]
    return {name.casefold(): name for name in (*(each.name for each in layout.columns), *layout.lines, *counts)}


def _row_of(part: str, data: bytes) -> _Read:
    try:
        return msgspec.json.decode(data, type=_Read)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise FormatError([reject("row-unreadable", part, name=part, reason=str(error))]) from None


def _lines(
    name: str,
    lines: Lines,
    given: Sequence[Mapping[str, str | None]],
    above: Mapping[str, Any],
    findings: list[Finding],
) -> list[dict[str, str | None]]:
    """Give the lines in their order, without what only ties them to the row above."""
    numbered = []
    for line in given:
        cells = {each.casefold(): value for each, value in line.items()}
        number = lines.order.read(cells.get(lines.order.name.casefold()), findings)
        # '10' is behind '9', though a column of letters sorts it in front.
        rank = int(number) if number is not None and number.isdecimal() else -1
        numbered.append(
            (rank, {each.name: each.read(cells.get(each.name.casefold()), findings) for each in lines.columns})
        )
    ranks = [rank for rank, _ in numbered]
    if -1 in ranks or len(set(ranks)) != len(ranks):
        findings.append(reject("lines-unordered", name, value=", ".join(map(str, ranks))))
    if lines.count is not None:
        promised = lines.count.read(above.get(lines.count.name), findings)
        if promised is not None and promised != str(len(given)):
            findings.append(reject("lines-differ", name, promised=promised, found=str(len(given))))
    return [values for _, values in sorted(numbered, key=lambda each: each[0])]


def _line_columns(name: str, lines: Lines, given: Any, unused: frozenset[str]) -> list[Finding]:
    """Tell of columns of a table below that nobody knows and that say something, and of known ones that are not there."""
    known = [*(each.name for each in lines.columns), lines.order.name, *lines.join]
    plain = {each.casefold() for each in known}
    places: dict[str, int] = {}
    there: set[str] = set()
    for line in given:
        for place, (column, value) in enumerate(line.items(), 1):
            there.add(column.casefold())
            if column.casefold() not in plain | unused and value not in {None, ""}:
                places.setdefault(column, place)
    extra = [loss("column-extra", f"{name}.{column}", place=str(place)) for column, place in places.items()]
    missing = [each for each in known if given and each.casefold() not in there]
    return extra + [loss("column-missing", f"{name}.{each}", title=each) for each in missing]


def _placed(findings: Sequence[Finding], data: bytes) -> tuple[Finding, ...]:
    """Say where the values stand; of lines the first with a column of the name."""
    if not findings:
        return ()
    where: dict[str, tuple[int, int]] = {}
    for each in places(data):
        where.setdefault(each.name.casefold(), (each.offset, len(each.raw)))
    out = []
    for finding in findings:
        offset, length = where.get((finding.field or "").casefold(), (None, None))
        out.append(dataclasses.replace(finding, offset=offset, length=length))
    return tuple(out)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None

"""Codec of rows of another system's tables, out of a manifest: its `[layout]` and its tables of fields.

Each entry says how its column is stored: `stored = "CHAR(8)"`, `"VARCHAR(200)"`, `"NUMERIC(15,2)"`, `"DATE"`, `"TIMESTAMP"`, `"CLOB"`
(Oracle's words, too), `right = true` when blanks stand in front, `nulls` what means nothing there. `[layout]`: `measure` (what
widths count: `characters`, or bytes in `cp949` or `utf-8`), `unused` (columns that nobody has to be told of).
`[layout.lines.NAME]` says of a table below, whose entries the record `repeats`: `join` (its columns by those above), `order`
(the column that numbers its rows) and `count` (the column above that says how many there are).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from adapters.canonical.tabular.groups import tables_of
from adapters.canonical.tabular.layouts import tables
from adapters.formats.polled import Column, Layout, Lines, PolledRows, column
from adapters.formats.rows import DETAIL
from adapters.manifest import Manifest


def polled(manifest: Manifest) -> PolledRows:
    """Make the codec. Raises ValueError, KeyError or TypeError when the layout is none."""
    layout = manifest.tables.get("layout", {})
    measure = layout.get("measure", "characters")
    unused = frozenset(map(str.casefold, layout.get("unused", ())))
    repeats = {each.get("table", DETAIL): each.get("repeats", {}) for each in manifest.tables.get("record", ({},))}
    return PolledRows(
        {
            table: Layout(
                _columns(entries, measure),
                {
                    name: _lines(manifest.tables[below], layout["lines"][name], measure)
                    for name, (below, times) in tables_of(repeats.get(table, {})).items()
                    if not times
                },
                unused,
            )
            for table, entries in tables(manifest).items()
        }
    )


def _columns(entries: Iterable[Mapping[str, Any]], measure: Any) -> tuple[Column, ...]:
    return tuple(
        column(
            each["field"],
            each["stored"],
            measure,
            right=bool(each.get("right")),
            nulls=each.get("nulls", ()),
            needed=bool(each.get("required")),
        )
        for each in entries
    )


def _lines(entries: Iterable[Mapping[str, Any]], said: Mapping[str, Any], measure: Any) -> Lines:
    return Lines(
        _columns(entries, measure),
        said["join"],
        column(said["order"]["field"], said["order"]["stored"], measure, right=bool(said["order"].get("right"))),
        column(said["count"]["field"], said["count"]["stored"], measure) if "count" in said else None,
    )

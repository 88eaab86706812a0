"""Codecs of records out of a manifest: its `[layout]` and its tables of fields.

`delimited`: delimiter, quote, charset, header, guard, newline, quote_all, footer, pad, extension, files (pattern by table).
`marked`: the same with `marks` (first cell of a line by table), `mixed = true`: all tables go out in one file.
"""

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any, Final

from adapters.canonical.tabular.groups import NUMBER, tables_of
from adapters.formats.delimited import Column, DelimitedRows, Dialect, MarkedRows
from adapters.formats.rows import DETAIL, HEADER
from adapters.manifest import Manifest

_SIGNS: Final = ("header", "guard", "mark", "newline", "quote_all", "ends")


def tables(manifest: Manifest) -> dict[str, tuple[Mapping[str, Any], ...]]:
    """Give the entries of each table of records, by its name, those of numbered columns behind the others."""
    out: dict[str, tuple[Mapping[str, Any], ...]] = {}
    for record in manifest.tables.get("record", ({},)):
        name = record.get("table", DETAIL)
        entries = list(manifest.mapping if name == DETAIL else manifest.tables[name])
        for table, times in tables_of(record.get("repeats", {})).values():
            entries += [
                {**each, "field": each["field"].replace(NUMBER, str(number)), "required": False}
                for number in range(1, times + 1)
                for each in manifest.tables[table]
            ]
        out[name] = tuple(entries)
    return out


def delimited(manifest: Manifest) -> DelimitedRows:
    """Make the codec of delimited files. Raises ValueError, KeyError or TypeError when the layout is none."""
    layout = manifest.tables.get("layout", {})
    return DelimitedRows(
        dialects(manifest),
        files=layout.get("files", {}),
        footer=layout.get("footer", ""),
        pad=layout.get("pad", False),
        extension=layout.get("extension", "csv"),
    )


def marked(manifest: Manifest) -> MarkedRows:
    """Make the codec of delimited files whose lines name their kind. Raises ValueError, KeyError or TypeError as above.

    The layout's `marks` give the first cell of the lines of each table, the header's too.
    """
    layout = manifest.tables["layout"]
    found = dialects(manifest)
    if HEADER in layout["marks"]:
        found[HEADER] = dataclasses.replace(next(iter(found.values())), columns=columns(manifest.tables[HEADER]))
    return MarkedRows(found, layout["marks"], footer=layout.get("footer", ""), extension=layout.get("extension", "txt"))


def dialects(manifest: Manifest) -> dict[str, Dialect]:
    """Make the dialect of each table."""
    layout = manifest.tables.get("layout", {})
    signs = {key: layout[key] for key in _SIGNS if key in layout}
    charset: Any = "utf-8" if manifest.charset.startswith("utf-8") else "cp949"
    delimiter, quote = layout.get("delimiter", ",").encode("ascii"), layout.get("quote", '"').encode("ascii")
    return {
        table: Dialect(columns(entries), delimiter, quote, charset=charset, **signs)
        for table, entries in tables(manifest).items()
    }


def columns(entries: Iterable[Mapping[str, Any]]) -> tuple[Column, ...]:
    """Make the columns of a table: `field` is the heading, `names` are others that mean the same."""
    return tuple(Column(each["field"], tuple(each.get("names", ())), bool(each.get("required"))) for each in entries)

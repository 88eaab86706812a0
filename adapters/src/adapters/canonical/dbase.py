"""Codec of dBase tables with memo files, out of a manifest: its `[layout]` and its tables of fields.

Each entry says how its column is stored: `stored = "C20"`, `"N12"`, `"N12.2"`, `"D"`, `"L"` or `"M"`. Days are given as ISO 8601
writes them, logical values as `true` and `false`. `[layout]`: `files` (pattern by table), `charset` (codec to believe more
than the table's own byte).
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, cast

from adapters.canonical.tabular.layouts import tables
from adapters.formats.dbf import DbfRows, Layout, WriteColumn
from adapters.manifest import Manifest

_STORED: Final = re.compile(r"([CNDLM])(?:([0-9]{1,3})(?:\.([0-9]{1,2}))?)?")


def dbase(manifest: Manifest) -> DbfRows:
    """Make the codec. Raises ValueError, KeyError or TypeError when the layout is none."""
    layout = manifest.tables.get("layout", {})
    layouts = {table: _layout(entries) for table, entries in tables(manifest).items()}
    return DbfRows(layouts, files=layout.get("files", {}), charset_override=layout.get("charset", ""))


def _layout(entries: Iterable[Mapping[str, Any]]) -> Layout:
    listed = list(entries)
    return Layout(
        tuple(_column(each) for each in listed),
        frozenset(each["field"] for each in listed if each.get("required")),
    )


def _column(entry: Mapping[str, Any]) -> WriteColumn:
    found = _STORED.fullmatch(entry["stored"])
    if found is None:
        raise ValueError(f"{entry['field']}: stored = {entry['stored']!r} is no column")
    kind, width, decimals = found.groups()
    return WriteColumn(entry["field"], cast("Any", kind), int(width or 0), int(decimals or 0))

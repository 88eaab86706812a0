"""Codecs of records out of a manifest: its `[layout]` and its tables of fields.

`delimited`: delimiter, quote, charset, header, guard, newline, quote_all, footer, pad, extension, files (pattern by table).
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from adapters.formats.delimited import Column, DelimitedRows, Dialect
from adapters.formats.rows import DETAIL
from adapters.manifest import Manifest

_SIGNS: Final = ("header", "guard", "mark", "newline", "quote_all", "ends")


def tables(manifest: Manifest) -> dict[str, tuple[Mapping[str, Any], ...]]:
    """Give the entries of each table of records, by its name."""
    names = [each.get("table", DETAIL) for each in manifest.tables.get("record", ({},))]
    return {name: manifest.mapping if name == DETAIL else tuple(manifest.tables[name]) for name in names}


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

"""Codec of spreadsheets (xlsx, xls), out of a manifest: its `[layout]` and its tables of fields. Answers are written as xlsx.

`field` is the heading, `names` are others that mean the same; the row with most of them is found below whatever stands above.
`kind = "digits"` or `"code"` with `width = 7`: a number that lost its zeros gets them back, which is told (`zeros-restored`).
`[layout]`: `files` (pattern of the file's name by table), `sheet` (pattern of the sheet's name, one or by table; hidden sheets
are read only when named), `epoch` (1904 or 1900, where the book says it wrong), `footer` (how the row below the table begins).
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from adapters.canonical.tabular.dates import SERIAL
from adapters.canonical.tabular.layouts import tables
from adapters.formats.spreadsheet import Column, Kind, Layout, SpreadsheetRows
from adapters.manifest import Manifest

_KINDS: Final[Mapping[str, Kind]] = {
    "code": "code",
    "digits": "digits",
    "number": "number",
    "amount": "number",
    "day": "day",
    "moment": "day",
}


def spreadsheet(manifest: Manifest) -> SpreadsheetRows:
    """Make the codec. Raises ValueError, KeyError or TypeError when the layout is none."""
    layout = manifest.tables.get("layout", {})
    sheets = layout.get("sheet", "")
    epoch = layout.get("epoch")
    if epoch not in {None, 1900, 1904}:
        raise ValueError(f"epoch {epoch} is neither 1900 nor 1904")
    return SpreadsheetRows(
        {
            table: Layout(_columns(entries), sheets if isinstance(sheets, str) else sheets.get(table, ""))
            for table, entries in tables(manifest).items()
        },
        files=layout.get("files", {}),
        epoch=epoch,
        footer=layout.get("footer", ""),
    )


def _columns(entries: Iterable[Mapping[str, Any]]) -> tuple[Column, ...]:
    return tuple(
        Column(
            each["field"],
            tuple(each.get("names", ())),
            bool(each.get("required")),
            # Words of a table of codes are kept as they are keyed.
            "code" if "codes" in each and "kind" not in each else _KINDS.get(each.get("kind", "text"), "text"),
            each.get("width", 0),
            frozenset(len(form) for form in each.get("forms", ()) if form.isalpha() and form != SERIAL),
        )
        for each in entries
    )

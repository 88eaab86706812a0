"""Field tables of a manifest to a `Layout` of the fixed-width codec, and that codec for the table engine.

`[layout]`: record_length, line_end, eof_mark, marker_offset, marker_width, `marks` (what each table's records are known by:
header, mapping and others, trailer), `sums` (fields of the closing record: `count`, `total`, and the field `of` it is the sum of).
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from adapters.formats.fixedwidth import Field, FixedRows, Layout, RecordKind, Sums
from adapters.formats.rows import DETAIL, HEADER
from adapters.manifest import Manifest

# Keys of an entry that the codec takes as they stand.
_PLAIN: Final = ("offset", "width", "kind", "charset", "align", "required", "pattern", "pivot", "scale", "sign")
# Days and moments of the table engine are one kind to the codec.
_DATES: Final = {"day": "YYYYMMDD", "moment": "YYYYMMDDhhmmss"}
_TRAILER, _DETAIL = "trailer", "detail"
# What the codec does on writing, by loss policy: only `substitute` lets something be left behind.
_WRITING: Final[dict[str, dict[str, str]]] = {
    "substitute": {"unencodable": "substitute", "too_long": "cut"},
    "reject": {"unencodable": "reject", "too_long": "reject"},
    "quarantine": {"unencodable": "reject", "too_long": "reject"},
}


def fields(entries: Iterable[Mapping[str, Any]], codes: Mapping[str, Mapping[str, str]]) -> tuple[Field, ...]:
    """Make the codec's fields. `codes`: the manifest's code tables, named by an entry's `codes`."""
    return tuple(_field(entry, codes) for entry in entries)


def record_kind(
    name: Any, role: Any, marker: str, entries: Iterable[Mapping[str, Any]], codes: Mapping[str, Mapping[str, str]]
) -> RecordKind:
    """Make one kind of record."""
    return RecordKind(name, role, marker.encode("ascii"), fields(entries, codes))


def fixed(manifest: Manifest) -> FixedRows:
    """Make the codec of a manifest's fixed-width files. Raises ValueError, KeyError or TypeError when the layout is none."""
    tables, said = manifest.tables, dict(manifest.tables["layout"])
    marks, sums, codes = said.pop("marks"), said.pop("sums", {}), tables.get("codes", {})
    roles = {HEADER: HEADER, _TRAILER: _TRAILER}
    # The records of the one mapping table are what the file is about.
    names = {table: _DETAIL if table == DETAIL else table for table in marks}
    kinds = tuple(
        record_kind(names[table], roles.get(table, _DETAIL), mark, _entries(manifest, table), codes)
        for table, mark in marks.items()
    )
    extension = said.pop("extension", "dat")
    records = {name: table for table, name in names.items() if table != _TRAILER}
    return FixedRows(Layout(kinds=kinds, **said), records, Sums(**sums), extension)


def _entries(manifest: Manifest, table: str) -> Iterable[Mapping[str, Any]]:
    found: Iterable[Mapping[str, Any]] = manifest.mapping if table == DETAIL else manifest.tables[table]
    return found


def _field(entry: Mapping[str, Any], codes: Mapping[str, Mapping[str, str]]) -> Field:
    plain = {key: entry[key] for key in _PLAIN if key in entry}
    if (pattern := _DATES.get(entry.get("kind", ""))) is not None:
        plain["kind"], plain["pattern"] = "date", entry.get("pattern", pattern)
    return Field(
        name=entry["field"],
        nulls=tuple(entry.get("nulls", ())),
        codes=frozenset(codes[entry["codes"]]) if "codes" in entry else frozenset(),
        **_WRITING[entry.get("loss", "substitute")],  # type: ignore[arg-type]  # two words each, checked by the manifest
        **plain,
    )

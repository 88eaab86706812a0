"""Host files for the table engine: a copybook and the manifest's `[layout]` to the codec `HostRows`.

`[layout]`: page; `lines = true` where a transfer has made lines of text of the records, or `framing` (see
`formats.copybook.Framing`), else each has a descriptor word that counts itself; `key` and `kinds` (kind of record by the key's
value) and `tables` (table by kind) where there are several kinds; `trailer` (kind, count, total, of, headed) where one closes
the file; `extension` of written files. Tables within records that a `[[record]]` names in `repeats` stay lists of entries.
"""

from collections.abc import Mapping
from typing import Any

from adapters.canonical.tabular.groups import tables_of
from adapters.formats.copybook import HOST, LINES, Codec, Framing, HostFile, HostRows, Rules, Trailer, parse
from adapters.formats.ebcdic import page
from adapters.formats.rows import DETAIL
from adapters.manifest import Manifest


def host(manifest: Manifest, copybook: str) -> HostRows:
    """Make the codec of a manifest's host files.

    Raises:
        CopybookError: the copybook is none, or lacks what the layout names.
        KeyError, LookupError, TypeError, ValueError: the layout lacks its page, or there is no such page or framing.

    """
    layout = manifest.tables["layout"]
    repeats = _repeats(manifest)
    rules = Rules(page(layout["page"]), substitute=_substitute(manifest, repeats))
    kinds = {record.name: Codec(record, rules) for record in parse(copybook)}
    tables = layout.get("tables", dict.fromkeys(list(kinds)[:1], DETAIL))
    framing = LINES if layout.get("lines") else Framing(**layout["framing"]) if "framing" in layout else HOST
    trailer = Trailer(**layout["trailer"]) if "trailer" in layout else None
    file = HostFile(kinds, framing, key=layout.get("key", ""), values=layout.get("kinds", {}))
    return HostRows(file, tables, trailer, lists=repeats.keys(), extension=layout.get("extension", "dat"))


def _repeats(manifest: Manifest) -> dict[str, set[str]]:
    """Give the tables of entries by the record's field."""
    out: dict[str, set[str]] = {}
    for record in manifest.tables.get("record", ()):
        for field, (table, _) in tables_of(record.get("repeats", {})).items():
            out.setdefault(field, set()).add(table)
    return out


def _substitute(manifest: Manifest, repeats: Mapping[str, set[str]]) -> frozenset[str]:
    """Give the fields whose text may be cut. One rule holds for a name in all records: what one must not lose, none does."""
    named = [record.get("table", DETAIL) for record in manifest.tables.get("record", ({},))]
    entries: list[Mapping[str, Any]] = list(manifest.mapping)
    for table in (
        *(each for each in named if each != DETAIL),
        *(each for tables in repeats.values() for each in tables),
    ):
        entries += manifest.tables[table]
    kept = {entry["field"] for entry in entries if entry.get("loss") != "substitute"}
    return frozenset(entry["field"] for entry in entries) - kept

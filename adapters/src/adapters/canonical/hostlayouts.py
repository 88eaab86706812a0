"""The codec of a manifest's host files: its copybook, page, kinds of records and what closes a file.

`[layout]`: page, key (field that tells the kind), `kinds` (its value to the copybook's record), `tables` (record to the
manifest's table), `trailer` (kind, count, total, of, headed), `framing` (see `formats.copybook.Framing`; default descriptor
words that count themselves), extension. Tables within records that `[[record]]` names in `repeats` stay lists of entries.
"""

from adapters.formats.copybook import HOST, Codec, Framing, HostFile, HostRows, Rules, Trailer, parse
from adapters.formats.ebcdic import page
from adapters.manifest import Manifest


def copybook(manifest: Manifest, text: str) -> HostRows:
    """Make the codec of a manifest's host files.

    Args:
        manifest: with a `[layout]` as above.
        text: the copybook.

    Raises:
        CopybookError: the copybook is none, or lacks what the layout names.
        KeyError, TypeError, ValueError: the layout is none.

    """
    layout, tables = manifest.tables["layout"], manifest.tables
    repeats = {field: table for each in tables.get("record", ()) for field, table in each.get("repeats", {}).items()}
    named = {
        *layout["tables"].values(),
        *(table for each in tables.get("record", ()) for table in each.get("repeats", {}).values()),
    }
    entries = [*manifest.mapping, *(entry for name in named if name in tables for entry in tables[name])]
    losses: dict[str, set[str]] = {}
    for entry in entries:
        losses.setdefault(entry["field"], set()).add(entry.get("loss", "reject"))
    # One rule holds for a name in all records: what one of them must not lose, none does.
    rules = Rules(page(layout["page"]), substitute=frozenset(f for f, said in losses.items() if said == {"substitute"}))
    kinds = {record.name: Codec(record, rules) for record in parse(text, layout.get("form", "fixed"))}
    framing = Framing(**layout["framing"]) if "framing" in layout else HOST
    file = HostFile(kinds, framing, key=layout.get("key", ""), values=layout.get("kinds"))
    trailer = Trailer(**layout["trailer"]) if "trailer" in layout else None
    return HostRows(file, layout["tables"], trailer, lists=repeats, extension=layout.get("extension", "dat"))

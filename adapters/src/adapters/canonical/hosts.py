"""Host files for the table engine: a copybook and the manifest's `[layout]` to the codec `HostRows`.

`[layout]`: page; `lines = true` where a transfer has made lines of text of the records, else each has its descriptor word;
`key` and `kinds` (kind of record by the key's value) and `tables` (table by kind) where there are several kinds.
"""

from adapters.formats.copybook import HOST, LINES, Codec, HostFile, Rules, parse
from adapters.formats.copybook.rows import HostRows
from adapters.formats.ebcdic import page
from adapters.formats.rows import DETAIL
from adapters.manifest import Manifest


def host(manifest: Manifest, copybook: str) -> HostRows:
    """Make the codec of a manifest's host files.

    Raises:
        CopybookError: the copybook is none.
        KeyError, LookupError: the layout lacks its page, or there is no such page.

    """
    layout = manifest.tables["layout"]
    substitute = frozenset(field for field, loss in manifest.loss.items() if loss == "substitute")
    rules = Rules(page(layout["page"]), substitute=substitute)
    kinds = {record.name: Codec(record, rules) for record in parse(copybook)}
    tables = layout.get("tables", dict.fromkeys(list(kinds)[:1], DETAIL))
    framing = LINES if layout.get("lines") else HOST
    return HostRows(HostFile(kinds, framing, key=layout.get("key", ""), values=layout.get("kinds", {})), tables)

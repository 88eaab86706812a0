"""Codec of record files with a control file, out of a manifest: `[layout]` and its tables of fields.

`jobs`: job of each table, as in the names of its files. `control`: values the control file always has. Delimiter and other
signs as for delimited files. A table `header` takes values of the control file, and `unit` and `made` of the files' names.
"""

from adapters.canonical.tabular.layouts import dialects
from adapters.formats.control import ControlledRows
from adapters.formats.rows import HEADER
from adapters.manifest import Manifest


def controlled(manifest: Manifest) -> ControlledRows:
    """Make the codec. Raises ValueError, KeyError or TypeError when the layout is none."""
    layout = manifest.tables["layout"]
    heads = {
        HEADER,
        *(each["header"] for each in manifest.tables.get("record", ()) if isinstance(each.get("header"), str)),
    }
    read = [entry["field"] for head in sorted(heads) for entry in manifest.tables.get(head, ())]
    return ControlledRows(dialects(manifest), layout["jobs"], said=layout.get("control", {}), read=read)

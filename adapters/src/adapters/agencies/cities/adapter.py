"""Approval requests of a city's affairs system and their answers, one row each: delimited files, or spreadsheets.

`family.toml` names the columns, the city's own manifest its headings, order, signs, words and forms.
"""

import dataclasses
import re
from collections.abc import Mapping, Sequence
from typing import Final

from adapters.canonical.spreadsheet import spreadsheet
from adapters.canonical.tabular import TabularAdapter
from adapters.canonical.tabular.layouts import delimited
from adapters.families import headings
from adapters.formats.rows import DETAIL, Codec
from adapters.manifest import Manifest, ManifestError

_PLACE: Final = re.compile(r"\{([a-z_]+)((?::[^{}]*)?)\}")


def create(manifest: Manifest) -> TabularAdapter:
    """Make the adapter of a city's manifest."""
    said = dataclasses.replace(manifest, tables={**manifest.tables, "body": {"text": _body(manifest)}})
    try:
        codec: Codec = spreadsheet(said) if manifest.format in {"xls", "xlsx"} else delimited(said)
    except (ValueError, KeyError, TypeError) as error:
        raise ManifestError(manifest.name, [f"layout: {error}"]) from None
    return TabularAdapter(said, codec)


def _body(manifest: Manifest) -> str:
    """Compose the body of the family's lines: those whose columns a city lacks are left out, several are numbered."""
    fields = headings(manifest.tables, DETAIL)
    told: Sequence[str] = manifest.tables["body"]["lines"]
    lines = [_line(each, fields) for each in told if {name for name, _ in _PLACE.findall(each)} <= fields.keys()]
    numbered = [f"<p>{number}. {line}</p>" for number, line in enumerate(lines, 1)] if len(lines) > 1 else []
    whole = "".join(numbered or [f"<p>{line}</p>" for line in lines])
    return f"{whole.removesuffix('</p>')}  끝.</p>"


def _line(line: str, fields: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda match: f"{{{fields[match[1]]}{match[2]}}}", line)

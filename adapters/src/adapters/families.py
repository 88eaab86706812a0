"""What manifests of one family have in common, and what each says itself: `family.toml` under `adapter.toml`.

The family names columns, once for each table: `[columns.mapping.drafted]`. A member's entry says `like = "drafted"`, its own
heading, and only what is different. Wherever the family means a column (`[[record]]`: key, identity, name) it uses its own
name for it; the member's heading is put there. Of everything else a member's word counts before the family's; lists and tables
of codes are replaced whole, other tables entry by entry.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

_COLUMNS: Final = "columns"
_LIKE: Final = "like"
_CODES: Final = "codes"
_PLACE: Final = re.compile(r"\{([^{}]+)\}")


def layered(own: Mapping[str, Any], family: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Lay a member's manifest over its family's.

    Args:
        own: `adapter.toml`.
        family: `family.toml`.

    Returns:
        the whole manifest, and a sentence for each column that is like none of the family's.

    """
    known: Mapping[str, Mapping[str, Any]] = family.get(_COLUMNS, {})
    problems: list[str] = []
    mine = dict(own)
    for table in known:
        if isinstance(entries := own.get(table), list):
            mine[table] = [_entry(each, known[table], f"{table} {n}", problems) for n, each in enumerate(entries, 1)]
    out = _over(mine, {key: value for key, value in family.items() if key != _COLUMNS})
    # A member's words are all there are: one more from the family would be another way to write the same.
    if _CODES in out:
        out[_CODES] = {**family.get(_CODES, {}), **own.get(_CODES, {})}
    if isinstance(records := out.get("record"), list):
        out["record"] = [_record(each, headings(out, each.get("table", "mapping"))) for each in records]
    return out, problems


def headings(manifest: Mapping[str, Any], table: str) -> dict[str, str]:
    """Give a member's headings of a table by the family's names of the columns."""
    entries = manifest.get(table)
    if not isinstance(entries, list):
        return {}
    return {each[_LIKE]: each["field"] for each in entries if _LIKE in each and "field" in each}


def _entry(
    entry: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]], where: str, problems: list[str]
) -> dict[str, Any]:
    like = entry.get(_LIKE)
    if like is None:
        return dict(entry)
    if like not in known:
        problems.append(f"{where} ({entry.get('field', '?')}): like {like} is none of {', '.join(sorted(known))}")
        return dict(entry)
    return {**known[like], **entry}


def _over(own: Mapping[str, Any], family: Mapping[str, Any]) -> dict[str, Any]:
    out = dict(family)
    for key, value in own.items():
        under = family.get(key)
        out[key] = _over(value, under) if isinstance(value, dict) and isinstance(under, dict) else value
    return out


def _record(record: Mapping[str, Any], fields: Mapping[str, str]) -> dict[str, Any]:
    """Put a member's headings where the family names columns."""

    def said(value: Any) -> Any:
        if isinstance(value, str):
            return _PLACE.sub(lambda match: f"{{{fields.get(match[1], match[1])}}}", value)
        return [fields.get(each, each) for each in value]

    return {key: said(value) if key in {"key", "identity", "name"} else value for key, value in record.items()}

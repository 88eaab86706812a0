"""Field tables of a manifest to a `Layout` of the fixed-width codec."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from adapters.formats.fixedwidth import Field, RecordKind

# Keys of an entry that the codec takes as they stand.
_PLAIN: Final = ("offset", "width", "kind", "charset", "align", "required", "pattern", "pivot", "scale", "sign")
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


def _field(entry: Mapping[str, Any], codes: Mapping[str, Mapping[str, str]]) -> Field:
    plain = {key: entry[key] for key in _PLAIN if key in entry}
    return Field(
        name=entry["field"],
        nulls=tuple(entry.get("nulls", ())),
        codes=frozenset(codes[entry["codes"]]) if "codes" in entry else frozenset(),
        **_WRITING[entry.get("loss", "substitute")],  # type: ignore[arg-type]  # two words each, checked by the manifest
        **plain,
    )

"""A mapping tried: on a sample somebody drops, or on a file that came, beside what was made of it then. Nothing is stored.

item and mapping -> records with their fields beside their bytes, and the loss report; two results -> what differs.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from google.protobuf.json_format import MessageToDict, MessageToJson

from adapters.canonical.forms import BY_TYPE
from adapters.contract import FieldView, Item, Record
from adapters.formats.findings import Finding, FormatError, reject
from adapters.runtime.decoding import Result, Wire, made


@dataclass(frozen=True, slots=True)
class Shown:
    """A record as a person looks at it. message_json: empty when it was refused."""

    ordinal: int
    part: str
    offset: int
    accepted: bool
    fields: Sequence[FieldView]
    message_json: str
    findings: Sequence[Finding]


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of a sample. counts: the first finding of each code, and how many there are."""

    records: Sequence[Shown]
    accepted: int
    refused: int
    counts: Sequence[tuple[Finding, int]]


def try_item(adapter: str, mapping: str, item: Item, limit: int) -> Tried:
    """Runs in a worker. limit: records shown; those that were refused come first, for they are what one looks for."""
    found = made(adapter, mapping)
    try:
        decoded = found.decode(item)
    except FormatError as error:
        return Tried((), 0, 0, _counted(error.findings))
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - a mapping may lead the adapter's code anywhere; the person sees where
        return Tried((), 0, 0, _counted([reject("decode-failed", type=type(error).__name__)]))
    accepted = sum(record.message is not None for record in decoded.records)
    chosen = sorted(decoded.records, key=lambda record: record.message is not None)[:limit]
    every = [*decoded.findings, *(finding for record in decoded.records for finding in record.findings)]
    shown = [_shown(found.fields(record.raw, record.part), record) for record in sorted(chosen, key=_place)]
    return Tried(shown, accepted, len(decoded.records) - accepted, _counted(every))


def _place(record: Record) -> int:
    return record.ordinal


def _shown(fields: Sequence[FieldView], record: Record) -> Shown:
    said = ""
    if record.message is not None:
        said = MessageToJson(record.message, preserving_proto_field_name=True, ensure_ascii=False, indent=1)
    accepted = record.message is not None
    return Shown(record.ordinal, record.part, record.offset, accepted, tuple(fields), said, record.findings)


def _counted(findings: Sequence[Finding]) -> list[tuple[Finding, int]]:
    first: dict[str, Finding] = {}
    for finding in findings:
        first.setdefault(finding.code, finding)
    return [(first[code], count) for code, count in Counter(finding.code for finding in findings).most_common()]


@dataclass(frozen=True, slots=True)
class Difference:
    """One record that two mappings read otherwise. fields: path, before, after; nothing of a refused side."""

    ordinal: int
    before: Wire | None
    after: Wire | None
    fields: Sequence[tuple[str, str, str]]


def differences(before: Result, after: Result) -> Iterator[Difference]:
    """Records that differ, in the order of the file."""
    was = {wire.ordinal: wire for wire in before.records}
    will = {wire.ordinal: wire for wire in after.records}
    for ordinal in sorted({*was, *will}):
        one, other = was.get(ordinal), will.get(ordinal)
        if one and other and (one.type, one.payload) == (other.type, other.payload):
            continue
        fields = list(_changed(_values(one), _values(other)))
        if fields or bool(one and one.type) != bool(other and other.type):
            yield Difference(ordinal, one, other, fields)


def differences_of(before: Wire | None, after: Wire | None) -> list[tuple[str, str, str]]:
    """Path, before and after of every value of one record that changes; all there is when there was nothing before."""
    was, will = _values(before), _values(after)
    return [
        (path, was.get(path, ""), will.get(path, ""))
        for path in sorted({*was, *will})
        if was.get(path, "") != will.get(path, "")
    ]


def _values(wire: Wire | None) -> Mapping[str, str]:
    if wire is None or not wire.type:
        return {}
    message = BY_TYPE[wire.type].FromString(wire.payload)
    return dict(_leaves(MessageToDict(message, preserving_proto_field_name=True), ""))


def _leaves(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _leaves(each, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _leaves(each, f"{path}[{number}]")
    else:
        yield path, str(value)


def _changed(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    if before and after:
        for path in sorted({*before, *after}):
            one, other = before.get(path, ""), after.get(path, "")
            if one != other:
                yield path, one, other

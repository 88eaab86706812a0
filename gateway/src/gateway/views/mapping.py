"""A mapping as people edit it: one row per field of the format, the rest as it stands; and what became of a sample.

TOML text -> rows -> the browser's form -> TOML text again: comments, order and everything that has no cell stay untouched.
"""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import tomlkit
from tomlkit.exceptions import TOMLKitError

from chassis.errors import InvalidError
from gateway.i18n import Reader, marked
from gateway.sentences import Sentence, from_details
from gateway.views.octets import hex_text
from onnara.adapters.v1 import mapping_service_pb2 as pb

CELLS: Final = ("field", "label", "to", "loss")
LOSSES: Final[Mapping[str, str]] = {
    "reject": marked("loss:reject"),
    "quarantine": marked("loss:quarantine"),
    "substitute": marked("loss:substitute"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One field of the format. rest: its other settings as TOML, a line each."""

    number: int
    field: str
    label: str
    to: str
    loss: str
    rest: str


@dataclass(frozen=True, slots=True)
class ShownField:
    """A field beside its bytes."""

    name: str
    label: str
    offset: int
    octets: str
    value: str
    findings: Sequence[Sentence]


@dataclass(frozen=True, slots=True)
class ShownRecord:
    """A record of the sample as the mapping reads it."""

    ordinal: int
    offset: int
    accepted: bool
    fields: Sequence[ShownField]
    message: str
    findings: Sequence[Sentence]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the sample: the loss report, then records. counts: sentence, severity, how often."""

    problems: Sequence[str]
    accepted: int
    refused: int
    counts: Sequence[tuple[Sentence, str, int]]
    records: Sequence[ShownRecord]


def rows_of(text: str) -> list[Row]:
    """The rows of a mapping; none when the text is no TOML, which the trial says in words."""
    try:
        entries = tomlkit.parse(text).get("mapping", [])
    except TOMLKitError:
        return []
    found = []
    for number, entry in enumerate(entries):
        cells = {name: str(entry.get(name, "")) for name in CELLS}
        rest = tomlkit.document()
        for name, value in entry.items():
            if name not in CELLS:
                rest.add(name, value)
        found.append(Row(number, **cells, rest=tomlkit.dumps(rest).strip()))
    return found


def edited(text: str, form: Mapping[str, str]) -> str:
    """The text with the cells of the form in place of its own. Raises InvalidError mapping-cell-invalid."""
    try:
        document = tomlkit.parse(text)
    except TOMLKitError:
        return text
    for number, entry in enumerate(document.get("mapping", [])):
        for name in CELLS:
            value = form.get(f"{name}-{number}")
            if value is not None and value.strip() != str(entry.get(name, "")):
                entry[name] = value.strip()
        rest = form.get(f"rest-{number}")
        if rest is not None:
            _put_rest(entry, rest.replace("\r\n", "\n"), number)
    return tomlkit.dumps(document)


def _put_rest(entry: Any, rest: str, number: int) -> None:
    try:
        wanted = tomlkit.parse(rest)
    except TOMLKitError as error:
        params = {"row": number + 1, "reason": str(error)}
        raise InvalidError("mapping-cell-invalid", params=params, field=f"rest-{number}") from None
    for name in [each for each in entry if each not in CELLS and each not in wanted]:
        del entry[name]
    for name, value in wanted.items():
        if entry.get(name) != value:
            entry[name] = value


def next_version(text: str, version: int) -> str:
    """The text as the next version of its kind; as it is when it is no TOML."""
    try:
        document = tomlkit.parse(text)
    except TOMLKitError:
        return text
    document["mapping_version"] = version
    return tomlkit.dumps(document)


def outcome(reader: Reader, answer: pb.TryMappingResponse) -> Outcome:
    """The trial in words."""
    return Outcome(
        problems=list(answer.problems),
        accepted=answer.accepted,
        refused=answer.refused,
        counts=[(from_details(reader, [each.first])[0], each.severity, each.count) for each in answer.findings],
        records=[_record(reader, each) for each in answer.records],
    )


def _record(reader: Reader, record: pb.TriedRecord) -> ShownRecord:
    return ShownRecord(
        ordinal=record.ordinal,
        offset=record.offset,
        accepted=record.accepted,
        fields=[
            ShownField(
                name=each.name,
                label=each.label,
                offset=each.offset,
                octets=hex_text(each.raw),
                value=each.value,
                findings=from_details(reader, each.findings),
            )
            for each in record.fields
        ],
        message=record.message_json,
        findings=from_details(reader, record.findings),
    )


def changes(before: str, after: str) -> list[tuple[str, str]]:
    """Lines that differ, each with its kind: removed, added, or beside one."""
    kinds = {"-": "removed", "+": "added", " ": "same"}
    lines = list(difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=2))[2:]
    return [("gap", "") if line.startswith("@@") else (kinds[line[0]], line[1:]) for line in lines]

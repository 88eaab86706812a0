"""The mapping table at work: flat values of a format to places in a message (`put`) and back (`take`), entry by entry.

An entry says `field` (name in the format), `to` (dotted path in the message, or `extensions.KEY`), and `as` when the value
is not plain text: `day` (a day as `2026.05.06`, canonical ISO), `moment` (`2026-05-06 10:15:00`, canonical timestamp),
`by-hand` (the adapter's own functions do it; the table only records where it goes).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from google.protobuf.message import Message

from adapters.canonical import moments
from adapters.formats.findings import Finding, loss
from adapters.formats.koreantime import spoken

Values = dict[str, str | None]


@dataclass(frozen=True, slots=True)
class _Entry:
    """One line of the table made ready."""

    field: str
    parent: Callable[[Any], Any]
    leaf: str
    way: str
    extension: str


class Table:
    """One mapping table for one kind of message."""

    def __init__(self, entries: Iterable[Mapping[str, Any]]) -> None:
        self._entries = tuple(_entry(each) for each in entries if each.get("as") != "by-hand")

    def put(self, values: Mapping[str, str | None], message: Message, findings: list[Finding]) -> None:
        """Put the values where the table says. Empty ones leave no trace; unreadable days are noted and left out."""
        for entry in self._entries:
            value = values.get(entry.field)
            if not value:
                continue
            if entry.way == "day":
                day = moments.read_day(value)
                if day is None:
                    findings.append(loss("date-unreadable", entry.field, value=value))
                    continue
                value = day.isoformat()
            if entry.extension:
                entry.parent(message).extensions[entry.extension] = value
            elif entry.way == "moment":
                moment = moments.read_stamp(value)
                if moment is None:
                    findings.append(loss("date-unreadable", entry.field, value=value))
                else:
                    getattr(entry.parent(message), entry.leaf).FromDatetime(moment)
            else:
                setattr(entry.parent(message), entry.leaf, value)

    def take(self, message: Message) -> dict[str, str]:
        """Take the values from where the table says; what is not there is empty."""
        values = {}
        for entry in self._entries:
            if entry.extension:
                value = entry.parent(message).extensions.get(entry.extension, "")
            elif entry.way == "moment":
                parent = entry.parent(message)
                value = ""
                if parent.HasField(entry.leaf):
                    value = spoken(moments.korean(getattr(parent, entry.leaf)))
            else:
                value = getattr(entry.parent(message), entry.leaf)
            if entry.way == "day" and value:
                value = value.replace("-", ".")
            values[entry.field] = value
        return values


def _entry(entry: Mapping[str, Any]) -> _Entry:
    target = entry["to"]
    way = entry.get("as", "text")
    before, inside, key = f".{target}".partition(".extensions.")
    if inside:
        return _Entry(entry["field"], attrgetter(before[1:]) if before else _itself, "", way, key)
    parent, _, leaf = target.rpartition(".")
    return _Entry(entry["field"], attrgetter(parent) if parent else _itself, leaf, way, "")


def _itself(message: Any) -> Any:
    return message

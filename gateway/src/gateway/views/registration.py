"""Registration data (등록정보) as it is shown, changed and compared: value before beside value after (공공기록물법 시행규칙 6).

History entries carry the values of all changed fields in one text each; here they are parted and put into words again.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from gateway.i18n import Reader
from gateway.views.choices import LIMITS, RANGES
from gateway.views.difference import FIELDS
from gateway.views.words import RETENTION, disclosure, word
from onnara.documents.v1 import documents_service_pb2 as pb
from onnara.exchange.v1 import official_document_pb2 as exchange_pb

# How each field's value is written in the history, and the words it may hold.
_WRITTEN: Final[Mapping[str, str]] = {
    "title": r"(.*)",
    "task": r"([^,]*)",
    "disclosure": r"(\d(?: / \d)*(?: / .*)?)",
    "retention": r"(\d*)",
    "reading": r"(\d(?: / \d)?(?: / [\d-]*)?)",
}
_DISCLOSED = re.compile(r"(?P<level>\d)(?P<items>(?: / \d(?!\d))*)(?: / (?P<reason>.*))?", re.DOTALL)
_READING_PARTS = 3


@dataclass(frozen=True, slots=True)
class Change:
    """One field that was changed: its name, and what it was and is in words."""

    field: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Registration:
    """Registration data as a form holds it. task: code. limit_day: ISO 8601, with a limit until a day only."""

    title: str
    task: str
    level: int
    items: tuple[int, ...]
    why_closed: str
    retention: int
    reach: int
    limit: int
    limit_day: str

    def content(self) -> exchange_pb.OfficialDocument:
        """The same as a document's fields."""
        return exchange_pb.OfficialDocument(
            title=self.title,
            task=exchange_pb.Task(code=self.task),
            disclosure=exchange_pb.Disclosure(level=self.level, items=self.items, reason=self.why_closed),  # type: ignore[arg-type]
            retention=self.retention,  # type: ignore[arg-type]
            reading_range=self.reach,  # type: ignore[arg-type]
            reading_limit=self.limit,  # type: ignore[arg-type]
            reading_limit_until=self.limit_day,
        )

    def changed_from(self, other: "Registration") -> list[str]:
        """Names of the fields in which they differ, as the contract calls them."""
        mine, others = self.by_field(), other.by_field()
        return [name for name, value in mine.items() if value != others[name]]

    def by_field(self) -> dict[str, object]:
        """Each field as the contract names it."""
        return {
            "title": self.title,
            "task": self.task,
            "disclosure": (self.level, self.items, self.why_closed),
            "retention": self.retention,
            "reading": (self.reach, self.limit, self.limit_day),
        }


def registration_of(document: pb.Document) -> Registration:
    """What is registered now."""
    content = document.content
    return Registration(
        title=content.title,
        task=content.task.code,
        level=content.disclosure.level,
        items=tuple(content.disclosure.items),
        why_closed=content.disclosure.reason,
        retention=content.retention,
        reach=content.reading_range,
        limit=content.reading_limit,
        limit_day=content.reading_limit_until,
    )


def in_words(reader: Reader, kept: Registration, task_name: str = "") -> dict[str, str]:
    """Each field as a person reads it."""
    shown = kept.content()
    closed = (disclosure(reader, shown.disclosure), kept.why_closed)
    return {
        "title": kept.title,
        "task": " ".join(part for part in (task_name, kept.task) if part),
        "disclosure": " · ".join(part for part in closed if part),
        "retention": word(reader, RETENTION, kept.retention),
        "reading": _reading(reader, kept.reach, kept.limit, kept.limit_day),
    }


def changes_of(reader: Reader, params: Mapping[str, str]) -> list[Change]:
    """What one history entry says was changed, field by field; the texts as they stand where they cannot be parted."""
    names = [each for each in params.get("fields", "").split(", ") if each]
    if not names:
        return []
    was, now = (_parted(params.get(side, ""), names) for side in ("before", "after"))
    if was is None or now is None:
        fields = ", ".join(word(reader, FIELDS, each) for each in names)
        return [Change(fields, params.get("before", ""), params.get("after", ""))]
    return [
        Change(word(reader, FIELDS, name), _value(reader, name, old), _value(reader, name, new))
        for name, old, new in zip(names, was, now, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Amendment:
    """One change of registration data, or its cancelling: when, by whom, why."""

    at: str
    who: str
    reason: str
    cancelled: bool
    changes: list[Change]


def amendments(reader: Reader, history: Iterable[pb.HistoryEntry]) -> list[Amendment]:
    """All changes of registration data, newest first."""
    found = [
        Amendment(
            at=reader.moment(entry.occurred_at, seconds=True),
            who=" ".join(part for part in (entry.actor.position, entry.actor.name) if part),
            reason=entry.params.get("reason", ""),
            cancelled=entry.params.get("act", "") == "cancel-registration",
            changes=changes_of(reader, entry.params),
        )
        for entry in history
        if entry.type == "RegistrationChanged"
    ]
    return found[::-1]


def _parted(text: str, names: list[str]) -> list[str] | None:
    """The values of those fields; None when the text does not look as they are written."""
    if any(name not in _WRITTEN for name in names):
        return None
    found = re.fullmatch(", ".join(_WRITTEN[name] for name in names), text, re.DOTALL)
    return list(found.groups()) if found else None


def _value(reader: Reader, name: str, text: str) -> str:
    if name == "retention" and text:
        return word(reader, RETENTION, int(text))
    if name == "reading":
        reach, limit, day = [*text.split(" / "), "", ""][:_READING_PARTS]
        return _reading(reader, int(reach), int(limit or 0), day)
    disclosed = _DISCLOSED.fullmatch(text) if name == "disclosure" else None
    if disclosed is None:
        return text
    items = [int(each) for each in re.findall(r"\d", disclosed["items"])]
    level = disclosure(reader, exchange_pb.Disclosure(level=int(disclosed["level"]), items=items))  # type: ignore[arg-type]
    return " · ".join(part for part in (level, disclosed["reason"]) if part)


def _reading(reader: Reader, reach: int, limit: int, day: str) -> str:
    return " · ".join(
        part for part in (word(reader, RANGES, reach), word(reader, LIMITS, limit), reader.day(day)) if part
    )

"""Registration data (등록정보) that may be changed afterwards, by the records officer, with date, content and reason kept.

공공기록물법 시행규칙 6. A number is never given back and never used again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date

from chassis.errors import Problem
from documents.domain import disclosure
from documents.domain.submission import LONGEST_TITLE

FIELDS = ("title", "task", "disclosure", "retention", "reading")
"""What callers name; each is one or more attributes."""
RETENTIONS = range(1, 9)
RANGES, LIMITS = range(6), range(4)
UNTIL_DAY = 3
TEXTS = frozenset({"title", "disclosure"})
"""Fields with words in them: the history holds their hashes."""
SOURCE = "공공기록물법 시행규칙 제6조"


@dataclass(frozen=True, slots=True)
class Attributes:
    """Registration data of one document. disclosure: level, items, reason. reading: range, limit, day."""

    title: str
    task_code: str
    disclosure: tuple[int, tuple[int, ...], str]
    retention: int
    reading: tuple[int, int, str]


_BY_FIELD = {"task": "task_code"}


def changed(before: Attributes, asked: Attributes, names: Iterable[str]) -> Attributes:
    """The attributes with those fields taken from what was asked for."""
    wanted = {_BY_FIELD.get(name, name) for name in names}
    return replace(before, **{name: getattr(asked, name) for name in wanted})


def problems_of(wanted: Attributes, names: Sequence[str], may_file: bool | None) -> list[Problem]:
    """What is wrong with the fields that change. may_file: of the department under the task; None: the task is unknown."""
    problems: list[Problem] = []
    if "title" in names:
        if not wanted.title.strip():
            problems.append(Problem("title-missing", {}, "changed.title"))
        elif len(wanted.title) > LONGEST_TITLE:
            problems.append(Problem("title-too-long", {"limit": str(LONGEST_TITLE)}, "changed.title"))
    if "task" in names and not may_file:
        code = "unknown-task" if may_file is None else "task-of-another-department"
        problems.append(Problem(code, {"code": wanted.task_code}, "changed.task.code", "공공기록물법 시행령 25"))
    if "disclosure" in names:
        problems += disclosure.problems_of(*wanted.disclosure)
    if "retention" in names and wanted.retention not in RETENTIONS:
        problems.append(Problem("retention-unknown", {}, "changed.retention", "공공기록물법 시행령 26"))
    if "reading" in names:
        problems += _unreadable(*wanted.reading)
    if any("\x00" in text for text in (wanted.title, wanted.disclosure[2])):
        problems.append(Problem("nul-inside", {}, "changed"))
    return problems


def _unreadable(reach: int, limit: int, day: str) -> list[Problem]:
    if reach not in RANGES or limit not in LIMITS:
        return [Problem("reading-range-unknown", {"range": str(reach)}, "changed.reading_range", SOURCE)]
    if (limit == UNTIL_DAY) != _is_day(day):
        return [Problem("reading-limit-day-missing", {"day": day}, "changed.reading_limit_until", SOURCE)]
    return []


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def differences(before: Attributes, after: Attributes) -> list[tuple[str, str, str]]:
    """Field, value before and value after, of every field that differs, in words a person can compare."""
    found = []
    for field in fields(Attributes):
        old, new = getattr(before, field.name), getattr(after, field.name)
        if old != new:
            name = next((name for name, column in _BY_FIELD.items() if column == field.name), field.name)
            found.append((name, _text(old), _text(new)))
    return found


def _text(value: object) -> str:
    if isinstance(value, tuple):
        return " / ".join(_text(each) for each in value if each not in ("", ()))
    return str(value)

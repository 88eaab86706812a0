"""Days and times as the decree wants them: ``2026. 5. 6.`` and ``15:30`` (행정업무규정 7⑤)."""

import datetime as dt
import re
from collections.abc import Iterator

from documents.domain.layout.finding import DECREE, Change

SOURCE = f"{DECREE} 7⑤"
# Numbers that are part of a name, a path or a longer number are none of our business.
_DAY = re.compile(
    r"(?<![\w\-./])(?P<y>\d{4})(?P<s>\.[ \u00a0]{0,2}|[-/])(?P<m>\d{1,2})(?:\.[ \u00a0]{0,2}|[-/])(?P<d>\d{1,2})(?P<end>\.?)"
    r"(?!\.?\d|[\-/A-Za-z_호])"
)
_SPOKEN = re.compile(r"(?<![\w\-./])(\d{4})년 ?(\d{1,2})월 ?(\d{1,2})일")
_TIME = re.compile(r"(?:(오전|오후) ?)?(?<![\d:])(\d{1,2})시(?: ?(\d{1,2})분)?(?!간)")
_HALF = re.compile(r"(?<![\d:])(\d{1,2}):(\d{2}) ?([APap])\.?[Mm]\.?(?![A-Za-z])")
NOON = 12


def written(day: dt.date) -> str:
    """A day as official documents write it, ``2026. 5. 6.`` with its last dot."""
    return f"{day.year}. {day.month}. {day.day}."


def day_changes(text: str) -> Iterator[Change]:
    """Days in another form. A day no calendar has is advice: only a person knows what was meant."""
    for found in _DAY.finditer(text):
        if not _same_signs(found[0]):
            continue
        try:
            right = written(dt.date(int(found["y"]), int(found["m"]), int(found["d"])))
        except ValueError:
            yield Change(found.start(), found.end(), "", "layout-day-impossible", SOURCE, must=False)
            continue
        if found[0].replace("\u00a0", " ") != right:
            yield Change(found.start(), found.end(), right, "layout-day-form", SOURCE, {"right": right})


def _same_signs(text: str) -> bool:
    """True for 2026-5-6, 2026/5/6, 2026. 5. 6; a mixture is something else than a day."""
    signs = set(re.findall(r"[-/]", text))
    return not signs or (len(signs) == 1 and "." not in text.rstrip("."))


def spoken_days(text: str) -> Iterator[Change]:
    """Days in words: advice, they may be quoted."""
    for found in _SPOKEN.finditer(text):
        try:
            right = written(dt.date(*(int(part) for part in found.groups())))
        except ValueError:
            continue
        yield Change(found.start(), found.end(), right, "layout-day-words", SOURCE, {"right": right}, must=False)


def time_changes(text: str) -> Iterator[Change]:
    """Times in another form than 24 hours with a colon: advice."""
    for found in _TIME.finditer(text):
        right = _clock(int(found[2]), int(found[3] or 0), found[1] == "오후", found[1] == "오전")
        if right and (found[1] or found[3]):
            yield _time(found, right)
    for found in _HALF.finditer(text):
        right = _clock(int(found[1]), int(found[2]), found[3] in "Pp", found[3] in "Aa")
        if right:
            yield _time(found, right)


def _time(found: re.Match[str], right: str) -> Change:
    return Change(found.start(), found.end(), right, "layout-time-form", SOURCE, {"right": right}, must=False)


def _clock(hour: int, minute: int, afternoon: bool, morning: bool) -> str:
    if afternoon and hour < NOON:
        hour += NOON
    elif morning and hour == NOON:
        hour = 0
    return f"{hour:02}:{minute:02}" if hour <= 24 and minute < 60 else ""

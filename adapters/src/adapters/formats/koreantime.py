"""Times as the formats write them: Korean civil time in fixed patterns. Used by the codecs that build file names and heads.

Korea has been at UTC+9 without summer time since 1988; the formats are younger.
"""

import datetime as dt
from typing import Final

KST: Final = dt.timezone(dt.timedelta(hours=9), "KST")


def stamp(when: dt.datetime) -> str:
    """Write an aware time as `yyyyMMddHHmmss`, Korean time."""
    return when.astimezone(KST).strftime("%Y%m%d%H%M%S")


def parse_stamp(text: str) -> dt.datetime:
    """Read `yyyyMMddHHmmss`, Korean time, into an aware time. Raises ValueError for anything else."""
    if len(text) != 14 or not (text.isascii() and text.isdigit()):
        raise ValueError(text)
    return dt.datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=KST)


def exists(text: str) -> bool:
    """Say whether `yyyyMMddHHmmss` is a moment of the calendar: 20260230101500 and 20260506250000 are none."""
    try:
        parse_stamp(text)
    except ValueError:
        return False
    return True


def spoken(when: dt.datetime) -> str:
    """Write an aware time as `yyyy-MM-dd HH:mm:ss`, Korean time, as packs and exchange.xml hold it."""
    return when.astimezone(KST).strftime("%Y-%m-%d %H:%M:%S")

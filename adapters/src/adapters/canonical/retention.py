"""How long raw bytes are kept: the manifest's `raw_retention` and the day they came -> the day they may be removed.

Terms are counted from 1 January of the year after (공공기록물 관리에 관한 법률 시행령 26). Permanent and semi-permanent ones never end.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Final

YEARS: Final[Mapping[str, int]] = {
    "RETENTION_1_YEAR": 1,
    "RETENTION_3_YEARS": 3,
    "RETENTION_5_YEARS": 5,
    "RETENTION_10_YEARS": 10,
    "RETENTION_20_YEARS": 20,
    "RETENTION_30_YEARS": 30,
}
ENDLESS: Final = ("RETENTION_SEMI_PERMANENT", "RETENTION_PERMANENT")


def ended_before(word: str, today: dt.date) -> dt.date | None:
    """Give the day before which bytes came whose term has ended today.

    Args:
        word: of the retention table.
        today: the Korean day.

    Returns:
        The first of a year; None when nothing ever ends, or the word is none: what is not understood is kept.

    """
    years = YEARS.get(word)
    # What came in year Y is kept through Y + years and may go on 1 January of the year after.
    return None if years is None else dt.date(today.year - years, 1, 1)

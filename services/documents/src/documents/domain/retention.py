"""How long a record is kept. 공공기록물법 시행령 26: counted from 1 January of the year after it was completed.

Periods are those of exchange.Retention as numbers; permanent and semi-permanent ones end on no day of their own.
"""

from collections.abc import Mapping
from datetime import date

YEARS: Mapping[int, int] = {1: 1, 2: 3, 3: 5, 4: 10, 5: 20, 6: 30}
"""Years of a period. 20 years is met in older data only."""
FOREVER = frozenset({7, 8})
"""준영구, 영구."""
SOURCE = "공공기록물법 시행령 제26조"


def last_day(period: int, completed: int) -> date | None:
    """Last day a document completed in a year is kept; None when that is no day, or nobody has set a period."""
    years = YEARS.get(period)
    return date(completed + years, 12, 31) if years else None


def has_ended(until: date | None, today: date) -> bool:
    """Whether the period is over, so that its disposal has to be decided on (시행령 43)."""
    return until is not None and until < today

"""How connections fared of late: what came in and went out in each stretch of time, and what has waited longest.

Four statements under row-level security, however many connections there are; each has an index of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from chassis.uow import UnitOfWork

_RECEIVED: Final = """
SELECT endpoint, date_bin($3, taken_at, $1) AS begin, sum(record_count)::bigint AS count
FROM intake_file WHERE taken_at >= $1 AND taken_at < $2 GROUP BY 1, 2
"""
_DELIVERED: Final = """
SELECT endpoint, date_bin($3, sent_at, $1) AS begin, count(*) AS count
FROM outgoing WHERE state = 'sent' AND sent_at >= $1 AND sent_at < $2 GROUP BY 1, 2
"""
_UNANSWERED: Final = """
SELECT endpoint, min(changed_at) AS since FROM record WHERE state = 'in-flight' AND result_version = 0 GROUP BY endpoint
"""
_WAITING: Final = "SELECT endpoint, min(created_at) AS since FROM outgoing WHERE state = 'waiting' GROUP BY endpoint"
_HOUR: Final = timedelta(hours=1)
DAY: Final = 24
WEEK: Final = 168


@dataclass(slots=True)
class Traffic:
    """One connection. received, delivered: by the beginning of a stretch; missing: none. since: of what waits, if anything does."""

    received: dict[datetime, int] = field(default_factory=dict)
    delivered: dict[datetime, int] = field(default_factory=dict)
    unanswered_since: datetime | None = None
    waiting_since: datetime | None = None


def stretches(now: datetime, hours: int) -> list[datetime]:
    """Beginnings of the stretches up to now: of an hour for a day, of six for a week, the last one still open."""
    length = _HOUR if hours <= DAY else 6 * _HOUR
    count = DAY if hours <= DAY else WEEK // 6
    last = now.replace(minute=0, second=0, microsecond=0)
    return [last - length * back for back in reversed(range(count))]


async def traffic(unit: UnitOfWork, begins: list[datetime]) -> Mapping[str, Traffic]:
    """By connection. begins: as `stretches` gives them."""
    found: dict[str, Traffic] = {}

    def of(name: str) -> Traffic:
        return found.setdefault(name, Traffic())

    length = begins[1] - begins[0]
    span = (begins[0], begins[-1] + length, length)
    for row in await unit.fetch(_RECEIVED, *span):
        of(row["endpoint"]).received[row["begin"]] = row["count"]
    for row in await unit.fetch(_DELIVERED, *span):
        of(row["endpoint"]).delivered[row["begin"]] = row["count"]
    for row in await unit.fetch(_UNANSWERED):
        of(row["endpoint"]).unanswered_since = row["since"]
    for row in await unit.fetch(_WAITING):
        of(row["endpoint"]).waiting_since = row["since"]
    return found

"""What has followed an abolished unit. A renamed or merged unit goes on under another code."""

from collections import deque
from collections.abc import Mapping, Sequence
from datetime import date

from directory.domain.records import Unit, holds


def at_day(rows: Sequence[Unit], day: date) -> Unit | None:
    """The row of one code that holds on a day, else the last one before it, else the first one after it."""
    real = sorted((row for row in rows if row.valid_from != row.valid_to), key=lambda row: row.valid_from)
    held = [row for row in real if holds(row, day)]
    before = [row for row in real if row.valid_from <= day]
    return next(iter(held[-1:] or before[-1:] or real[:1]), None)


def living(start: Unit, by_code: Mapping[str, Sequence[Unit]], day: date) -> list[Unit]:
    """Units that hold on a day and carry on what ``start`` did, nearest first; through any number of reorganisations.

    Codes the table does not know are passed over; a circle in the table ends where it began.
    """
    found: list[Unit] = []
    seen = {start.code}
    waiting = deque(start.successor_codes)
    while waiting:
        code = waiting.popleft()
        if code in seen:
            continue
        seen.add(code)
        unit = at_day(by_code.get(code, ()), day)
        if unit is None:
            continue
        if holds(unit, day):
            found.append(unit)
        else:
            waiting.extend(unit.successor_codes)
    return found

"""Who stands in for an absent official reads what waits for that person (대결, 행정업무규정 10③), however the absence began.

Absence in the directory -> a timer at its beginning -> the deputy is shown every document whose step the absent person has
still to act on. What comes into a line later is shown by ``cards.show_deputies``.
"""

from collections.abc import Iterable
from datetime import UTC, timedelta
from typing import Any

from chassis import schedule
from chassis.schedule import Timer
from chassis.uow import UnitOfWork
from documents.handlers.cards import show_deputies
from documents.ports.directory import View
from documents.translate.line import steps_of

KIND = "deputy-begins"
# The directory's picture in memory follows a change within a second; nobody has to read sooner than this.
SETTLING = timedelta(seconds=5)
_WAITING = """
SELECT d.id, d.agency_id, d.steps FROM audience a JOIN document d ON d.id = a.document_id
WHERE a.token = $1 AND d.state IN ('in-path', 'held')
"""


async def expect(unit: UnitOfWork, absences: Iterable[Any]) -> None:
    """Sets a timer for each absence with a deputy; one that is moved before it begins moves its timer. One statement."""
    timers = [
        Timer(
            KIND,
            f"{absence.absence_id}/{absence.deputy_official_id}",
            max(absence.starts_at.ToDatetime(UTC), unit.now + SETTLING),
            {"official": absence.official_id, "agency": absence.agency_id, "deputy": absence.deputy_official_id},
        )
        for absence in absences
        if absence.deputy_official_id
    ]
    if timers:
        await schedule.add(unit.connection, timers)


async def begin(unit: UnitOfWork, timer: Timer, view: View) -> None:
    """Shows the deputy what waits, if he is the deputy still."""
    official_id, agency_id = timer.payload["official"], timer.payload["agency"]
    if view.deputy_of(official_id, agency_id) != timer.payload["deputy"]:
        return
    for row in await unit.fetch(_WAITING, f"official:{official_id}"):
        show_deputies(unit, row, steps_of(row["steps"]), view)

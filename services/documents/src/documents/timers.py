"""What documents does by the clock: durable timers, each set again by its own effect.

``main`` -> ``start`` sets the first of each kind -> ``Scheduler`` fires what is due -> the effect does its work in one
transaction and sets the next. Of many replicas one fires: a timer's key is the turn it belongs to.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta

from chassis import db, schedule
from chassis.schedule import Effect, Scheduler, Timer
from chassis.uow import Database, UnitOfWork
from documents.handlers import opening, readers, reminding, standing
from documents.handlers.watching import LIMIT, look_at_copies
from documents.ports.directory import Directory, View

Work = Callable[[UnitOfWork], Awaitable[int]]
"""Does one batch of what is due; answers how much it took, to be called again while there is more."""

WATCH_COPIES = "watch-copies"
EVERY: Mapping[str, tuple[timedelta, int, Work]] = {WATCH_COPIES: (timedelta(minutes=1), LIMIT, look_at_copies)}
"""Kind of timer: how often, the size of a full batch, and what is done."""
Single = Callable[[UnitOfWork, Timer, View], Awaitable[None]]
SINGLE: Mapping[str, Single] = {
    reminding.KIND: reminding.remind,
    standing.KIND: standing.begin,
    readers.OPENING: opening.open_reading,
}
"""Kind of timer that is set where the need arises, and what is done."""
BATCHES = 10
"""Full batches of one turn; the rest waits for the next."""
_KEPT = timedelta(hours=1)
_FORGET = "DELETE FROM timer WHERE kind = $1 AND done_at < $2"


def scheduler(database: Database, directory: Directory | None = None) -> Scheduler:
    """Fires the timers of documents; run it beside the consumers. directory: without it reminders are left to others."""
    effects = {kind: _repeated(database, kind) for kind in EVERY}
    if directory is not None:
        effects |= {kind: _single(database, directory, work) for kind, work in SINGLE.items()}
    return Scheduler(database.pool, database.clock, effects, after_commit=database.wake_up.set)


async def start(database: Database) -> None:
    """Sets the first turn of each kind; one that is set already stays."""
    now = database.clock.now()
    async with database.pool.acquire() as connection, connection.transaction():
        await schedule.add(connection, [_turn(kind, now) for kind in EVERY])


def _turn(kind: str, moment: datetime) -> Timer:
    """The turn a moment lies in, due when it ends."""
    length = EVERY[kind][0].total_seconds()
    number = int(moment.timestamp() // length)
    return Timer(kind, str(number), datetime.fromtimestamp((number + 1) * length, UTC))


def _single(database: Database, directory: Directory, work: Single) -> Effect:
    """A timer of one document or person; its effect sets the next one as long as there is something to do."""

    async def effect(connection: db.Connection, timer: Timer) -> None:
        unit = UnitOfWork(connection, database.clock.now())
        await work(unit, timer, directory.view(unit.now))
        await unit.flush()

    return effect


def _repeated(database: Database, kind: str) -> Effect:
    _, size, work = EVERY[kind]

    async def effect(connection: db.Connection, _timer: Timer) -> None:
        now = database.clock.now()
        for _ in range(BATCHES):
            unit = UnitOfWork(connection, now)
            taken = await work(unit)
            await unit.flush()
            if taken < size:
                break
        await connection.execute(_FORGET, kind, now - _KEPT)
        await schedule.add(connection, [_turn(kind, now)])

    return effect

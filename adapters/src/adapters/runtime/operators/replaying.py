"""`replay`, and what `quarantine fix` does in the end: records read again, the difference shown, and sent on when it is wanted.

records -> each file decoded once by the mapping it came by and by the one in force -> lines -> (`--apply`) one transaction a record.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.formats.findings import rejected
from adapters.runtime import mappings
from adapters.runtime.accounting import reasons_of
from adapters.runtime.decoding import Wire
from adapters.runtime.operators.desk import LEFT, OK, WRONG, Desk, Scope
from adapters.runtime.replay import Again, Readings, replay
from adapters.runtime.trying import differences_of
from chassis.errors import OnnaraError


@dataclass(frozen=True, slots=True)
class Attempt:
    """A record to try again. corrected: bytes to put in its place; empty: those there are."""

    row: Mapping[str, Any]
    corrected: bytes = b""


async def replayed(desk: Desk, scope: Scope, note: str, *, apply: bool) -> int:
    """Tries all records in scope again. Answers the exit status."""
    rows = await desk.records(scope)
    if not rows:
        desk.answer({"count": 0}, desk.say("nothing"))
        return OK
    return await attempt_all(desk, [Attempt(row) for row in rows], note, apply=apply)


async def attempt_all(desk: Desk, attempts: Sequence[Attempt], note: str, *, apply: bool) -> int:
    """Shows or does; one that stays back keeps no other. LEFT when any stays."""
    if apply and not note.strip():
        desk.complain("note-missing")
        return WRONG
    readings = Readings(desk.blobs, desk.decoder, desk.owner_of)
    before = Readings(desk.blobs, desk.decoder, desk.owner_of)
    on = 0
    for attempt in attempts:
        try:
            on += await (_done(desk, readings, attempt, note) if apply else _shown(desk, readings, before, attempt))
        except OnnaraError as error:
            desk.complain("gone", record=attempt.row["id"], code=str(error))
    left = len(attempts) - on
    facts = {"count": len(attempts), "on": on, "left": left, "applied": apply}
    desk.answer(facts, desk.say("done" if apply else "would", **facts))
    return LEFT if left else OK


async def _done(desk: Desk, readings: Readings, attempt: Attempt, note: str) -> bool:
    async with desk.database.transaction() as unit:
        done = await replay(unit, desk.endpoints, readings, attempt.row["id"], attempt.corrected, note)
    _tell(desk, attempt, done.reasons, (), 0, goes=done.state == "in-flight")
    return done.state == "in-flight"


async def _shown(desk: Desk, readings: Readings, before: Readings, attempt: Attempt) -> bool:
    row = attempt.row
    endpoint = desk.endpoints.by_name.get(row["endpoint"])
    if endpoint is None:
        desk.complain("gone", record=row["id"], code=f"endpoint-gone {row['endpoint']}")
        return False
    async with desk.database.transaction() as unit:
        now = await mappings.of_version(unit, endpoint, 0)
        then = await mappings.of_version(unit, endpoint, row["mapping_version"])
    again = await readings.again(row, attempt.corrected or bytes(row["corrected"] or b""), now)
    was = await before.again(row, b"", then)
    goes = again.wire is not None and bool(again.wire.type) and not rejected(again.findings)
    changes = differences_of(_readable(was), again.wire if goes else None)
    _tell(desk, attempt, reasons_of(again.findings), changes, now.version, goes=goes)
    return goes


def _readable(again: Again) -> Wire | None:
    return None if rejected(again.findings) else again.wire


def _tell(
    desk: Desk,
    attempt: Attempt,
    reasons: Sequence[Mapping[str, Any]],
    changes: Sequence[tuple[str, str, str]],
    version: int,
    *,
    goes: bool,
) -> None:
    row = attempt.row
    facts = {
        "record": row["id"], "file_name": row["file_name"], "ordinal": row["ordinal"], "goes_on": goes,
        "version_before": row["mapping_version"], "version_after": version, "reasons": reasons,
        "fields": [{"path": path, "before": before, "after": after} for path, before, after in changes],
    }  # fmt: skip
    named = {"record": row["id"], "file": row["file_name"], "ordinal": row["ordinal"], "version": version or ""}
    lines = [desk.say("changed" if goes else "left", **named)]
    lines += [desk.say("field", path=path, before=before, after=after) for path, before, after in changes]
    lines += [f"    {desk.reason(each)}" for each in reasons]
    desk.answer(facts, *lines)

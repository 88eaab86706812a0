"""Writes dated records: typed tables for our own questions, the change log for replicas, the event for those online."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Table

from chassis.uow import UnitOfWork
from directory import tables, translate
from directory.domain.records import (
    NAMESPACE,
    Absence,
    Appointment,
    ClientSystem,
    DelegationRule,
    ExternalIdentity,
    Kind,
    Official,
    Passkey,
    Post,
    Record,
    Task,
    Unit,
    id_of,
    kind_of,
)

# Rows in one event: an import of thousands goes out in parts a broker carries easily.
ROWS_PER_EVENT = 500
DIRECTORY_ID: UUID = uuid5(NAMESPACE, "directory")
SYSTEM_ACTOR: Mapping[str, Any] = {"system": "directory"}

_TABLES: Mapping[type, Table] = {
    Unit: tables.UNIT,
    Official: tables.OFFICIAL,
    Appointment: tables.APPOINTMENT,
    ExternalIdentity: tables.EXTERNAL_IDENTITY,
    ClientSystem: tables.CLIENT_SYSTEM,
    Task: tables.TASK,
    DelegationRule: tables.DELEGATION_RULE,
    Absence: tables.ABSENCE,
    Passkey: tables.PASSKEY,
}
_LOCK = "SELECT n FROM change_counter FOR UPDATE"
_KNOWN = """
SELECT c.kind, c.id, c.valid_from, c.valid_to, c.payload
FROM change c JOIN unnest($1::smallint[], $2::text[], $3::date[]) AS k (kind, id, valid_from) USING (kind, id, valid_from)
"""
_COUNT = "UPDATE change_counter SET n = $1"


@dataclass(frozen=True, slots=True)
class _Entry:
    record: Record
    kind: Kind
    id: str
    payload: bytes


async def lock_directory(unit: UnitOfWork) -> int:
    """Makes this transaction the only writer until it ends; answers the newest version. Readers do not wait.

    Taken before anything is read for a change: versions are then committed in their order, and writers cannot deadlock.
    """
    return int((await unit.fetch(_LOCK))[0]["n"])


@dataclass(frozen=True, slots=True)
class By:
    """Who changes something, on which journey, for the journal. agency_id empty: no single agency's matter."""

    actor: Mapping[str, Any]
    correlation_id: str
    agency_id: str = ""


async def change_records(
    unit: UnitOfWork, records: Sequence[Record], *, correlation_id: str = "", by: By | None = None
) -> int:
    """Writes those records that differ from what is known and answers how many. The same records again change nothing.

    by: who does; else the directory itself, on the journey ``correlation_id``.
    """
    return await change_parts(unit, [(by or By(SYSTEM_ACTOR, correlation_id), records)])


async def change_parts(unit: UnitOfWork, parts: Sequence[tuple[By, Sequence[Record]]]) -> int:
    """Writes the records of several causes as ``change_records`` does, each told by an event of its own.

    Of rows that several parts write, the last counts.
    """
    newest = await lock_directory(unit)
    last: dict[tuple[Any, ...], tuple[By, _Entry]] = {}
    for by, records in parts:
        for record in records:
            entry = _Entry(record, kind_of(record), id_of(record), translate.payload(record))
            last[_key(entry)] = (by, entry)
    known = await _known(unit, [entry for _, entry in last.values()])
    changed = [
        (by, entry) for by, entry in last.values() if known.get(_key(entry)) != (entry.record.valid_to, entry.payload)
    ]
    if not changed:
        return 0
    start = newest
    for cause in dict.fromkeys(id(by) for by, _ in changed):
        mine = [(by, entry) for by, entry in changed if id(by) == cause]
        for version, (_, entry) in enumerate(mine, start=start + 1):
            _write(unit, entry, version, mine[0][0])
        _announce(unit, [entry for _, entry in mine], start, mine[0][0])
        start += len(mine)
    await unit.connection.execute(_COUNT, newest + len(changed))
    return len(changed)


def change_posts(unit: UnitOfWork, posts: Sequence[Post]) -> None:
    """Writes posts. They are not replicated: what others need of them stands in the appointments."""
    for post in posts:
        row = translate.row(post)
        unit.insert(tables.POST, row, conflict=tables.replacing(tables.POST, tuple(row)))


async def _known(unit: UnitOfWork, entries: Sequence[_Entry]) -> dict[tuple[Any, ...], tuple[Any, bytes]]:
    keys = [_key(entry) for entry in entries]
    rows = await unit.fetch(_KNOWN, *([key[place] for key in keys] for place in range(3)))
    return {(row["kind"], row["id"], row["valid_from"]): (row["valid_to"], row["payload"]) for row in rows}


def _key(entry: _Entry) -> tuple[Any, ...]:
    return int(entry.kind), entry.id, entry.record.valid_from


def _write(unit: UnitOfWork, entry: _Entry, version: int, by: By) -> None:
    change = {
        "version": version,
        "kind": int(entry.kind),
        "id": entry.id,
        "valid_from": entry.record.valid_from,
        "valid_to": entry.record.valid_to,
        "payload": entry.payload,
    }
    unit.insert(tables.CHANGE, change, conflict=tables.replacing(tables.CHANGE, tuple(change)))
    table = _TABLES.get(type(entry.record))
    if table is not None:
        row = {**translate.row(entry.record), "version": version}
        if "changed_by" in table.c:
            row |= {"changed_by": by.actor.get("name", ""), "changed_at": unit.now}
        unit.insert(table, row, conflict=tables.replacing(table, tuple(row)))


def _announce(unit: UnitOfWork, changed: Sequence[_Entry], newest: int, by: By) -> None:
    for start in range(0, len(changed), ROWS_PER_EVENT):
        part = changed[start : start + ROWS_PER_EVENT]
        rows = [
            translate.directory_row(
                entry.kind,
                entry.id,
                valid_from=entry.record.valid_from,
                valid_to=entry.record.valid_to,
                version=newest + start + place,
                data=entry.payload,
            )
            for place, entry in enumerate(part, start=1)
        ]
        unit.record(
            translate.changed(rows),
            aggregate_id=DIRECTORY_ID,
            version=newest + start + len(part),
            agency_id=by.agency_id,
            actor=by.actor,
            correlation_id=by.correlation_id,
        )

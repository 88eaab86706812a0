"""Takes what personnel systems report: people, posts, absences. Set-based; every report is answered, each change told.

Outcomes: None taken (or nothing new), a refusal (also sent back), or TransientError for a person whose own report may
still be on its way; after ``PATIENCE`` that is refused, too, so that no record stays on its way for ever.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, TypeVar

from chassis.envelope import Incoming
from chassis.errors import RefusalError, TransientError
from chassis.messaging import Outcome
from chassis.uow import UnitOfWork
from directory import tables
from directory.domain.personnel import away, people, posts
from directory.domain.personnel.facts import AbsenceFact, Fact, PersonFact, PostFact
from directory.domain.personnel.register import Register, Taken
from directory.domain.records import Record
from directory.handlers import answering
from directory.handlers.change_records import By, change_parts, change_posts, lock_directory
from directory.handlers.known_people import load
from directory.translate.reports import Reported

PATIENCE = timedelta(hours=1)
F = TypeVar("F", PersonFact, PostFact, AbsenceFact)
_REPLACE = """(system, kind, key) DO UPDATE SET subject = excluded.subject, reported_at = excluded.reported_at,
number = excluded.number"""


async def report_people(unit: UnitOfWork, batch: Sequence[Incoming[Reported[PersonFact]]]) -> Sequence[Outcome]:
    """People."""
    return await _take(unit, batch, people.judge)


async def report_posts(unit: UnitOfWork, batch: Sequence[Incoming[Reported[PostFact]]]) -> Sequence[Outcome]:
    """Posts of people."""
    return await _take(unit, batch, posts.judge)


async def report_absences(unit: UnitOfWork, batch: Sequence[Incoming[Reported[AbsenceFact]]]) -> Sequence[Outcome]:
    """Absences of people."""
    return await _take(unit, batch, away.judge)


async def _take(
    unit: UnitOfWork,
    batch: Sequence[Incoming[Reported[F]]],
    judge: Callable[[F, Register], Taken | RefusalError],
) -> Sequence[Outcome]:
    await lock_directory(unit)
    known = await load(unit, [message.content.fact for message in batch])
    outcomes: list[Outcome] = []
    parts: list[tuple[By, Sequence[Record]]] = []
    newest: dict[tuple[str, str], Fact] = {}
    for message in batch:
        fact, origin = message.content.fact, message.content.origin
        if known.is_outdated(fact):
            answering.stored(unit, message, origin, answering.OUTDATED)
            outcomes.append(None)
            continue
        made = judge(fact, known)
        if isinstance(made, RefusalError):
            outcomes.append(_refused(unit, message, made))
            continue
        changed = known.take(fact, made)
        change_posts(unit, made.posts)
        newest[fact.source.system, fact.key] = fact
        parts.append((By(message.actor, message.correlation_id, message.agency_id), changed))
        answering.stored(unit, message, origin, answering.CHANGED if changed else answering.UNCHANGED, made.notices)
        outcomes.append(None)
    if any(records for _, records in parts):
        await change_parts(unit, parts)
    for told in newest.values():
        unit.insert(tables.REPORTED, _told(told, known), conflict=_REPLACE)
    return outcomes


def _refused(unit: UnitOfWork, message: Incoming[Reported[Any]], refusal: RefusalError) -> Outcome:
    if refusal.code == "person-unreported" and message.occurred_at > unit.now - PATIENCE:
        return TransientError(refusal.code, params=dict(refusal.problems[0].params))
    answering.refused(unit, message, message.content.origin, refusal)
    return refusal


def _told(fact: Fact, known: Register) -> dict[str, Any]:
    told = known.told[fact.source.system, fact.kind, fact.key]
    return {
        "system": fact.source.system,
        "kind": fact.kind,
        "key": fact.key,
        "subject": told.subject,
        "reported_at": told.reported_at,
        "number": told.number,
    }

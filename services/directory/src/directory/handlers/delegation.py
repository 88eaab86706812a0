"""Rules of delegated decision: put and ended by the agency's administrator. What was, stays as rows that have ended."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from chassis.errors import NotFoundError, RefusalError
from chassis.ids import uuid7
from chassis.uow import UnitOfWork
from directory import translate
from directory.domain.capacities import day_in
from directory.domain.delegation import Rules, end, put
from directory.domain.records import DelegationRule
from directory.handlers.absences import zone_of
from directory.handlers.change_records import By, change_records, lock_directory

_RULES = "SELECT * FROM delegation_rule WHERE agency_id = $1"
_TASKS = "SELECT * FROM task WHERE agency_id = $1"


async def put_rule(
    unit: UnitOfWork, rule: DelegationRule, kinds: Sequence[int], by: By, *, renews: bool, begins: date | None
) -> DelegationRule | RefusalError:
    """Adds a rule, or puts it in the place of what it was. kinds: of documents there are. begins None: today."""
    known = await _known(unit, rule.agency_id, kinds)
    new = replace(rule, rule_id=rule.rule_id if renews else uuid7(), valid_from=begins or known.today)
    rows = put(new, known, renews=renews)
    if isinstance(rows, RefusalError):
        return rows
    await change_records(unit, rows, by=by)
    return new


async def end_rule(
    unit: UnitOfWork, agency_id: UUID, rule_id: UUID | None, by: By, *, ends: date | None
) -> RefusalError | None:
    """Ends a rule. ends: first day on which it no longer holds; None: today."""
    known = await _known(unit, agency_id, ())
    if rule_id is None:
        return NotFoundError("delegation-rule-unknown", field="rule_id")
    rows = end(rule_id, ends or known.today, known)
    if isinstance(rows, RefusalError):
        return rows
    await change_records(unit, rows, by=by)
    return None


async def _known(unit: UnitOfWork, agency_id: UUID, kinds: Sequence[int]) -> Rules:
    await lock_directory(unit)
    rules = tuple(translate.delegation_rule(row) for row in await unit.fetch(_RULES, agency_id))
    tasks = tuple(translate.task(row) for row in await unit.fetch(_TASKS, agency_id))
    return Rules(rules, tasks, tuple(kinds), day_in(await zone_of(unit, agency_id), unit.now))

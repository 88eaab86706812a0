"""Rules of delegated decision of the caller's agency."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from chassis.db import Connection
from directory import translate
from directory.domain.delegation import most_particular_first
from directory.domain.records import DelegationRule

_RULES = """
SELECT * FROM delegation_rule
WHERE agency_id = $1 AND ($2 = '' OR task_code IN ('', $2)) AND (valid_to IS NULL OR valid_to > greatest($3, valid_from))
"""


@dataclass(frozen=True, slots=True)
class KeptRule:
    """A rule, and who put or ended it last. changed_by: a name; empty: the set-up."""

    rule: DelegationRule
    changed_by: str
    changed_at: datetime


async def rules_of(connection: Connection, agency_id: UUID, task_code: str, today: date) -> list[KeptRule]:
    """Rules that hold today or will, most particular first. task_code: those about it and those about all; empty: all."""
    rows = await connection.fetch(_RULES, agency_id, task_code, today)
    kept = {translate.delegation_rule(row): row for row in rows}
    return [KeptRule(rule, kept[rule]["changed_by"], kept[rule]["changed_at"]) for rule in most_particular_first(kept)]

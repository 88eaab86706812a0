"""Rules of delegated decision of the caller's agency."""

from datetime import date
from uuid import UUID

from chassis.db import Connection
from directory import translate
from directory.domain.delegation import most_particular_first
from directory.domain.records import DelegationRule

_RULES = """
SELECT * FROM delegation_rule
WHERE agency_id = $1 AND ($2 = '' OR task_code IN ('', $2)) AND (valid_to IS NULL OR valid_to > greatest($3, valid_from))
"""


async def rules_of(connection: Connection, agency_id: UUID, task_code: str, today: date) -> list[DelegationRule]:
    """Rules that hold today or will, most particular first. task_code: those about it and those about all; empty: all."""
    rows = await connection.fetch(_RULES, agency_id, task_code, today)
    return most_particular_first(translate.delegation_rule(row) for row in rows)

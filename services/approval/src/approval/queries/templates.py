"""Questions about kept lines: the templates somebody sees, and what they used last."""

from approval.domain.step import Step
from approval.domain.templates import Keeper, Template
from approval.tables import LINE_TEMPLATE
from approval.translate.steps import steps_of_row
from approval.translate.templates import template_of_row
from chassis.db import Connection

MOST_TEMPLATES = 500

_COLUMNS = ", ".join(column.name for column in LINE_TEMPLATE.c)
# One arm for each index; the agency is named although row-level security cuts to it, because it leads both of them.
_SEEN = f"""
SELECT {_COLUMNS} FROM line_template WHERE agency_id = $1 AND owner_id = $2 AND NOT shared
UNION ALL
SELECT {_COLUMNS} FROM line_template WHERE agency_id = $1 AND department_code = $3 AND shared
ORDER BY name, id LIMIT $4
"""
_LAST = "SELECT steps FROM last_used WHERE agency_id = $1 AND official_id = $2 AND kind = $3 AND task_code = $4"


async def seen_templates(connection: Connection, keeper: Keeper) -> list[Template]:
    """The keeper's own templates and those of the department they act for, by name."""
    rows = await connection.fetch(_SEEN, keeper.agency_id, keeper.official_id, keeper.department_code, MOST_TEMPLATES)
    return [template_of_row(row) for row in rows]


async def last_used(connection: Connection, keeper: Keeper, kind: int, task_code: str) -> tuple[Step, ...]:
    """Steps the official used last for such documents; none when there were none."""
    row = await connection.fetchrow(_LAST, keeper.agency_id, keeper.official_id, kind, task_code)
    return steps_of_row(row["steps"]) if row else ()

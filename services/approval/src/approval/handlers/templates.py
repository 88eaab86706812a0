"""Kept lines are saved and removed, and what an official used last is remembered when a line opens."""

from collections.abc import Iterable
from uuid import UUID

from approval.domain.line import Line
from approval.domain.proposing import skeleton
from approval.domain.step import Role
from approval.domain.templates import Keeper, Template, refusal, sharing_refusal
from approval.tables import LAST_USED, LINE_TEMPLATE
from approval.translate.steps import stored_steps
from approval.translate.templates import template_of_row, template_row
from chassis.errors import NotFoundError
from chassis.uow import UnitOfWork

_COLUMNS = ", ".join(column.name for column in LINE_TEMPLATE.c)
_LOCK = f"SELECT {_COLUMNS} FROM line_template WHERE id = $1 FOR UPDATE"
_DELETE = "DELETE FROM line_template WHERE id = $1"
_NEWER = (
    "(agency_id, official_id, kind, task_code) DO UPDATE SET steps = excluded.steps, used_at = excluded.used_at"
    " WHERE last_used.used_at < excluded.used_at"
)


async def save_template(unit: UnitOfWork, template: Template, keeper: Keeper, *, replaces: bool) -> Template:
    """Keeps a template, a new one or in place of one with its id. Raises a RefusalError when it may not be kept.

    A shared template stays its first owner's by name, whoever of the department changes it.
    """
    problem = refusal(template, keeper)
    if problem:
        raise problem
    if not replaces:
        unit.insert(LINE_TEMPLATE, template_row(template))
        return template
    known = await _changeable(unit, template.id, keeper)
    row = template_row(template) | {"owner_id": known.owner_id if known.shared else keeper.official_id}
    unit.update(LINE_TEMPLATE, row)
    return template


async def delete_template(unit: UnitOfWork, identity: UUID, keeper: Keeper) -> None:
    """Removes a template. Raises NotFoundError template-unknown, ForbiddenError role-missing."""
    await _changeable(unit, identity, keeper)
    await unit.connection.execute(_DELETE, identity)


async def _changeable(unit: UnitOfWork, identity: UUID, keeper: Keeper) -> Template:
    rows = await unit.fetch(_LOCK, identity)
    known = template_of_row(rows[0]) if rows else None
    if known is None or not known.is_seen_by(keeper):
        raise NotFoundError("template-unknown", field="template_id")
    problem = sharing_refusal(keeper) if known.shared and known.owner_id != keeper.official_id else None
    if problem:
        raise problem
    return known


def remember_used(unit: UnitOfWork, lines: Iterable[Line]) -> None:
    """Remembers the lines' steps as what their drafters used last, one row for each drafter, kind and task.

    Lines a legacy system drafted are its own habit, not the official's here. Of a batch the one submitted last counts.
    """
    newest: dict[tuple[str, str, int, str], Line] = {}
    for line in sorted(lines, key=lambda line: line.submitted_at):
        drafter = next((step for step in line.steps if step.role is Role.DRAFT), None)
        if drafter and drafter.official_id and not drafter.asserted_by:
            newest[line.agency_id, drafter.official_id, line.kind, line.task_code] = line
    for key in sorted(newest):
        line = newest[key]
        row = dict(zip(("agency_id", "official_id", "kind", "task_code"), key, strict=True))
        steps = stored_steps(skeleton(line.steps))
        unit.insert(LAST_USED, row | {"steps": steps, "used_at": line.submitted_at}, conflict=_NEWER)

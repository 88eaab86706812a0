"""Kept lines: of one official, or shared with a department; who may see and change which.

A template is a line to begin with and nothing more: it is judged like any other line when a document is submitted with it.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from approval.domain.step import Step
from chassis.errors import ForbiddenError, InvalidError, RefusalError

MOST_STEPS = 100
MOST_NAME = 200
SHARING_ROLES = frozenset({"approver", "clerk"})


@dataclass(frozen=True, slots=True)
class Keeper:
    """Who keeps templates: an official in one capacity."""

    official_id: str
    agency_id: str
    department_code: str
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Template:
    """A kept line. kind, task_code: 0 and empty for every one. steps: without the drafter's, orders from 1."""

    id: UUID
    agency_id: str
    department_code: str
    owner_id: str
    name: str
    kind: int
    task_code: str
    shared: bool
    steps: tuple[Step, ...]
    changed_at: datetime

    def is_seen_by(self, keeper: Keeper) -> bool:
        """Their own, and those shared with the department they act for."""
        if self.agency_id != keeper.agency_id:
            return False
        return self.department_code == keeper.department_code if self.shared else self.owner_id == keeper.official_id

    def fits(self, kind: int, task_code: str) -> bool:
        """True when it was kept for such documents, or for every kind."""
        return self.kind in {0, kind} and self.task_code in {"", task_code}


def refusal(template: Template, keeper: Keeper) -> RefusalError | None:
    """Why a template cannot be kept like this by them."""
    if not template.name.strip():
        return InvalidError("template-name-missing", field="template.name")
    if len(template.name) > MOST_NAME:
        return InvalidError("template-name-too-long", params={"most": MOST_NAME}, field="template.name")
    if "\0" in template.name + template.task_code:
        return InvalidError("nul-inside", field="template.name")
    if not 0 < len(template.steps) <= MOST_STEPS:
        params = {"most": MOST_STEPS, "count": len(template.steps)}
        return InvalidError("template-steps", params=params, field="template.steps")
    return sharing_refusal(keeper) if template.shared else None


def sharing_refusal(keeper: Keeper) -> ForbiddenError | None:
    """Why somebody may not speak for the whole department."""
    if keeper.roles & SHARING_ROLES:
        return None
    return ForbiddenError("role-missing", params={"roles": ", ".join(sorted(SHARING_ROLES))}, field="template.shared")

"""Templates and proposals: rows and messages both ways."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from approval.domain.proposing import Origin, Proposal, skeleton
from approval.domain.step import Step
from approval.domain.templates import Keeper, Template
from approval.translate.lines import error_message
from approval.translate.steps import step_message, step_of, steps_of_row, stored_steps
from onnara.approval.v1 import approval_service_pb2 as pb
from onnara.exchange.v1.official_document_pb2 import ApprovalStep

_ORIGINS = {
    Origin.RULE: pb.PROPOSAL_KIND_RULE,
    Origin.TEMPLATE: pb.PROPOSAL_KIND_TEMPLATE,
    Origin.LAST_USED: pb.PROPOSAL_KIND_LAST_USED,
}


def steps_of(messages: Sequence[ApprovalStep], field: str) -> tuple[Step, ...]:
    """Steps of a request; raises InvalidError for kinds that are unknown here."""
    return tuple(step_of(message, f"{field}[{index}]") for index, message in enumerate(messages))


def template_of(message: pb.LineTemplate, identity: UUID, keeper: Keeper, now: datetime) -> Template:
    """The template a request describes, kept by somebody. Raises InvalidError for steps that cannot be read."""
    return Template(
        id=identity,
        agency_id=keeper.agency_id,
        department_code=keeper.department_code,
        owner_id=keeper.official_id,
        name=message.name.strip(),
        kind=message.kind,
        task_code=message.task_code,
        shared=message.shared,
        steps=skeleton(steps_of(message.steps, "template.steps")),
        changed_at=now,
    )


def template_message(template: Template) -> pb.LineTemplate:
    """The template as shown."""
    return pb.LineTemplate(
        template_id=str(template.id),
        name=template.name,
        kind=template.kind,  # type: ignore[arg-type]
        task_code=template.task_code,
        steps=[step_message(step) for step in template.steps],
        shared=template.shared,
    )


def template_row(template: Template) -> dict[str, Any]:
    """The template as its row."""
    return {
        "id": template.id,
        "agency_id": template.agency_id,
        "department_code": template.department_code,
        "owner_id": template.owner_id,
        "name": template.name,
        "kind": template.kind,
        "task_code": template.task_code,
        "shared": template.shared,
        "steps": stored_steps(template.steps),
        "changed_at": template.changed_at,
    }


def template_of_row(row: Mapping[str, Any]) -> Template:
    """The template of a row."""
    return Template(**{**row, "steps": steps_of_row(row["steps"])})


def proposal_message(proposal: Proposal) -> pb.LineProposal:
    """The proposal as shown."""
    return pb.LineProposal(
        kind=_ORIGINS[proposal.origin],
        name=proposal.name,
        steps=[step_message(step) for step in proposal.steps],
        problems=[error_message(problem) for problem in proposal.problems],
        template_id=proposal.template_id,
    )

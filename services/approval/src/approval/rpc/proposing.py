"""Lines to begin with, over gRPC: proposals, a check without storing anything, and kept templates."""

from typing import Any

from approval.domain.proposing import numbered
from approval.domain.templates import Keeper
from approval.handlers.checking import check_line
from approval.handlers.proposing import Wanted, propose, with_names
from approval.handlers.proving import required_strength
from approval.handlers.templates import delete_template, save_template
from approval.queries import templates as queries
from approval.rpc.calls import Calls, official
from approval.translate.lines import error_message, uuid_of
from approval.translate.proofs import STRENGTHS
from approval.translate.templates import proposal_message, steps_of, template_message, template_of
from chassis.actor import Actor
from chassis.errors import InvalidError
from chassis.ids import uuid7
from chassis.requests import run_command
from chassis.uow import UnitOfWork
from onnara.approval.v1 import approval_service_pb2 as pb

MOST_STEPS = 100


class Proposing(Calls):
    """ProposeLine, CheckLine and templates."""

    async def ProposeLine(self, request: pb.ProposeLineRequest, _: Any) -> pb.ProposeLineResponse:
        """Lines to begin with, best first, and what the rule says."""
        actor, keeper = official(), _keeper(official())
        kind, task = int(request.kind), request.task_code
        async with self._database.transaction(agency_id=actor.agency_id) as unit:
            templates = await queries.seen_templates(unit.connection, keeper)
            used = await queries.last_used(unit.connection, keeper, kind, task)
        view = self._directory.view(unit.now)
        wanted = Wanted(actor.official_id, actor.agency_id, actor.department_code, kind, task)
        proposals = propose(
            view, wanted, templates, used, lambda steps: check_line(steps, actor.agency_id, kind, task, view)
        )
        rule = view.rule_for(actor.agency_id, kind, task)
        return pb.ProposeLineResponse(
            proposals=[proposal_message(proposal) for proposal in proposals],
            level=rule.level if rule else 0,
            rule=rule.title if rule else "",
            audit=rule.audit if rule else False,
            required_strength=STRENGTHS[required_strength(view, actor.agency_id, kind, task)],
        )

    async def CheckLine(self, request: pb.CheckLineRequest, _: Any) -> pb.CheckLineResponse:
        """Every reason why the line would be refused at submission."""
        actor = official()
        if len(request.steps) > MOST_STEPS:
            raise InvalidError(
                "template-steps", params={"most": MOST_STEPS, "count": len(request.steps)}, field="steps"
            )
        view = self._directory.view(self._database.clock.now())
        steps = steps_of(request.steps, "steps")
        if not any(step.order for step in steps):
            # As they stand: submission numbers steps too, behind the drafter's.
            steps = numbered(steps)
        joint = tuple(request.joint_agency_ids)
        problems = check_line(steps, actor.agency_id, int(request.kind), request.task_code, view, joint)
        return pb.CheckLineResponse(problems=[error_message(problem) for problem in problems])

    async def ListTemplates(self, _request: pb.ListTemplatesRequest, _: Any) -> pb.ListTemplatesResponse:
        """The caller's own and the department's, by name."""
        actor = official()
        async with self._database.transaction(agency_id=actor.agency_id) as unit:
            found = await queries.seen_templates(unit.connection, _keeper(actor))
        view = self._directory.view(unit.now)
        return pb.ListTemplatesResponse(templates=[template_message(with_names(view, each)) for each in found])

    async def SaveTemplate(self, request: pb.SaveTemplateRequest, _: Any) -> pb.SaveTemplateResponse:
        """Adds a template, or replaces the one with its id."""
        actor = official()
        replaces = bool(request.template.template_id)
        identity = uuid_of(request.template.template_id, "template.template_id") if replaces else uuid7()

        async def save(unit: UnitOfWork) -> pb.SaveTemplateResponse:
            keeper = _keeper(actor)
            template = template_of(request.template, identity, keeper, unit.now)
            saved = await save_template(unit, template, keeper, replaces=replaces)
            return pb.SaveTemplateResponse(template=template_message(with_names(self._directory.view(unit.now), saved)))

        return await run_command(
            self._database,
            save,
            pb.SaveTemplateResponse,
            agency_id=actor.agency_id,
            client=actor.official_id,
            method="SaveTemplate",
            request_id=request.request_id,
        )

    async def DeleteTemplate(self, request: pb.DeleteTemplateRequest, _: Any) -> pb.DeleteTemplateResponse:
        """Removes one."""
        actor, identity = official(), uuid_of(request.template_id, "template_id")
        async with self._database.transaction(agency_id=actor.agency_id) as unit:
            await delete_template(unit, identity, _keeper(actor))
        return pb.DeleteTemplateResponse()


def _keeper(actor: Actor) -> Keeper:
    return Keeper(actor.official_id, actor.agency_id, actor.department_code, actor.roles)

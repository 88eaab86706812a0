"""The agency's rules of delegated decision: everybody reads and searches them, its administrators keep them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from fastapi import APIRouter, Request
from fastapi.responses import Response

from chassis.errors import OnnaraError, RefusalError
from gateway.counts import box_counts
from gateway.failures import status_of
from gateway.page import Official, Page, Posted
from gateway.pages.acts import Form
from gateway.pages.registration import form_of, kept_id
from gateway.sentences import Sentence, sentences
from gateway.views.choices import KINDS, LEVELS, choices
from gateway.views.rules import rule_rows
from onnara.common.v1 import actor_pb2
from onnara.directory.v1 import directory_service_pb2 as pb
from onnara.directory.v1.events_pb2 import DelegationRuleData
from onnara.documents.v1 import documents_service_pb2 as documents_pb

router = APIRouter(prefix="/rules")
KEEPER = "operator"


@dataclass(frozen=True, slots=True)
class Typed:
    """A rule as it is being written. rule_id: of the one it takes the place of; empty: a new one. begins: ISO 8601 day."""

    rule_id: str = ""
    title: str = ""
    task: str = ""
    kind: int = 0
    level: int = 5
    audit: bool = False
    passkey: bool = False
    begins: str = ""


@router.get("")
async def show(page: Official, q: str = "", change: str = "", done: str = "") -> Response:
    """Rules that hold or will; ``q``: words to look for, ``change``: the rule in the form."""
    return await _show(page, q=q, change=change, done=done)


@router.post("", dependencies=[Posted])
async def put(page: Official, request: Request) -> Response:
    """Adds a rule from a day on, or puts it in the place of what it was; refused, the form comes back as filled."""
    form = await form_of(request)
    typed = _typed(form)
    wanted = pb.PutDelegationRuleRequest(request_id=form.one("request_id"), rule=_rule(typed), valid_from=typed.begins)
    try:
        await page.caller.call(page.site.clients.directory.PutDelegationRule, wanted)
    except OnnaraError as error:
        problems = sentences(page.reader, error.problems)
        return await _show(
            page, typed=typed, problems=problems, request_id=kept_id(error, form), status=status_of(error)
        )
    return page.go("/rules?done=rule")


@router.post("/{rule_id}/end", dependencies=[Posted])
async def end(page: Official, rule_id: str, request: Request) -> Response:
    """Ends a rule from a day on; empty: today."""
    form = await form_of(request)
    wanted = pb.EndDelegationRuleRequest(
        request_id=form.one("request_id"), rule_id=rule_id, valid_to=form.one("valid_to")
    )
    try:
        await page.caller.call(page.site.clients.directory.EndDelegationRule, wanted)
    except RefusalError as error:
        problems = sentences(page.reader, error.problems)
        return await _show(page, ended=(rule_id, form.one("valid_to")), problems=problems, status=status_of(error))
    return page.go("/rules?done=rule-ended")


def _typed(form: Form) -> Typed:
    return Typed(
        rule_id=form.one("rule_id"),
        title=form.one("title"),
        task=form.one("task"),
        kind=form.number("kind"),
        level=form.number("level"),
        audit=bool(form.one("audit")),
        passkey=bool(form.one("passkey")),
        begins=form.one("begins"),
    )


def _rule(typed: Typed) -> DelegationRuleData:
    strength = actor_pb2.AUTH_STRENGTH_PASSKEY if typed.passkey else actor_pb2.AUTH_STRENGTH_UNSPECIFIED
    return DelegationRuleData(
        rule_id=typed.rule_id,
        title=typed.title,
        task_code=typed.task,
        document_kind=typed.kind,  # type: ignore[arg-type]
        level=typed.level,
        audit=typed.audit,
        decision_strength=strength,
    )


def _as_typed(entry: pb.DelegationRuleEntry) -> Typed:
    """The form filled with a rule, to be changed from a day on."""
    rule = entry.rule
    passkey = rule.decision_strength == actor_pb2.AUTH_STRENGTH_PASSKEY
    return Typed(rule.rule_id, rule.title, rule.task_code, rule.document_kind, rule.level, rule.audit, passkey)


async def _tasks(page: Page) -> dict[str, str]:
    """Unit tasks of the person's department by code; none when documents are away: codes say it too."""
    try:
        request = documents_pb.ListTasksRequest()
        answer = await page.caller.call(page.site.clients.documents.ListTasks, request)
    except OnnaraError:
        return {}
    return {each.task.code: each.task.name for each in answer.tasks}


async def _show(
    page: Page,
    *,
    q: str = "",
    change: str = "",
    done: str = "",
    typed: Typed | None = None,
    ended: tuple[str, str] = ("", ""),
    problems: list[Sentence] | None = None,
    request_id: str = "",
    status: int = 200,
) -> Response:
    request = pb.ListDelegationRulesRequest()
    entries = (await page.caller.call(page.site.clients.directory.ListDelegationRules, request)).rules
    tasks = await _tasks(page)
    chosen = next((each for each in entries if change and each.rule.rule_id == change), None)
    capacity = page.session.capacity
    today = datetime.now(UTC).astimezone(page.reader.zone).date()
    return page.render(
        "rules.html",
        status=status,
        boxes=await box_counts(page),
        here="rules",
        q=q,
        rows=rule_rows(page.reader, entries, tasks, today, q),
        total=len(entries),
        keeper=bool(capacity and KEEPER in capacity.roles),
        form=typed or (_as_typed(chosen) if chosen else Typed()),
        changing=bool(chosen or (typed and typed.rule_id)),
        ended=ended,
        tasks=tasks,
        kinds=choices(page.reader, KINDS),
        levels=choices(page.reader, LEVELS),
        today=today.isoformat(),
        request_id=request_id or uuid4().hex,
        done=done,
        problems=problems or [],
    )

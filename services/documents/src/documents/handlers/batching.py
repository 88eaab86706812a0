"""Drafts enter their line: one, or several that are decided by one act and numbered one after the other (일괄기안).

drafts -> judged together -> manifests, the first one naming those of the others -> one line, opened for the first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from chassis.actor import Actor
from chassis.errors import InvalidError, NotFoundError, Problem
from chassis.ids import uuid7
from chassis.uow import UnitOfWork
from documents.domain.state import State
from documents.domain.submission import Judgement, judge
from documents.handlers.cards import author_of, freeze, keep_manifest, record, refusal_of, show_deputies, version_row
from documents.handlers.drafting import act, load_drafts
from documents.handlers.readers import set_audience
from documents.ports.directory import View
from documents.tables import DOCUMENT, PAST_LINE, VERSION
from documents.translate import content, events
from onnara.exchange.v1.events_pb2 import Origin

MOST = 100
BATCH = "행정업무규정 시행규칙 5①"
_CHANGED = (
    "id", "state", "version", "title", "content", "steps", "body_number", "manifest_hash", "line_id", "line_version",
    "lead_id", "place", "problems", "retention", "recipients_label", "attachment_count", "directory_version",
    "correlation_id", "changed_at",
)  # fmt: skip


@dataclass(slots=True)
class Entry:
    """One draft on its way in. before: state and line it comes from."""

    row: dict[str, Any]
    document: Any
    judgement: Judgement
    state: State
    before: tuple[str, UUID | None]


async def submit_drafts(
    unit: UnitOfWork,
    wanted: Sequence[tuple[UUID, int]],
    steps: Sequence[Any],
    actor: Actor,
    view: View,
    correlation_id: str,
    *,
    carry_over: bool = False,
) -> Sequence[Mapping[str, Any]]:
    """Sends the caller's drafts into one line, the first one leading. carry_over: approvals of its last line may stay.

    Raises NotFoundError, ConflictError, ForbiddenError, or InvalidError with all problems of all drafts.
    """
    _check_batch(wanted)
    rows = await load_drafts(unit, list(wanted))
    if any(row["author_id"] != actor.official_id for row in rows):
        raise NotFoundError("document-unknown", field="document_id")
    entries = [await _entry(unit, row, steps, actor, view) for row in rows]
    problems = _problems(entries)
    if problems:
        raise refusal_of(problems)
    lead, *companions = entries
    line_id = uuid7()
    lead.row.update(lead_id=None, place=0)
    for place, entry in enumerate(companions, start=1):
        entry.row.update(lead_id=lead.row["id"], place=place)
        _enter(unit, entry, line_id, (), actor, view)
    _enter(unit, lead, line_id, [entry.row["manifest_hash"].hex() for entry in companions], actor, view)
    before, past = lead.before
    event = events.submitted(
        lead.row,
        lead.document,
        unit.now,
        carry_over=str(past) if carry_over and before == State.RETURNED else "",
        joint=lead.judgement.joint,
        companion_count=len(companions),
    )
    for entry in entries:
        entry.row["correlation_id"] = correlation_id
        unit.update(DOCUMENT, {name: entry.row[name] for name in _CHANGED})
        happened = event if entry is lead else events.progressed(entry.row)
        record(unit, entry.row, happened, actor.to_dict(), correlation_id)
    return rows


def _check_batch(wanted: Sequence[tuple[UUID, int]]) -> None:
    if not wanted:
        raise InvalidError("drafts-missing", field="drafts", source=BATCH)
    if len(wanted) > MOST:
        raise InvalidError("drafts-too-many", params={"limit": MOST}, field="drafts", source=BATCH)
    if len({identity for identity, _ in wanted}) != len(wanted):
        raise InvalidError("draft-doubled", field="drafts", source=BATCH)


async def _entry(unit: UnitOfWork, row: dict[str, Any], steps: Sequence[Any], actor: Actor, view: View) -> Entry:
    before = row["state"], row["line_id"]
    state = await act(unit, row, "submit", actor, view)
    document = content.restored(row, row["body"])
    document.ClearField("steps")
    document.steps.append(content.draft_step(actor.official_id, unit.now))
    document.steps.extend(content.own_step(step) for step in steps)
    for order, step in enumerate(document.steps, start=1):
        step.order = order
    submission = content.submission_of(document, Origin(), agency_id=actor.agency_id)
    return Entry(row, document, judge(submission, view), state, before)


def _problems(entries: Sequence[Entry]) -> list[Problem]:
    """All of them; those of a batch say which draft they are about."""
    if len(entries) == 1:
        return list(entries[0].judgement.problems)
    found = [
        replace(problem, field=f"drafts[{number}].{problem.field}")
        for number, entry in enumerate(entries)
        for problem in entry.judgement.problems
    ]
    for number, entry in enumerate(entries):
        if entry.judgement.joint:
            # Each document of a joint batch would need the same agencies; nobody drafts so.
            found.append(Problem("batch-joint", {}, f"drafts[{number}].document.joint_agencies", BATCH))
    return found


def _enter(unit: UnitOfWork, entry: Entry, line_id: UUID, companions: Sequence[str], actor: Actor, view: View) -> None:
    """Freezes one draft: card, text, manifest and readers."""
    row, document, judgement = entry.row, entry.document, entry.judgement
    content.resolve(document, judgement.officials, view, actor.agency_id)
    content.complete(document, view, actor.agency_id, judgement.department_code)
    _leave_line(unit, row)
    canonical = freeze(row, document, view.version, line_id=line_id, companions=companions)
    row["content"], row["steps"], _ = content.stored(document)
    row.update(
        state=entry.state,
        version=row["version"] + 1,
        line_version=0,
        problems=[],
        retention=document.retention,
        recipients_label=content.recipients_label(document),
        attachment_count=len(document.attachments),
        changed_at=unit.now,
    )
    _freeze_text(unit, row, document, actor, view)
    keep_manifest(unit, row["id"], canonical)
    set_audience(unit, row, document)
    show_deputies(unit, row, document.steps, view)


def _leave_line(unit: UnitOfWork, row: Mapping[str, Any]) -> None:
    if row["line_id"] is not None:
        unit.insert(PAST_LINE, {"line_id": row["line_id"], "document_id": row["id"]}, conflict="DO NOTHING")


def _freeze_text(unit: UnitOfWork, row: dict[str, Any], document: Any, actor: Actor, view: View) -> None:
    """The text becomes the version that is decided on; one that was decided on before stays beside it."""
    if not row["text_hash"]:
        frozen = {
            "document_id": row["id"],
            "number": row["body_number"],
            "manifest_hash": row["manifest_hash"],
            "content": row["content"],
        }
        unit.update(VERSION, frozen, key=("document_id", "number"))
    elif row["text_hash"] != row["manifest_hash"]:
        base, row["body_number"] = row["body_number"], row["last_number"] + 1
        unit.insert(VERSION, version_row(unit, row, document, author_of(actor, view), base_number=base))

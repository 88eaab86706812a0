"""Decisions on lines: one or five hundred, each with an outcome of its own, in the same number of statements.

lock the lines, with the answers given before -> ``decide`` in memory, one after the other -> lines, boxes, answers, journal.
A repetition that waited behind the original is refused for what that one did: then its answer is there, and is looked up.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias
from uuid import UUID

from approval.domain.deciding import Decision, decide
from approval.domain.line import Line
from approval.domain.manifests import Edit
from approval.domain.people import concerns
from approval.handlers.proving import DecisionProofs
from approval.handlers.stored import lock_lines, save_lines
from approval.ports.watch import LineWatch
from approval.translate.lines import Answer, Told, actor_message, answer_of, decided, line_changed
from chassis import requests
from chassis.actor import Actor
from chassis.errors import ConflictError, NotFoundError, RefusalError
from chassis.uow import UnitOfWork

METHOD = "Decide"
"""Answers are kept under one name, so that an item of a bulk decision may be repeated alone."""


@dataclass(frozen=True, slots=True)
class Item:
    """One decision with its request id; empty: not protected against repetition. place: of its item in the call."""

    request_id: str
    decision: Decision
    place: int = 0


Result: TypeAlias = Answer | RefusalError


@dataclass
class _Run:
    """What one call has done so far. before: lines as they were loaded; now: as they are."""

    before: dict[UUID, Line]
    edits: dict[UUID, tuple[Edit, ...]]
    answers: dict[str, bytes]
    proofs: DecisionProofs | None = None
    now: dict[UUID, Line] = field(default_factory=dict)
    used: dict[str, UUID] = field(default_factory=dict)


async def decide_lines(
    unit: UnitOfWork, items: Sequence[Item], actor: Actor, watch: LineWatch, proofs: DecisionProofs | None = None
) -> Sequence[Result]:
    """Carries out decisions of one official; an outcome for each, in order. Whom a line does not concern finds none.

    proofs: what proves them; None: nobody asks for proof.
    """
    wanted = ((item.decision.line_id, item.request_id) for item in items)
    locked = await lock_lines(unit, wanted, actor.official_id, METHOD)
    run = _Run(locked.lines, locked.edits, locked.answers, proofs)
    results = [_decide_one(unit, item, actor, run) for item in items]
    results = await _answered_since(unit, items, results, actor)
    if run.now:
        save_lines(unit, [(run.before[identity], after) for identity, after in run.now.items()])
        ids = [key for line in run.now.values() for key in (line.id, line.document_id)]
        unit.after_commit.append(lambda: watch.changed(ids))
    return results


async def _answered_since(
    unit: UnitOfWork, items: Sequence[Item], results: Sequence[Result], actor: Actor
) -> list[Result]:
    """The results, but what was refused and had been answered before is answered so again."""
    pairs = list(zip(items, results, strict=True))
    refused = [item.request_id for item, result in pairs if item.request_id and isinstance(result, RefusalError)]
    if not refused:
        return list(results)
    answers = await requests.answered(unit, actor.official_id, METHOD, refused)
    return [
        _again(answers[item.request_id], item.decision.line_id)
        if isinstance(result, RefusalError) and item.request_id in answers
        else result
        for item, result in pairs
    ]


def _again(stored: bytes, line_id: UUID) -> Result:
    """An answer given before. One about another line must never be taken for one about this."""
    answer = answer_of(stored)
    return answer if answer.line_id == str(line_id) else _reused()


def _decide_one(unit: UnitOfWork, item: Item, actor: Actor, run: _Run) -> Result:
    line_id = item.decision.line_id
    if item.request_id in run.answers:
        return _again(run.answers[item.request_id], line_id)
    if item.request_id and run.used.setdefault(item.request_id, line_id) != line_id:
        return _reused()
    line = run.now.get(line_id) or run.before.get(line_id)
    if line is None or not concerns(line, item.decision.signer):
        return NotFoundError("line-unknown", field="line_id")
    acted = decide(line, item.decision, run.edits.get(line_id, ()))
    if isinstance(acted, RefusalError):
        return acted
    if run.proofs:
        if missing := run.proofs.missing(line, acted.order, item.decision):
            return missing
        run.proofs.keep(unit, item.place, acted.line, item.decision)
    run.now[line_id] = acted.line
    decision = item.decision
    told = Told(decision.action.value, acted.order, decision.opinion.strip(), acted.returned_to)
    record(unit, acted.line, told, replace(actor, acting_for=decision.acting_for))
    answer = decided(acted.line)
    if item.request_id:
        run.answers[item.request_id] = answer.SerializeToString()
        requests.remember(unit, actor.official_id, METHOD, item.request_id, answer)
    return answer


def _reused() -> ConflictError:
    return ConflictError("request-id-reused", field="request_id")


def record(unit: UnitOfWork, line: Line, told: Told, actor: Actor) -> None:
    """Writes an act into the journal, from where everybody hears of it."""
    unit.record(
        line_changed(line, told, actor_message(actor)),
        aggregate_id=line.id,
        version=line.version,
        agency_id=line.agency_id,
        actor=actor.to_dict(),
        correlation_id=line.correlation_id,
    )

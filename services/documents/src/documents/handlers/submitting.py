"""Requests of legacy systems enter their line, or go back to their adapter with everything that is wrong with them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from chassis.envelope import Incoming
from chassis.errors import InvalidError, Problem
from chassis.messaging import Outcome
from chassis.uow import UnitOfWork
from documents.domain.state import State
from documents.domain.submission import Judgement, judge
from documents.handlers.cards import (
    Author,
    freeze,
    keep_manifest,
    keep_text,
    lock_keys,
    new_row,
    record,
    refusal_of,
    show_deputies,
)
from documents.handlers.readers import set_audience
from documents.ports.directory import View
from documents.tables import DOCUMENT
from documents.translate import content, events
from documents.translate.content import Request

_KNOWN = "SELECT origin_key, id, state, origin_revision FROM document WHERE origin_key = ANY ($1::text[])"
# A line that never opened, or one that ended without a decision: the record may come again, corrected.
_OVER = frozenset({State.REFUSED, State.RETURNED, State.STOPPED})
_RELEASE_KEY = (
    "UPDATE document SET origin_key = origin_key || ' (revision ' || origin_revision || ')' WHERE id = ANY ($1::uuid[])"
)


async def receive_requests(unit: UnitOfWork, batch: Sequence[Incoming[Request]], view: View) -> Sequence[Outcome]:
    """Requests of legacy systems become documents in their lines, or return to their adapter with all their problems."""
    keys = [content.origin_key(message.content.origin) for message in batch]
    # PostgreSQL takes no NUL; the rules refuse such a key, so it is nobody's.
    askable = [key for key in keys if "\x00" not in key]
    await lock_keys(unit, askable)
    known = {row["origin_key"]: row for row in await unit.fetch(_KNOWN, askable)}
    outcomes: list[Outcome] = []
    replaced: list[UUID] = []
    for message, key in zip(batch, keys, strict=True):
        request, before = message.content, known.get(key)
        if before is not None and before["origin_revision"] >= request.origin.revision:
            outcomes.append(None)  # the same record again
            continue
        judgement = judge(request.submission, view)
        problems = list(judgement.problems)
        if before is not None and before["state"] not in _OVER:
            problems = [Problem("request-already-submitted", {"document": str(before["id"])}, "origin.natural_key")]
        if problems:
            outcomes.append(_refuse(unit, message, problems))
            continue
        if before is not None:
            replaced.append(before["id"])
        row = _open_card(unit, message, judgement, view)
        known[key] = row
        outcomes.append(None)
    if replaced:
        await unit.connection.execute(_RELEASE_KEY, replaced)
    return outcomes


def _refuse(unit: UnitOfWork, message: Incoming[Request], problems: Sequence[Problem]) -> InvalidError:
    answer = events.refused(message.content.origin, "documents", problems)
    unit.record(
        answer,
        aggregate_id=message.id,
        version=1,
        agency_id=message.agency_id,
        actor=message.actor,
        correlation_id=message.correlation_id,
    )
    return refusal_of(problems)


def _open_card(unit: UnitOfWork, message: Incoming[Request], judgement: Judgement, view: View) -> dict[str, Any]:
    request = message.content
    document, origin = request.document, request.origin
    content.assert_done(document, origin)
    content.resolve(document, judgement.officials, view, judgement.agency_id)
    content.complete(document, view, judgement.agency_id, judgement.department_code)
    row = new_row(unit, document, judgement.agency_id, message.correlation_id)
    row.update(
        state=State.IN_PATH,
        author_id=judgement.officials[0],
        drafter_name=document.steps[0].person.name,
        origin=origin.SerializeToString(),
        origin_key=content.origin_key(origin),
        origin_revision=origin.revision,
        notification=int(origin.notification),
    )
    canonical = freeze(row, document, view.version)
    unit.insert(DOCUMENT, row)
    drafter = document.steps[0].person
    author = Author(drafter.official_id, row["drafter_name"], content.position_of(drafter.department, drafter.position))
    keep_text(unit, row, document, author)
    keep_manifest(unit, row["id"], canonical)
    set_audience(unit, row, document)
    show_deputies(unit, row, document.steps, view)
    submitted = events.submitted(row, document, unit.now, joint=judgement.joint)
    record(unit, row, submitted, message.actor, message.correlation_id)
    return row

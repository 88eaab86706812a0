"""Submitted documents -> lines, or refusals that documents passes back to where the request came from."""

from collections.abc import Sequence
from uuid import UUID

from approval.domain.line import Line
from approval.domain.opening import Submission
from approval.handlers.checking import MAY_CHANGE, judge
from approval.handlers.stored import Known, insert_lines, known_lines
from approval.handlers.templates import remember_used
from approval.ports.directory import View
from approval.ports.watch import LineWatch
from approval.translate.lines import line_opened, line_refused
from chassis.envelope import Incoming
from chassis.errors import InvalidError, Problem, TransientError
from chassis.messaging.outcome import Outcome
from chassis.uow import UnitOfWork


async def open_lines(
    unit: UnitOfWork, batch: Sequence[Incoming[Submission]], directory: View, watch: LineWatch
) -> Sequence[Outcome]:
    """Opens a line for each submission. One that is there already, or comes twice, changes nothing."""
    contents = [message.content for message in batch]
    former = [c.carry_over for c in contents if c.carry_over]
    known = await known_lines(unit, [c.line_id for c in contents], [c.document_id for c in contents], former)
    lines: dict[UUID, Line] = {}
    documents: set[UUID] = set()
    by_line: dict[UUID, Incoming[Submission]] = {}
    outcomes: list[Outcome] = []
    for message in batch:
        content = message.content
        if content.line_id in known.ids or content.line_id in lines:
            outcomes.append(None)
            continue
        judged = _judge(message, directory, known, documents)
        if isinstance(judged, Line):
            lines[judged.id] = judged
            documents.add(judged.document_id)
            by_line[judged.id] = message
            outcomes.append(None)
        elif _may_be_known_later(content, judged, directory):
            # Documents has seen officials of whom our copy of the directory has not heard yet.
            params = {"version": directory.version, "wanted": content.directory_version}
            outcomes.append(TransientError("directory-behind", params=params))
        else:
            outcomes.append(_refuse(unit, message, judged))
    if lines:
        await _open(unit, lines, by_line, known, watch)
    return outcomes


def _judge(
    message: Incoming[Submission], directory: View, known: Known, documents: set[UUID]
) -> Line | tuple[Problem, ...]:
    content = message.content
    if content.document_id in known.living or content.document_id in documents:
        return (Problem("document-has-line", field="document_id"),)
    former = known.former.get(content.carry_over) if content.carry_over else None
    return judge(content, message.correlation_id, directory, former)


def _may_be_known_later(content: Submission, problems: Sequence[Problem], directory: View) -> bool:
    return content.directory_version > directory.version and all(problem.code in MAY_CHANGE for problem in problems)


def _refuse(unit: UnitOfWork, message: Incoming[Submission], problems: Sequence[Problem]) -> InvalidError:
    """Stored with the inbox row, and told to documents."""
    unit.record(
        line_refused(message.content, problems),
        aggregate_id=message.content.line_id,
        version=0,
        agency_id=message.content.agency_id,
        actor=message.actor,
        correlation_id=message.correlation_id,
    )
    first, *more = problems
    return InvalidError(first.code, params=first.params, field=first.field, source=first.source, more=tuple(more))


async def _open(
    unit: UnitOfWork,
    lines: dict[UUID, Line],
    by_line: dict[UUID, Incoming[Submission]],
    known: Known,
    watch: LineWatch,
) -> None:
    replaced = [old for line in lines.values() for old in known.returned.get(line.document_id, ())]
    opened = await insert_lines(unit, lines.values(), replaced)
    for identity in opened:
        line, message = lines[identity], by_line[identity]
        unit.record(
            line_opened(line),
            aggregate_id=identity,
            version=line.version,
            agency_id=line.agency_id,
            actor=message.actor,
            correlation_id=line.correlation_id,
        )
    remember_used(unit, (lines[identity] for identity in opened))
    ids = [*opened, *(lines[identity].document_id for identity in opened)]
    unit.after_commit.append(lambda: watch.changed(ids))

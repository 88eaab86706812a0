"""What reports are answered with, into the journal and back to who reported: taken, with what it changed, or refused."""

from collections.abc import Sequence
from typing import Any

from chassis.envelope import Incoming
from chassis.errors import Problem, RefusalError, problems_of
from chassis.uow import UnitOfWork
from directory import translate
from onnara.exchange.v1.events_pb2 import Origin
from onnara.exchange.v1.reports_pb2 import ReportEffect

CHANGED = ReportEffect.REPORT_EFFECT_CHANGED
UNCHANGED = ReportEffect.REPORT_EFFECT_UNCHANGED
OUTDATED = ReportEffect.REPORT_EFFECT_OUTDATED


def stored(
    unit: UnitOfWork,
    message: Incoming[Any],
    origin: Origin,
    effect: ReportEffect.ValueType,
    notices: Sequence[Problem] = (),
) -> None:
    """The report was taken."""
    _record(unit, message, translate.report_stored(origin, effect, notices, unit.now))


def refused(unit: UnitOfWork, message: Incoming[Any], origin: Origin, refusal: RefusalError) -> None:
    """The report was not taken; its record returns into quarantine with these reasons."""
    _record(unit, message, translate.report_refused(origin, problems_of(refusal)))


def _record(unit: UnitOfWork, message: Incoming[Any], answer: Any) -> None:
    unit.record(
        answer,
        aggregate_id=message.id,
        version=1,
        agency_id=message.agency_id,
        actor=message.actor,
        correlation_id=message.correlation_id,
    )

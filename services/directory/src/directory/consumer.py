"""What the directory listens to: reports of personnel systems and of the table of agency codes."""

from typing import Any

from chassis.messaging import Subscription
from directory.handlers.personnel import report_absences, report_people, report_posts
from directory.handlers.reported_units import report_units
from directory.translate.reports import absence_of, person_of, post_of, unit_of
from onnara.exchange.v1.personnel_pb2 import AbsenceReported, AppointmentReported, OfficialReported
from onnara.exchange.v1.units_pb2 import UnitReported


def subscriptions() -> list[Subscription[Any, Any]]:
    """All of them."""
    return [
        Subscription(OfficialReported, person_of, report_people),
        Subscription(AppointmentReported, post_of, report_posts),
        Subscription(AbsenceReported, absence_of, report_absences),
        Subscription(UnitReported, unit_of, report_units),
    ]

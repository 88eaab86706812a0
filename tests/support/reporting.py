"""Reports of a personnel system as the directory gets them, and what it answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from chassis.envelope import Incoming
from chassis.uow import Database
from directory.consumer import subscriptions
from onnara.exchange.v1 import events_pb2, personnel_pb2, reports_pb2, units_pb2

MONDAY = datetime(2026, 5, 11, 1, 0, tzinfo=UTC)
_ANSWERS = """
SELECT type, payload FROM journal WHERE type LIKE 'onnara.exchange.%' AND aggregate_id = ANY ($1::uuid[]) ORDER BY seq
"""
_COUNTER = iter(range(1, 1_000_000))


@dataclass(frozen=True)
class Answer:
    """What a report was answered with: its effect, or the codes it was refused with."""

    effect: str
    codes: tuple[str, ...]
    notices: tuple[str, ...] = ()
    params: Mapping[str, str] | None = None


def person(number: str, name: str = "한새롬", login: str = "", *, at: datetime = MONDAY, **more: Any) -> Any:
    """A person of 행정자치부."""
    return _made(personnel_pb2.OfficialReported, at, person_number=number, name=name, login=login, **more)


def post(
    order: str,
    number: str,
    department: str = "Z310101",
    position: str = "주무관",
    *,
    at: datetime = MONDAY,
    **more: Any,
) -> Any:
    """A person in a post."""
    more = {"kind": personnel_pb2.APPOINTMENT_KIND_REGULAR, "level": 7, "first_day": "2026-01-05", **more}
    fields = {"order_number": order, "person_number": number, "department_code": department, "position": position}
    return _made(personnel_pb2.AppointmentReported, at, **fields, **more)


def absence(
    key: str, number: str, days: tuple[float, float | None], deputy: str = "", *, at: datetime = MONDAY, **more: Any
) -> Any:
    """An absence; days: its beginning and its end, counted from Monday 10:00."""
    made = _made(
        personnel_pb2.AbsenceReported,
        at,
        **{"absence_number": key, "person_number": number, "deputy_person_number": deputy, "reason": "leave", **more},
    )
    made.starts_at.FromDatetime(MONDAY + timedelta(days=days[0]))
    if days[1] is not None:
        made.ends_at.FromDatetime(MONDAY + timedelta(days=days[1]))
    return made


def unit(code: str, *, at: datetime = MONDAY, **more: Any) -> Any:
    """A unit of the table of agency codes."""
    named = {"name": f"{code}과", "full_name": f"시험 {code}과", "parent_code": "0000000", "representative_code": code}
    return _made(units_pb2.UnitReported, at, code=code, **{"system": "agency-codes", **named, **more})


def _made(form: Any, at: datetime, *, system: str = "personnel", **fields: Any) -> Any:
    natural = f"{next(_COUNTER):08d}"
    made = form(
        origin={
            "record_id": str(uuid4()),
            "revision": 1,
            "system": system,
            "natural_key": natural,
            "agency_code": "1310000",
        },
        **fields,
    )
    made.reported_at.FromDatetime(at)
    return made


async def report(database: Database, *messages: Any, occurred: datetime | None = None) -> list[Answer]:
    """Hands reports of one kind to the directory in one batch; the answers in their order, empty for those that wait."""
    subscription = next(s for s in subscriptions() if s.message is type(messages[0]))
    batch = [
        Incoming(uuid4(), subscription.name, "agency", {"system": "adapters/personnel"}, message.origin.record_id, occurred or database.clock.now(), subscription.translate(message))
        for message in messages
    ]  # fmt: skip
    async with database.transaction() as unit_of_work:
        outcomes = await subscription.handle(unit_of_work, batch)
    assert len(outcomes) == len(batch)
    answers = await _answers(database, [each.id for each in batch])
    return [
        answers.get(message.origin.record_id, Answer("", (outcome.code,) if outcome else ()))
        for message, outcome in zip(messages, outcomes, strict=True)
    ]


async def _answers(database: Database, ids: Sequence[UUID]) -> dict[str, Answer]:
    found: dict[str, Answer] = {}
    for row in await database.pool.fetch(_ANSWERS, ids):
        if row["type"].endswith("ReportStored"):
            stored = reports_pb2.ReportStored.FromString(row["payload"])
            effect = reports_pb2.ReportEffect.Name(stored.effect).removeprefix("REPORT_EFFECT_").lower()
            answer, origin = (
                Answer(
                    effect,
                    (),
                    tuple(each.code for each in stored.notices),
                    dict(stored.notices[0].params) if stored.notices else None,
                ),
                stored.origin,
            )
        else:
            refused = events_pb2.RequestRefused.FromString(row["payload"])
            assert refused.stage == "directory"
            answer, origin = (
                Answer("refused", tuple(each.code for each in refused.errors), (), dict(refused.errors[0].params)),
                refused.origin,
            )
        assert origin.record_id not in found
        found[origin.record_id] = answer
    return found

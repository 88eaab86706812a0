"""Inside the agency: distributed (배부), accepted with its number (접수), given into somebody's charge, or given back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chassis.errors import InvalidError
from chassis.uow import UnitOfWork
from documents.domain import receiving, registration, relating, retention
from documents.domain.registration import Number
from documents.domain.state import State
from documents.domain.submission import Person
from documents.handlers.arriving import tokens_of
from documents.handlers.cards import show
from documents.handlers.circulating import show_to
from documents.handlers.numbering import keep_number, take_serials
from documents.handlers.readers import hide, make_findable
from documents.handlers.received import Asked, Received, checked_text, open_received
from documents.ports.directory import View
from documents.translate import content
from onnara.documents.v1.events_pb2 import ReadersChanged
from onnara.exchange.v1.events_pb2 import DeliveryStep
from onnara.exchange.v1.official_document_pb2 import OfficialDocument


@dataclass(frozen=True, slots=True)
class Charge:
    """Who is in charge, who is shown it, and what was ordered with it. due_on: ISO 8601 day or empty."""

    official_id: str
    circulate_to: Sequence[str] = ()
    instruction: str = ""
    due_on: str = ""


async def distribute(
    unit: UnitOfWork, asked: Asked, department_code: str, informed: Sequence[str], note: str, view: View
) -> int:
    """Gives it to the department whose business it is, and lets others concerned see it (시행규칙 15③).

    Who had it wrongly before does not see it any more, nor the number it may get; its readings stay. Answers the version.
    """
    case, state = await open_received(unit, asked, "distribute", view)
    agency_id = case.row["agency_id"]
    receiving.check_departments(department_code, informed, _own(view, agency_id, [department_code, *informed]))
    before = {case.row["department_code"]} if case.row["state"] == State.TO_ACCEPT else set()
    told = list(dict.fromkeys([*case.receipt["informed"], *informed]))
    wrong = (before | set(case.receipt["given_back"])) - {department_code, *told, view.document_department(agency_id)}
    await hide(unit, case.row["id"], [f"department:{code}" for code in wrong])
    case.place(department_code)
    for code in informed:
        show(unit, case.row["id"], f"department:{code}", agency_id)
    version = case.keep(
        state,
        "distribute",
        receipt={
            "distributed_at": unit.now,
            "given_back": [],
            "informed": told,
            "note": checked_text(note, "note"),
            "passed_to": "",
            "reason": "",
        },
    )
    if informed:
        tokens = [f"department:{code}" for code in informed]
        case.record(ReadersChanged(document_id=str(case.row["id"]), act="inform", tokens=tokens))
    return version


async def accept(unit: UnitOfWork, asked: Asked, task_code: str, view: View) -> tuple[int, Number]:
    """Accepts it with its number, class and file in one transaction, and has the sender told.

    The number is of the series that the department's own documents are numbered from (시행령 20③). Answers version and
    number.
    """
    case, state = await open_received(unit, asked, "accept", view)
    row = case.row
    department = row["department_code"]
    receiving.check_task(task_code, department, view.may_file(task_code, department))
    zone = view.zone(row["agency_id"])
    series = registration.series_of(department, unit.now, zone)
    first = await take_serials(unit, {series: 1})
    number = registration.number_of(department, row["department_name"], first[series], unit.now, zone)
    row["file_code"] = registration.file_code(department, task_code, number.year)
    row["retention"] = view.task(task_code).retention  # type: ignore[union-attr]
    keep_number(
        unit,
        number,
        row["id"],
        row["agency_id"],
        disclosure=OfficialDocument.FromString(row["content"]).disclosure.level,
        retained_until=retention.last_day(row["retention"], number.year),
    )
    version = case.keep(state, "accept", number=number, receipt={"accepted_at": unit.now, "task_code": task_code})
    case.tell_sender(DeliveryStep.DELIVERY_STEP_ACCEPTED, number=number)
    return version, number


async def assign(unit: UnitOfWork, asked: Asked, charge: Charge, view: View) -> int:
    """Names who is in charge, or another one (담당 지정), and shows it to those who should know (공람).

    Without an official it is shown only. Answers the version.
    """
    act = "assign" if charge.official_id else "circulate"
    case, state = await open_received(unit, asked, act, view)
    row = case.row
    if not charge.official_id and not charge.circulate_to:
        raise InvalidError("official-missing", field="official_id", source=receiving.CHARGING)
    due_on = receiving.due_day(charge.due_on, view.day)
    receipt: dict[str, Any] = {
        "in_charge_name": case.receipt["in_charge_name"],
        "instruction": checked_text(charge.instruction, "instruction") or case.receipt["instruction"],
        "due_on": due_on or case.receipt["due_on"],
    }
    if charge.official_id:
        _check_charge(charge.official_id, case)
        row["in_charge_id"] = charge.official_id
        receipt["in_charge_name"] = view.position_of(charge.official_id, row["agency_id"])[0]
        show(unit, row["id"], f"official:{charge.official_id}", row["agency_id"])
        make_findable(unit, row, content.restored(row, ""), receipt["in_charge_name"])
    version = case.keep(state, act, official_id=charge.official_id, receipt=receipt)
    if charge.circulate_to:
        _circulate(case, charge)
    return version


async def ask_redistribution(unit: UnitOfWork, asked: Asked, reason: str, suggested: str, view: View) -> int:
    """Gives it back to the document department at once: it is not the department's business (시행규칙 16③)."""
    case, state = await open_received(unit, asked, "ask-redistribution", view)
    agency_id = case.row["agency_id"]
    if not checked_text(reason, "reason"):
        raise InvalidError("reason-missing", field="reason", source=receiving.GIVING_BACK)
    if suggested and not _own(view, agency_id, [suggested]):
        raise InvalidError("department-unknown", params={"code": suggested}, field="suggested_department_code")
    office = view.document_department(agency_id) or view.agency(agency_id).code  # type: ignore[union-attr]
    gave_back = [*case.receipt["given_back"], case.row["department_code"]]
    case.place(office)
    for token in tokens_of(state, office, agency_id, view):
        show(unit, case.row["id"], token, agency_id)
    return case.keep(
        state,
        "ask-redistribution",
        receipt={"reason": checked_text(reason, "reason"), "passed_to": suggested, "given_back": gave_back},
    )


def _own(view: View, agency_id: str, codes: Sequence[str]) -> list[str]:
    """Those of the codes that units of the agency bear today."""
    return [code for code in codes if (unit := view.unit(code)) is not None and unit.agency_id == agency_id]


def _circulate(case: Received, charge: Charge) -> None:
    """Shows it to people of the agency (공람); raises InvalidError unknown-official."""
    if charge.official_id:
        case.moved("circulate")
    agency_id, wanted = case.row["agency_id"], list(dict.fromkeys(charge.circulate_to))
    for place, official_id in enumerate(wanted):
        if not case.view.official("", Person(official_id=official_id), agency_id):
            params = {"person": official_id}
            raise InvalidError("unknown-official", params=params, field=f"circulate_to[{place}]")
    people = [(official_id, agency_id) for official_id in wanted]
    show_to(case.unit, case.row, people, relating.CIRCULATE, case.actor.to_dict(), case.view, charge.instruction)


def _check_charge(official_id: str, case: Received) -> None:
    department = case.row["department_code"]
    if not case.view.works_in(official_id, case.row["agency_id"], department):
        params = {"official": official_id, "department": department}
        raise InvalidError(
            "official-of-another-department", params=params, field="official_id", source=receiving.CHARGING
        )

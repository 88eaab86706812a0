"""Received documents (접수문서) as a machine: who may do what from arrival to completion, and what follows by itself.

행정업무규정 18 and 시행규칙 15 to 17. Rows nobody is named in are the system's own: they follow from what came in.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from chassis.errors import InvalidError
from chassis.worktime import Calendar
from documents.domain import relation
from documents.domain.delivery import document_state
from documents.domain.state import WITH_RECORDS_SYSTEM, State
from documents.domain.transition import Transition

ARRIVING = "행정업무규정 제18조제2항"
ACCEPTING = "행정업무규정 제18조제1항"
CHARGING = "행정업무규정 제18조제4항"
CIRCULATING = "행정업무규정 시행규칙 제17조"
GIVING_BACK = "행정업무규정 시행규칙 제16조제3항"
TRANSFERRING = "행정업무규정 시행규칙 제16조제2항"
SENDING_BACK = "행정업무규정 시행규칙 제16조제1항"
FORWARDING = "행정업무규정 시행규칙 제15조제4항"
DUTY = "행정업무규정 시행규칙 제15조제5항"
FILING = "공공기록물법 시행령 제25조"

_SYSTEM: frozenset[str] = frozenset()
_OFFICE = frozenset({relation.DOCUMENT_CLERK})
_CLERKS = frozenset({relation.CLERK})
_LEADERS = _CLERKS | {relation.HEAD}
_DOERS = _CLERKS | {relation.IN_CHARGE}
_DEALING = _LEADERS | {relation.IN_CHARGE}

_NEW: frozenset[State] = frozenset()
_AT_OFFICE = frozenset({State.ARRIVED, State.REDISTRIBUTION_ASKED})
_IN_DEPARTMENT = frozenset({State.ACCEPTED, State.ASSIGNED})
_GONE = frozenset({"SENT", "ARRIVED", "RECEIVED", "TRANSFERRED", "ACCEPTED"})
AWAY = frozenset({State.TRANSFERRING, State.TRANSFERRED_AWAY})


def _staying(act: str, sources: Iterable[State], who: frozenset[str], article: str) -> tuple[Transition, ...]:
    """Rows of an act that leaves the document where it is."""
    return tuple(Transition(act, frozenset({state}), state, who, article) for state in sorted(sources))


TABLE = (
    Transition("arrive", _NEW, State.ARRIVED, _SYSTEM, ARRIVING),
    Transition("hand-over", frozenset({State.ARRIVED}), State.ARRIVED, _SYSTEM, DUTY),
    # Until it is accepted, the document department may give it to another department.
    Transition("distribute", _AT_OFFICE | {State.TO_ACCEPT}, State.TO_ACCEPT, _OFFICE, ARRIVING),
    Transition("arrive-directly", _NEW, State.TO_ACCEPT, _SYSTEM, ACCEPTING),
    Transition("accept", frozenset({State.TO_ACCEPT}), State.ACCEPTED, _CLERKS, ACCEPTING),
    Transition("assign", _IN_DEPARTMENT, State.ASSIGNED, _LEADERS, CHARGING),
    *_staying("circulate", _IN_DEPARTMENT, _DEALING, CIRCULATING),
    Transition("ask-redistribution", frozenset({State.TO_ACCEPT}), State.REDISTRIBUTION_ASKED, _LEADERS, GIVING_BACK),
    Transition("transfer", _AT_OFFICE, State.TRANSFERRING, _OFFICE, TRANSFERRING),
    Transition("transfer", _IN_DEPARTMENT | {State.TO_ACCEPT}, State.TRANSFERRING, _LEADERS, TRANSFERRING),
    # Again, when the copy failed or came back.
    Transition("transfer", AWAY, State.TRANSFERRING, _LEADERS | _OFFICE, TRANSFERRING),
    Transition("transferred", frozenset({State.TRANSFERRING}), State.TRANSFERRED_AWAY, _SYSTEM, TRANSFERRING),
    Transition("send-back", _AT_OFFICE, State.SENT_BACK, _OFFICE, SENDING_BACK),
    Transition("send-back", _IN_DEPARTMENT | {State.TO_ACCEPT}, State.SENT_BACK, _CLERKS, SENDING_BACK),
    # Again, when the draft that carried it came to nothing.
    Transition("forward", _IN_DEPARTMENT | {State.FORWARDING}, State.FORWARDING, _DEALING, FORWARDING),
    Transition("forwarded", frozenset({State.FORWARDING}), State.FORWARDED, _SYSTEM, FORWARDING),
    Transition("complete", frozenset({State.ASSIGNED}), State.COMPLETED, _DOERS, FILING),
)

DEFECTS = ("seal", "attachment", "form", "unreadable")
"""Formal defects for which a document may be sent back (시행규칙 16①)."""

ENDED = frozenset({State.TRANSFERRED_AWAY, State.SENT_BACK, State.FORWARDED, State.COMPLETED})
"""States in which nothing is left to do here."""


def arrived_at(code: str, *, is_agency: bool, document_department: str) -> State:
    """Where a document begins: at the document department (배부대기), or directly with a department (접수대기).

    An agency without a document department of its own distributes what is addressed to the agency.
    """
    act = "arrive" if is_agency or code == document_department else "arrive-directly"
    return next(row.target for row in TABLE if row.act == act)


def driven(act: str, state: State) -> State:
    """State after something that happens by itself; the same state when it means nothing there."""
    for row in TABLE:
        if row.act == act and not row.who and state in row.sources:
            return row.target
    return state


def handed_over_at(arrived: datetime, calendar: Calendar) -> datetime:
    """When work on it begins: at once in working time; what the duty officer received, when the next one begins."""
    return calendar.add_working_hours(arrived, 0)


def after_reports(state: State, copies: Iterable[str]) -> State:
    """State of a document from those of its copies: a transferred one has gone once its copy is with the other agency.

    What the records system has, or is asked to take, stays where it is: late reports are kept with its copies only.
    """
    found = set(copies)
    if state in WITH_RECORDS_SYSTEM:
        return state
    if state not in AWAY:
        return document_state(found)
    return driven("transferred", state) if has_gone(found) else state


def has_gone(copies: Iterable[str]) -> bool:
    """Whether any copy has reached the transport of its receiver."""
    return bool(_GONE & set(copies))


def check_again(copies: Iterable[str]) -> None:
    """Raises InvalidError unless every copy that was sent on failed or came back: nobody has it twice."""
    alive = sorted(set(copies) - {"FAILED", "RETURNED", "RECALLED", "CLOSED"})
    if alive:
        raise InvalidError("transfer-under-way", params={"state": alive[0]}, source=TRANSFERRING)


def check_defect(defect: str, reason: str) -> None:
    """Raises InvalidError unless a formal defect is named and explained: for anything else nothing is sent back."""
    if defect not in DEFECTS:
        raise InvalidError("defect-missing", field="defect", source=SENDING_BACK)
    if not reason.strip():
        raise InvalidError("reason-missing", field="reason", source=SENDING_BACK)


def check_task(task_code: str, department_code: str, may_file: bool | None) -> None:
    """Raises InvalidError unless the department files under the unit task. may_file: None when the task is unknown."""
    if may_file is None:
        raise InvalidError("unknown-task", params={"code": task_code}, field="task_code", source=FILING)
    if not may_file:
        params = {"code": task_code, "department": department_code}
        raise InvalidError("task-of-another-department", params=params, field="task_code", source=FILING)


def due_day(text: str, today: date) -> str:
    """A due day as ISO 8601 writes it; empty: there is none. Raises InvalidError for no day, or one that has gone by."""
    if not text:
        return ""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise InvalidError("day-invalid", params={"value": text}, field="due_on") from None
    if day < today:
        raise InvalidError("due-day-past", params={"day": text}, field="due_on", source="행정업무규정 제18조제5항")
    return day.isoformat()


def check_departments(lead: str, informed: Sequence[str], own: Iterable[str]) -> None:
    """Raises InvalidError unless all are departments of the agency, each named once. own: those that are."""
    known = set(own)
    for place, code in [
        ("department_code", lead),
        *((f"informed_department_codes[{n}]", c) for n, c in enumerate(informed)),
    ]:
        if code not in known:
            raise InvalidError("department-unknown", params={"code": code}, field=place, source=ARRIVING)
    if len({lead, *informed}) != 1 + len(informed):
        raise InvalidError("department-doubled", field="informed_department_codes")

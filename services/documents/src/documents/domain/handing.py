"""Handing records over to the records system (이관): what may go and when, and what its answer makes of what was handed over.

Row 23 of a produced document's life, and the end of a received one's. Every year the department hands over last year's
records (공공기록물법 시행령 32) and reports what it has produced (33); an abolished one without successor hands over all at
once (법 58③). The producer keeps a record until it was accepted; what stays here then is a copy.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from chassis.errors import ConflictError, InvalidError, Problem, RefusalError
from documents.domain import relation, retention
from documents.domain.delivery import document_state
from documents.domain.state import RECEIVED, State
from documents.domain.transition import Transition

TRANSFERRING = "공공기록물법 시행령 제32조"
REPORTING = "공공기록물법 시행령 제33조"
ABOLISHED = "공공기록물법 시행령 제58조제3항"
DISPOSING = "공공기록물법 시행령 제43조"
FILING = "공공기록물법 시행령 제23조"

TRANSFER, REPORT = "transfer", "production-report"
"""이관, 생산현황 통보."""
PREPARING, WAITING, ACCEPTED, RETURNED = "preparing", "waiting", "accepted", "returned"
"""States of a hand-over; its records know the last three."""
OPEN = frozenset({PREPARING, WAITING})
MOST = 5000
"""Records of one hand-over; a department with more hands over by unit task."""
MOST_BYTES = 512 * 1024 * 1024
"""Attachments of one hand-over: they are written to the records system as one transmission."""
LONGEST_EXTENSION = 10
"""Years (시행령 32)."""
_RECORDS = frozenset({relation.RECORDS})
_NOBODY: frozenset[str] = frozenset()
DONE = (State.FILED, State.SENT, State.SEND_CANCELLED)
"""Produced records that nothing is left to be done with."""
DEALT_WITH = (State.COMPLETED, State.FORWARDED, State.TRANSFERRED_AWAY, State.SENT_BACK)
"""Received ones."""


def _rows(sources: Sequence[State], waiting: State, accepted: State) -> tuple[Transition, ...]:
    return (
        Transition("hand-over-records", frozenset(sources), waiting, _RECORDS, TRANSFERRING),
        Transition("accept-records", frozenset({waiting}), accepted, _NOBODY, TRANSFERRING),
        *(Transition("return-records", frozenset({waiting}), back, _NOBODY, TRANSFERRING) for back in sources),
    )


TABLE = (
    *_rows(DONE, State.HANDED_OVER, State.TRANSFERRED),
    # What its copies have come to meanwhile.
    *(
        Transition("return-records", frozenset({State.HANDED_OVER}), state, _NOBODY, TRANSFERRING)
        for state in (State.SENDING, State.SENT_PARTIAL)
    ),
    *_rows(DEALT_WITH, State.RECEIPT_HANDED_OVER, State.RECEIPT_TRANSFERRED),
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A registered document as the rule sees it. missing: names of its attachments whose bytes are not there."""

    state: State
    file_code: str
    retained_until: date | None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Season:
    """A department's records of a year on a day. extended: last year of an extension in force; 0: none."""

    year: int
    today: date
    abolished: bool = False
    extended: int = 0

    @property
    def last_year(self) -> int:
        """The newest year whose records may go: the last one; of an abolished department this year too."""
        return self.today.year if self.abolished else self.today.year - 1

    @property
    def is_extended(self) -> bool:
        """Whether the department keeps them for the time being."""
        return not self.abolished and self.extended >= self.today.year

    @property
    def due_on(self) -> date:
        """Last day for the transfer."""
        if self.abolished:
            return self.today
        return date(max(self.year + 1, self.extended), 12, 31)


def report_due(year: int) -> date:
    """Last day on which the records centre is told what was produced in a year: 31 May of the next (시행령 33)."""
    return date(year + 1, 5, 31)


def refusals_of(kind: str, season: Season) -> list[Problem]:
    """Why nothing of a department's year may be handed over now."""
    if season.year > season.last_year:
        source = REPORTING if kind == REPORT else TRANSFERRING
        return [Problem("hand-over-too-early", {"year": str(season.year)}, "selection.year", source)]
    if kind == TRANSFER and season.is_extended:
        return [Problem("transfer-extended", {"year": str(season.extended)}, "selection.year", TRANSFERRING)]
    return []


def problems_of(candidate: Candidate, today: date) -> list[Problem]:
    """Why a record cannot be handed over now; empty: it can. What the records system has already is no candidate."""
    state = candidate.state
    if state in {State.HANDED_OVER, State.RECEIPT_HANDED_OVER}:
        return [Problem("record-handed-over", {}, "", TRANSFERRING)]
    found: list[Problem] = []
    if state not in DONE and state not in DEALT_WITH:
        code = "record-not-completed" if state in RECEIVED else "record-in-dispatch"
        found.append(Problem(code, {"state": state.value}, "", TRANSFERRING))
    if not candidate.file_code:
        found.append(Problem("record-without-file", {}, "", FILING))
    if retention.has_ended(candidate.retained_until, today):
        found.append(Problem("retention-ended", {"day": f"{candidate.retained_until}"}, "", DISPOSING))
    found += [Problem("record-attachment-missing", {"name": name}, "", TRANSFERRING) for name in candidate.missing]
    return found


def is_meant(file_code: str, period: int, task_code: str, minimum: int) -> bool:
    """Whether a selection means a record. task_code: empty for all. minimum: period it is kept at least; 0: any."""
    if task_code and task_of(file_code) != task_code:
        return False
    return not minimum or _length(period) >= _length(minimum)


def _length(period: int) -> int:
    return 1000 + period if period in retention.FOREVER else retention.YEARS.get(period, 0)


def task_of(file_code: str) -> str:
    """Unit task in the code of a file: department 7 + unit task 8 + year 4 + serial 6."""
    return file_code[7:15]


def handed_over(state: State) -> State:
    """State of a record that was handed over. Raises ConflictError act-not-now for one that is not ready."""
    for row in TABLE:
        if row.act == "hand-over-records" and state in row.sources:
            return row.target
    raise ConflictError("act-not-now", params={"act": "hand-over-records", "state": state.value}, source=TRANSFERRING)


def after_answer(state: State, before: State, *, accepted: bool, copies: Iterable[str] = ()) -> State:
    """State of a record its answer came for; where it no longer waits, it stays.

    before: state it was handed over in. copies: states of its copies, whose late reports count when it comes back.
    """
    if state not in {State.HANDED_OVER, State.RECEIPT_HANDED_OVER}:
        return state
    if accepted:
        return State.TRANSFERRED if state == State.HANDED_OVER else State.RECEIPT_TRANSFERRED
    found = list(copies)
    return document_state(found) if before == State.SENT and found else before


@dataclass(frozen=True, slots=True)
class Entry:
    """A record in a hand-over, by what faults may name it by. registration_key: department 7 + year 4 + serial 6."""

    record_id: str
    registration_key: str
    file_code: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What the records system finds wrong, and with what; all three empty: with the hand-over as a whole.

    code, reason: in its words. meaning, params: in ours where the adapter understands the code.
    """

    record_id: str = ""
    registration_key: str = ""
    file_code: str = ""
    place: str = ""
    code: str = ""
    reason: str = ""
    meaning: str = ""
    params: Mapping[str, str] = field(default_factory=dict)

    def is_about(self, entry: Entry) -> bool:
        """Whether it names the record, or its whole file. A version of its own (``id:number``) counts as its document."""
        if self.record_id:
            return self.record_id.partition(":")[0] == entry.record_id
        if self.registration_key:
            return self.registration_key == entry.registration_key
        return bool(self.file_code) and self.file_code == entry.file_code


@dataclass(frozen=True, slots=True)
class Settlement:
    """What an answer makes of a hand-over. faults: by record; loose: those that name none of its records."""

    accepted: frozenset[str]
    returned: frozenset[str]
    faults: Mapping[str, Sequence[Fault]] = field(default_factory=dict)
    loose: Sequence[Fault] = ()


def settle(waiting: Sequence[Entry], faults: Sequence[Fault], *, accepted: bool) -> Settlement:
    """Every record that waits is accepted or comes back, none is lost.

    Of what was accepted, records with faults come back alone; of what was returned, all do.
    """
    about = {entry.record_id: [fault for fault in faults if fault.is_about(entry)] for entry in waiting}
    loose = [fault for fault in faults if not any(fault.is_about(entry) for entry in waiting)]
    back = frozenset(record for record, found in about.items() if found or not accepted)
    return Settlement(frozenset(about) - back, back, {record: found for record, found in about.items() if found}, loose)


def judge_answer(state: str, *, accepted: bool) -> RefusalError | bool:
    """Whether an answer counts: True it does, False it was known.

    Refused when it contradicts what was answered before, or when nothing was handed over yet.
    """
    if state == WAITING:
        return True
    if state == PREPARING:
        return ConflictError("act-not-now", params={"act": "accept-records", "state": state}, source=TRANSFERRING)
    if (state == ACCEPTED) == accepted:
        return False
    return ConflictError("hand-over-answered", params={"state": state}, field="outcome", source=TRANSFERRING)


def check_size(records: int, size: int) -> None:
    """Raises InvalidError for more than one hand-over carries. size: of all attachments, bytes."""
    if records > MOST:
        raise InvalidError("records-too-many", params={"count": records, "limit": MOST}, field="selection.task_code")
    if size > MOST_BYTES:
        params = {"size": size >> 20, "limit": MOST_BYTES >> 20}
        raise InvalidError("records-too-large", params=params, field="selection.task_code")


def check_report(states: Iterable[str]) -> None:
    """Raises ConflictError while a report of the year waits for its answer, or once one was accepted."""
    for state in states:
        if state in OPEN:
            raise ConflictError("hand-over-open", source=REPORTING)
        if state == ACCEPTED:
            raise ConflictError("hand-over-done", source=REPORTING)


def check_extension(year: int, until_year: int, reason: str) -> None:
    """Raises InvalidError unless the records of a year are kept ten years longer at most, for a reason (시행령 32)."""
    if not reason.strip():
        raise InvalidError("reason-missing", field="reason", source=TRANSFERRING)
    if not year < until_year <= year + 1 + LONGEST_EXTENSION:
        params = {"from": year + 1, "to": year + 1 + LONGEST_EXTENSION}
        raise InvalidError("extension-too-long", params=params, field="until_year", source=TRANSFERRING)


def is_gone(state: State) -> bool:
    """Whether the records system has it, so that what is here is a copy."""
    return state in {State.TRANSFERRED, State.RECEIPT_TRANSFERRED}

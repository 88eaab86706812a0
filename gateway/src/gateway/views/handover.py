"""Hand-overs of records as the records officer reads them: years of departments, what goes, what comes back and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from gateway.i18n import Reader, marked
from gateway.sentences import Sentence, from_details
from gateway.views.words import DOCUMENT, RETENTION, Badge, badge, word
from onnara.documents.v1 import records_service_pb2 as pb
from onnara.exchange.v1 import records_pb2

# As addresses name them.
KINDS: Final = {
    "transfer": (records_pb2.HAND_OVER_KIND_TRANSFER, marked("Transfer of records")),
    "report": (records_pb2.HAND_OVER_KIND_PRODUCTION_REPORT, marked("Production report")),
}
_KIND_NAMES: Final = {number: name for name, (number, _) in KINDS.items()}
STATE: Final = {
    "preparing": (marked("Files are being made"), "information"),
    "waiting": (marked("Waiting for an answer"), "primary"),
    "accepted": (marked("Taken over"), "success"),
    "returned": (marked("Came back"), "danger"),
    "": (marked("Not handed over yet"), "gray"),
}


@dataclass(frozen=True, slots=True)
class YearRow:
    """A department's year. left: records that are neither with the records centre nor on their way.

    report_late, transfer_late: the day is over and something is left to do.
    """

    department_code: str
    department: str
    year: int
    registered: int
    waiting: int
    accepted: int
    returned: int
    left: int
    report: Badge
    report_due: str
    transfer_due: str
    report_late: bool
    transfer_late: bool
    abolished: bool


def year_row(reader: Reader, year: pb.RecordYear, today: date) -> YearRow:
    """A department's year as a person reads it."""
    left = max(year.registered - year.waiting - year.accepted, 0)
    day = today.isoformat()
    return YearRow(
        department_code=year.department.code,
        department=year.department.name or year.department.code,
        year=year.year,
        registered=year.registered,
        waiting=year.waiting,
        accepted=year.accepted,
        returned=year.returned,
        left=left,
        report=badge(reader, STATE, year.report_state),
        report_due=reader.day(year.report_due_on),
        transfer_due=reader.day(year.transfer_due_on),
        report_late="" < year.report_due_on < day and year.report_state in {"", "returned"},
        transfer_late="" < year.transfer_due_on < day and left > 0,
        abolished=year.abolished,
    )


@dataclass(frozen=True, slots=True)
class HandOverRow:
    """One hand-over. kind: as addresses name it."""

    transfer_id: str
    kind: str
    title: str
    department_code: str
    department: str
    year: int
    task_code: str
    retention: int
    state: Badge
    is_open: bool
    is_back: bool
    records: int
    accepted: int
    returned: int
    at: str
    by: str
    answered: str
    code: str
    reason: str
    digest: str
    corrects: str
    faults: list["Fault"]


def hand_over_row(reader: Reader, each: pb.HandOver) -> HandOverRow:
    """A hand-over as a person reads it."""
    kind = _KIND_NAMES.get(each.selection.kind, "transfer")
    return HandOverRow(
        transfer_id=each.transfer_id,
        kind=kind,
        title=reader.text(KINDS[kind][1]),
        department_code=each.selection.department_code,
        department=each.department.name,
        year=each.selection.year,
        task_code=each.selection.task_code,
        retention=each.selection.minimum_retention,
        state=badge(reader, STATE, each.state),
        is_open=each.state in {"preparing", "waiting"},
        is_back=each.returned > 0 and each.state not in {"preparing", "waiting"},
        records=each.records,
        accepted=each.accepted,
        returned=each.returned,
        at=reader.moment(each.handed_over_at),
        by=each.handed_over_by,
        answered=reader.moment(each.answered_at),
        code=each.code,
        reason=each.reason,
        digest=each.digest.hex(),
        corrects=each.corrects_transfer_id,
        faults=faults(reader, each.faults),
    )


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong: in our words where there are any, beside the records system's own."""

    text: str
    code: str
    place: str


def faults(reader: Reader, found: Iterable[pb.HandOverFault]) -> list[Fault]:
    """Faults as a person reads them."""
    shown = []
    for each in found:
        ours = from_details(reader, [each.meaning])[0].text if each.meaning.code else ""
        shown.append(Fault(" ".join(part for part in (ours, each.reason) if part), each.code, each.field))
    return shown


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A record in a hand-over, or one that is not ready. reasons: why it is not."""

    document_id: str
    number: str
    title: str
    state: Badge
    faults: list[Fault]
    reasons: list[Sentence]


def record_row(reader: Reader, each: pb.HandedOverRecord) -> RecordRow:
    """A record of a hand-over."""
    document = each.document
    state = badge(reader, STATE, each.state)
    found = faults(reader, each.faults)
    return RecordRow(document.document_id, document.registration.text, document.title, state, found, [])


def unready_row(reader: Reader, each: pb.UnreadyRecord) -> RecordRow:
    """A record that cannot go now."""
    document = each.document
    state = badge(reader, DOCUMENT, document.state)
    reasons = from_details(reader, each.reasons)
    return RecordRow(document.document_id, document.registration.text, document.title, state, [], reasons)


@dataclass(frozen=True, slots=True)
class FileRow:
    """A 기록물철 in a plan."""

    code: str
    task_code: str
    task: str
    retention: str
    ready: int
    not_ready: int


def file_row(reader: Reader, each: pb.HandOverFile) -> FileRow:
    """A file of records as a person reads it."""
    name = each.task.name or each.task.code
    return FileRow(
        each.file_code, each.task.code, name, word(reader, RETENTION, each.retention), each.ready, each.not_ready
    )

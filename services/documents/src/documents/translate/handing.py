"""Hand-overs of records as callers name them, as the history tells them, and the records system's answers as the rules see them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from chassis.errors import InvalidError, Problem
from documents.domain import handing
from documents.domain.handing import Fault
from documents.translate import views
from documents.translate.content import uuid_or_none
from onnara.common.v1.error_pb2 import ErrorDetail
from onnara.documents.v1 import events_pb2 as events
from onnara.documents.v1 import records_service_pb2 as pb
from onnara.exchange.v1 import records_pb2 as exchange
from onnara.exchange.v1.official_document_pb2 import OfficialDocument, Unit

KINDS: Mapping[int, str] = {
    exchange.HAND_OVER_KIND_TRANSFER: handing.TRANSFER,
    exchange.HAND_OVER_KIND_PRODUCTION_REPORT: handing.REPORT,
}
KIND_NUMBERS: Mapping[str, int] = {kind: number for number, kind in KINDS.items()}
_ANSWERS = {exchange.HAND_OVER_OUTCOME_ACCEPTED: True, exchange.HAND_OVER_OUTCOME_RETURNED: False}


@dataclass(frozen=True, slots=True)
class Selection:
    """What a caller wants to hand over. task_code: empty for all. minimum: exchange.Retention as number; 0: any."""

    kind: str
    department_code: str
    year: int
    task_code: str = ""
    minimum: int = 0


def selection_of(asked: pb.HandOverSelection) -> Selection:
    """Raises InvalidError hand-over-kind-unknown."""
    if asked.kind not in KINDS:
        raise InvalidError("hand-over-kind-unknown", field="selection.kind", source=handing.TRANSFERRING)
    kind = KINDS[asked.kind]
    if kind == handing.REPORT:
        # A report tells of everything that was produced.
        return Selection(kind, asked.department_code, asked.year)
    return Selection(kind, asked.department_code, asked.year, asked.task_code, asked.minimum_retention)


def selection(row: Mapping[str, Any]) -> pb.HandOverSelection:
    """The selection of a hand-over's row."""
    return pb.HandOverSelection(
        kind=KIND_NUMBERS[row["kind"]],  # type: ignore[arg-type]
        department_code=row["department_code"],
        year=row["year"],
        task_code=row["task_code"],
        minimum_retention=row["minimum_retention"],
    )


def size_of(row: Mapping[str, Any]) -> int:
    """Bytes of a card's attachments. row: with its content."""
    if not row["attachment_count"]:
        return 0
    return sum(file.size for file in OfficialDocument.FromString(row["content"]).attachments)


def hand_over(row: Mapping[str, Any]) -> pb.HandOver:
    """A hand-over's row as it is shown."""
    shown = pb.HandOver(
        transfer_id=str(row["id"]),
        selection=selection(row),
        department=Unit(code=row["department_code"], name=row["department_name"]),
        state=row["state"],
        records=row["records"],
        files=row["files"],
        digest=row["digest"],
        handed_over_by=row["made_name"],
        code=row["code"],
        reason=row["reason"],
        accepted=row["accepted"],
        returned=row["returned"],
        corrects_transfer_id=str(row["corrects_id"] or ""),
        faults=faults_shown(row["faults"]),
    )
    shown.handed_over_at.FromDatetime(row["made_at"])
    if row["answered_at"] is not None:
        shown.answered_at.FromDatetime(row["answered_at"])
    return shown


def record(row: Mapping[str, Any]) -> pb.HandedOverRecord:
    """A record of a hand-over, joined with its card."""
    return pb.HandedOverRecord(
        document=views.summary(row),
        file_code=row["entry_file"],
        state=row["entry_state"],
        faults=faults_shown(row["entry_faults"]),
    )


def extension(row: Mapping[str, Any]) -> pb.TransferExtension:
    """An extension as it is shown."""
    shown = pb.TransferExtension(
        until=f"{row['until_year']}-12-31", reason=row["reason"], decided_by=row["decided_name"]
    )
    shown.decided_at.FromDatetime(row["decided_at"])
    return shown


def details(problems: Iterable[Problem]) -> list[ErrorDetail]:
    """Problems as callers get them."""
    return [
        ErrorDetail(
            code=each.code,
            params={name: str(value) for name, value in each.params.items()},
            field=each.field,
            source=each.source,
        )
        for each in problems
    ]


def kept(faults: Iterable[Fault]) -> list[list[Any]]:
    """Faults as a row keeps them."""
    return [[each.place, each.code, each.reason, each.meaning, dict(each.params)] for each in faults]


def faults_shown(rows: Iterable[Sequence[Any]]) -> list[pb.HandOverFault]:
    """Kept faults as they are shown."""
    shown = []
    for place, code, reason, meaning, params in rows:
        fault = pb.HandOverFault(field=place, code=code, reason=reason)
        if meaning:
            fault.meaning.CopyFrom(ErrorDetail(code=meaning, params=params))
        shown.append(fault)
    return shown


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as the handler carries it. key: department, kind and second, for formats that do not know our ids."""

    transfer_id: UUID | None
    key: tuple[str, str, datetime] | None
    accepted: bool
    code: str
    reason: str
    faults: Sequence[Fault]
    happened_at: datetime | None
    record_id: str
    """Of the adapter's record; empty: the adapter speaks for itself and wants no word."""
    origin: bytes


def answer_of(message: exchange.HandOverAnswered) -> Answer | InvalidError:
    """What the records system said; InvalidError for what is no answer."""
    if message.outcome not in _ANSWERS:
        return InvalidError("hand-over-outcome-unknown", params={"outcome": message.outcome}, field="outcome")
    key = None
    if message.HasField("made_at") and message.kind in KINDS:
        moment = message.made_at.ToDatetime(UTC).replace(microsecond=0)
        key = (message.department_code, KINDS[message.kind], moment)
    return Answer(
        transfer_id=uuid_or_none(message.transfer_id),
        key=key,
        accepted=_ANSWERS[message.outcome],
        code=_plain(message.code),
        reason=_plain(message.reason),
        faults=[_fault(each) for each in message.faults],
        happened_at=message.happened_at.ToDatetime(UTC) if message.HasField("happened_at") else None,
        record_id=message.origin.record_id,
        origin=message.origin.SerializeToString(),
    )


def _fault(fault: exchange.RecordFault) -> Fault:
    return Fault(
        record_id=fault.record_id,
        registration_key=fault.registration_key,
        file_code=fault.file_code,
        place=_plain(fault.field),
        code=_plain(fault.code),
        reason=_plain(fault.reason),
        meaning=_plain(fault.meaning.code),
        params={_plain(name): _plain(value) for name, value in fault.meaning.params.items()},
    )


def record_progressed(
    row: Mapping[str, Any], act: str, transfer_id: UUID, faults: Iterable[Fault] = ()
) -> events.RecordProgressed:
    """A record went a step further. row: of the document, as it is now."""
    return events.RecordProgressed(
        document_id=str(row["id"]),
        version=row["version"],
        state=row["state"],
        act=act,
        transfer_id=str(transfer_id),
        fault_codes=[each.code for each in faults],
    )


def hand_over_progressed(row: Mapping[str, Any]) -> events.HandOverProgressed:
    """A hand-over went a step further."""
    return events.HandOverProgressed(
        transfer_id=str(row["id"]),
        version=row["version"],
        state=row["state"],
        kind=row["kind"],
        department_code=row["department_code"],
        year=row["year"],
        records=row["records"],
        accepted=row["accepted"],
        returned=row["returned"],
        digest=row["digest"],
    )


def _plain(text: str) -> str:
    """The records system's words as PostgreSQL takes them."""
    return text.replace("\x00", "")

"""What documents says to others."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from chassis.errors import Problem
from documents.domain.registration import Number
from documents.translate.content import code_of, registration
from onnara.common.v1.error_pb2 import ErrorDetail
from onnara.documents.v1 import events_pb2 as own
from onnara.exchange.v1 import events_pb2 as exchange
from onnara.exchange.v1 import official_document_pb2 as pb


def submitted(
    row: Mapping[str, Any],
    document: pb.OfficialDocument,
    now: datetime,
    *,
    carry_over: str = "",
    joint: Sequence[str] = (),
    companion_count: int = 0,
) -> own.DocumentSubmitted:
    """A document goes into its line. carry_over: line whose approvals may stay. joint: ids of the other agencies."""
    event = own.DocumentSubmitted(
        document_id=str(row["id"]),
        version=row["version"],
        line_id=str(row["line_id"]),
        agency_id=row["agency_id"],
        department_code=row["department_code"],
        title=row["title"],
        manifest_hash=row["manifest_hash"],
        steps=document.steps,
        task_code=document.task.code,
        disclosure_level=document.disclosure.level,
        directory_version=row["directory_version"],
        has_recipients=bool(document.recipients),
        attachment_count=len(document.attachments),
        kind=document.kind or pb.DOCUMENT_KIND_GENERAL,
        carry_over_line_id=carry_over,
        joint_agency_ids=joint,
        companion_count=companion_count,
    )
    event.submitted_at.FromDatetime(now)
    return event


def refused(origin: exchange.Origin, stage: str, problems: Iterable[Problem]) -> exchange.RequestRefused:
    """A record goes back into its adapter's quarantine."""
    return exchange.RequestRefused(origin=origin, stage=stage, errors=[detail(problem) for problem in problems])


def detail(problem: Problem) -> ErrorDetail:
    """A problem as the contract has it."""
    return ErrorDetail(code=problem.code, params=problem.params, field=problem.field, source=problem.source)


def result(
    row: dict[str, Any], steps: Sequence[pb.ApprovalStep], status: int, number: Number | None, now: datetime
) -> exchange.ResultReported:
    """Answer to the asking system: the whole line."""
    report = exchange.ResultReported(
        origin=exchange.Origin.FromString(row["origin"]),
        document_id=str(row["id"]),
        version=row["report_version"],
        status=status,  # type: ignore[arg-type]
        steps=steps,
        title=row["title"],
    )
    if number is not None:
        report.registration.CopyFrom(registration(number))
    report.reported_at.FromDatetime(now)
    return report


def registered(row: Mapping[str, Any], number: Number, document: pb.OfficialDocument) -> own.DocumentRegistered:
    """A document has its number, class and file."""
    return own.DocumentRegistered(
        document_id=str(row["id"]),
        version=row["version"],
        registration=registration(number),
        line_id=str(row["line_id"]),
        line_version=row["line_version"],
        manifest_hash=row["manifest_hash"],
        task_code=document.task.code,
        retention=document.retention,
        file_code=row["file_code"],
        recipient_codes=[code_of(recipient) for recipient in document.recipients],
    )


def manifest_stored(
    row: Mapping[str, Any], document: pb.OfficialDocument, manifest_hash: bytes, author_id: str
) -> own.ManifestStored:
    """A changed text lies beside the one under way; approval takes it when its author's step names it."""
    return own.ManifestStored(
        document_id=str(row["id"]),
        line_id=str(row["line_id"]),
        manifest_hash=manifest_hash,
        base_hash=row["manifest_hash"],
        author_id=author_id,
        title=document.title,
        attachment_count=len(document.attachments),
        has_recipients=bool(document.recipients),
    )


def progressed(row: Mapping[str, Any]) -> own.DocumentProgressed:
    """A card has followed its line."""
    return own.DocumentProgressed(
        document_id=str(row["id"]), version=row["version"], state=row["state"], line_version=row["line_version"]
    )


def dispatch(
    document: pb.OfficialDocument,
    agency_id: str,
    deliveries: Iterable[Mapping[str, Any]],
    transmission: int = exchange.TRANSMISSION_SEND,
) -> exchange.DispatchRequested:
    """Copies go out; the clerk in charge is the drafter's department. A copy's position is its recipient's index."""
    drafter = document.steps[0].person if document.steps else pb.StepPerson()
    return exchange.DispatchRequested(
        document=document,
        agency_id=agency_id,
        deliveries=[
            exchange.Delivery(
                delivery_id=str(row["id"]),
                recipient=row["position"],
                receiver_code=row["receiver_code"],
                transmission=transmission,  # type: ignore[arg-type]
            )
            for row in deliveries
        ],
        clerk_department=document.sender.department.name,
        clerk_name=drafter.name,
    )

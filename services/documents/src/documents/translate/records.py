"""Cards -> the lists a records system takes (공공기록물법 시행령 32, 33): files, records, e-files, distributions; sealed."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from documents.domain.handing import task_of
from documents.translate import content
from documents.translate.sheet import recipient_of
from documents.translate.views import number_of
from onnara.exchange.v1 import official_document_pb2 as doc
from onnara.exchange.v1 import records_pb2 as pb

Rows = Sequence[Mapping[str, Any]]
_DECIDERS = {doc.STEP_ROLE_DECIDE}
_STRICTEST = {
    doc.DISCLOSURE_LEVEL_CLOSED: 3,
    doc.DISCLOSURE_LEVEL_PARTIAL: 2,
    doc.DISCLOSURE_LEVEL_OPEN: 1,
    doc.DISCLOSURE_LEVEL_UNSPECIFIED: 0,
}
_PDF = "application/pdf"


def items_of(
    row: Mapping[str, Any], versions: Rows, amendments: Rows, renditions: Mapping[int, Mapping[str, Any]]
) -> list[pb.RecordItem]:
    """A document as the records it is: itself, and its versions that have numbers of their own (시행령 21①).

    row: card joined with registration and receipt. versions: those numbered apart. renditions: PDFs by number of version.
    """
    document = content.restored(row, "")
    item = _item(row, document)
    item.components.extend(_components(document, renditions.get(row["body_number"])))
    item.amendments.extend(_amendment(each) for each in amendments)
    item.pages = sum(each.pages for each in item.components)
    return [item, *(_version(row, item, each, renditions.get(each["number"])) for each in versions)]


def _item(row: Mapping[str, Any], document: doc.OfficialDocument) -> pb.RecordItem:
    received = row["accepted_at"] is not None
    number = number_of(row)
    item = pb.RecordItem(
        record_id=str(row["id"]),
        kind=pb.REGISTRATION_KIND_RECEIVED if received else pb.REGISTRATION_KIND_PRODUCED,
        title=row["title"],
        file=key_of(row["file_code"]) if row["file_code"] else None,
        completed_on=row["registered_on"],
        disclosure=document.disclosure,
        restricted_until=document.reading_limit_until,
        retention=row["retention"],
        form=pb.RECORD_FORM_DOCUMENT,
        electronic=True,
        cancelled=row["cancelled"],
        summary=document.summary,
    )
    if number is not None:
        item.registration.CopyFrom(content.registration(number))
    _put_people(item, row, document, received=received)
    return item


def _put_people(item: pb.RecordItem, row: Mapping[str, Any], document: doc.OfficialDocument, *, received: bool) -> None:
    if received:
        item.producer.CopyFrom(document.sender.department)
        item.approver = row["in_charge_name"] or ""
        item.counterpart = document.sender.agency.name
        item.former_number = document.registration.text
        item.enforced_on = document.enforced_on
        return
    item.producer.code, item.producer.name = row["reg_department"], row["department_name"]
    drafter = next((step for step in document.steps if step.role == doc.STEP_ROLE_DRAFT), None)
    decider = next((step for step in reversed(document.steps) if step.role in _DECIDERS), None)
    item.drafter, item.drafter_position = _who(drafter, row["drafter_name"])
    item.approver, item.approver_position = _who(decider, "")
    item.counterpart = recipient_of(document)
    item.enforced_on = row["registered_on"] if document.recipients else ""


def _who(step: doc.ApprovalStep | None, otherwise: str) -> tuple[str, str]:
    """Name and rank of whoever did a step: the deputy where one did (대결)."""
    if step is None:
        return otherwise, ""
    person = step.acted_by if step.acted_by.name else step.person
    return person.name or otherwise, person.position


def _components(document: doc.OfficialDocument, rendition: Mapping[str, Any] | None) -> list[pb.RecordComponent]:
    body = pb.RecordComponent(role=pb.RecordComponent.ROLE_BODY, extension="pdf", software="onnara")
    if rendition is not None:
        file = doc.Attachment(sha256=rendition["sha256"], size=rendition["size"], media_type=_PDF, name="body.pdf")
        body.file.CopyFrom(file)
        body.pages = rendition["pages"]
    attached = (
        pb.RecordComponent(
            role=pb.RecordComponent.ROLE_ATTACHMENT,
            sequence=number,
            file=each,
            extension=PurePosixPath(each.name).suffix.removeprefix(".").lower(),
        )
        for number, each in enumerate(document.attachments, start=1)
    )
    return [body, *attached]


def _version(
    row: Mapping[str, Any], main: pb.RecordItem, version: Mapping[str, Any], rendition: Mapping[str, Any] | None
) -> pb.RecordItem:
    """A returned or superseded version: as the document, under its own number, with its own text."""
    item = pb.RecordItem()
    item.CopyFrom(main)
    item.record_id = f"{row['id']}:{version['number']}"
    item.title = version["title"]
    item.rejected_version = True
    item.registration.CopyFrom(
        doc.RegistrationNumber(
            department_code=version["department_code"],
            year=version["year"],
            serial=version["serial"],
            text=version["text"],
            date=version["date"],
        )
    )
    item.ClearField("amendments")
    item.ClearField("components")
    document = doc.OfficialDocument.FromString(version["content"]) if version["content"] else doc.OfficialDocument()
    item.components.extend(_components(document, rendition))
    item.pages = sum(each.pages for each in item.components)
    return item


def _amendment(row: Mapping[str, Any]) -> pb.RegistrationAmendment:
    fields = [pb.AmendedField(field=name, before=before, after=after) for name, before, after in row["changes"]]
    made = pb.RegistrationAmendment(fields=fields, reason=row["reason"], name=row["changed_name"])
    made.amended_at.FromDatetime(row["changed_at"])
    return made


def key_of(file_code: str) -> pb.RecordFileKey:
    """Department 7 + unit task 8 + year 4 + serial 6; files have one volume here."""
    return pb.RecordFileKey(
        department_code=file_code[:7],
        task_code=task_of(file_code),
        year=int(file_code[15:19]),
        serial=int(file_code[19:25]),
        volume=1,
    )


def files_of(items: Iterable[pb.RecordItem], codes: Mapping[str, str], tasks: Mapping[str, Any]) -> list[pb.RecordFile]:
    """The files of records, with their counts. codes: file of each document. tasks: unit tasks by code; None: unknown."""
    found: dict[str, pb.RecordFile] = {}
    for item in items:
        code = codes.get(item.record_id.partition(":")[0], "")
        if not code:
            continue
        file = found.get(code) or found.setdefault(code, _file(code, item, tasks))
        file.record_count += 1
        file.page_count += item.pages
        file.e_file_count += len(item.components)
        file.retention = max(file.retention, item.retention)
        if _STRICTEST[item.disclosure.level] > _STRICTEST[file.disclosure.level]:
            file.disclosure.CopyFrom(item.disclosure)
    return [found[code] for code in sorted(found)]


def _file(code: str, item: pb.RecordItem, tasks: Mapping[str, Any]) -> pb.RecordFile:
    task = tasks.get(task_of(code))
    name = str(task.name) if task else task_of(code)
    return pb.RecordFile(
        key=key_of(code),
        code=code,
        title=name,
        task_name=name,
        form=item.form,
        end_year=item.file.year,
        retention=item.retention,
    )


def distribution(row: Mapping[str, Any]) -> pb.Distribution | None:
    """A line of the 배부대장; None for what came to the department directly. It has no number: none is given here."""
    if row["distributed_at"] is None:
        return None
    line = pb.Distribution(
        record_id=str(row["id"]),
        year=row["year"],
        title=row["title"],
        receiver=doc.Unit(code=row["reg_department"], name=row["department_name"]),
        person=row["in_charge_name"] or "",
    )
    line.distributed_at.FromDatetime(row["distributed_at"])
    if row["accepted_at"] is not None:
        line.accepted_at.FromDatetime(row["accepted_at"])
    return line


def sealed(transfer: Mapping[str, Any], lists: pb.RecordsContent, now: datetime) -> pb.RecordsHandedOver:
    """The parcel: the lists as the bytes that are sealed, with who hands them over (시행령 32④)."""
    data = lists.SerializeToString(deterministic=True)
    seal = pb.RecordsSeal(
        digest=hashlib.sha256(data).digest(),
        official_id=transfer["made_by"],
        name=transfer["made_name"],
        position=transfer["made_position"],
    )
    seal.sealed_at.FromDatetime(now)
    return pb.RecordsHandedOver(
        transfer_id=str(transfer["id"]), agency_id=transfer["agency_id"], content=data, seal=seal
    )

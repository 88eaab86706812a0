"""OfficialDocument <-> what the rules judge, what is decided on, and what the card stores."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from documents.domain.manifest import AttachedFile, Manifest
from documents.domain.registration import Number
from documents.domain.submission import Addressee, Person, Step, Submission
from onnara.exchange.v1 import official_document_pb2 as pb
from onnara.exchange.v1.events_pb2 import Origin

_ROLES = {
    pb.STEP_ROLE_DRAFT: "draft",
    pb.STEP_ROLE_REVIEW: "review",
    pb.STEP_ROLE_COOPERATE: "cooperate",
    pb.STEP_ROLE_AUDIT: "audit",
    pb.STEP_ROLE_DECIDE: "decide",
    pb.STEP_ROLE_AFTER: "after",
}
_OPEN = {pb.STEP_OUTCOME_UNSPECIFIED, pb.STEP_OUTCOME_PENDING, pb.STEP_OUTCOME_HELD}
_DOCUMENTS = {pb.Source.KIND_PRODUCED_DOCUMENT, pb.Source.KIND_RECEIVED_DOCUMENT}
_MODES = frozenset(pb.StepMode.values())
_OUTCOMES = frozenset(pb.StepOutcome.values())
GOVERNMENT = frozenset({pb.RECIPIENT_KIND_UNSPECIFIED, pb.RECIPIENT_KIND_GOVERNMENT})
"""Kinds of recipients that bear a code of the table."""
_RECIPIENTS = frozenset(pb.RecipientKind.values())
# What a person who writes does not say: who he is, what came of it, and what stands beside the name once it is sealed.
_NOT_WRITTEN = ("document_id", "steps", "registration", "sender", "enforced_on", "special_number")
SEVERAL = "수신자 참조"


@dataclass(frozen=True, slots=True)
class Request:
    """A document on its way in, as the handlers carry it. submission is judged; document and origin are stored and answered."""

    submission: Submission
    document: pb.OfficialDocument
    origin: Origin


def code_of(recipient: pb.Recipient) -> str:
    """7-character code of the unit a copy goes to: the department if one is named, else the agency."""
    return recipient.department.code or recipient.agency.code


def name_of(recipient: pb.Recipient) -> str:
    """A recipient as printed after 수신."""
    return recipient.printed_as or recipient.department.name or recipient.agency.name


def submission_of(document: pb.OfficialDocument, origin: Origin, *, agency_id: str = "") -> Submission:
    """What the rules look at."""
    return Submission(
        title=document.title,
        body=document.body,
        system=origin.system,
        endpoint=origin.endpoint,
        agency_code=document.sender.agency.code or origin.agency_code,
        department_code=document.sender.department.code,
        sender_name=document.sender_name,
        task_code=document.task.code,
        disclosure=(document.disclosure.level, tuple(document.disclosure.items), document.disclosure.reason),
        recipients=[
            Addressee(
                code_of(r),
                government=r.kind in GOVERNMENT,
                known=r.kind in _RECIPIENTS,
                name=name_of(r),
            )
            for r in document.recipients
        ],
        steps=[
            Step(
                _ROLES.get(step.role, ""),
                Person(step.person.official_id, step.person.external_id),
                done=step.outcome not in _OPEN,
                known=step.role in _ROLES and step.mode in _MODES and step.outcome in _OUTCOMES,
                agency_id=step.agency_id,
                department_code=step.department_code,
            )
            for step in document.steps
        ],
        attachment_hashes=[attachment.sha256 for attachment in document.attachments],
        agency_id=agency_id,
        texts=texts_of(document, origin),
        kind=document.kind,
        seal_kind=document.seal.kind,
        reading=_reading(document),
        joint=[unit.code for unit in document.joint_agencies],
    )


def texts_of(document: pb.OfficialDocument, origin: Origin) -> list[tuple[str, str]]:
    """Texts that reach columns or JSON as they are, by field."""
    texts = [
        ("document.title", document.title),
        ("document.body", document.body),
        ("document.sender", document.sender.agency.name + document.sender.department.name),
        ("document.task.code", document.task.code),
        ("document.joint_agencies", "".join(unit.code + unit.name for unit in document.joint_agencies)),
        ("document.reading_limit_until", document.reading_limit_until),
        ("origin.natural_key", origin.natural_key + origin.endpoint),
    ]
    for number, recipient in enumerate(document.recipients):
        names = recipient.printed_as + recipient.agency.name + recipient.department.name
        texts.append((f"document.recipients[{number}]", names + code_of(recipient)))
    for number, step in enumerate(document.steps):
        who = step.person
        written = (step.opinion, step.skip_reason, who.name, who.position, who.department, who.organisation)
        texts.append((f"document.steps[{number}]", "".join(written) + who.external_id + who.official_id))
    return texts


def _reading(document: pb.OfficialDocument) -> tuple[int, int, str]:
    until = document.reading_limit_until if document.reading_limit == pb.READING_LIMIT_UNTIL_DAY else ""
    return document.reading_range, document.reading_limit, until


def manifest_of(document: pb.OfficialDocument, companions: Sequence[str] = ()) -> Manifest:
    """What a decision on this document is about. companions: hashes in hexadecimal of what is decided by the same act."""
    return Manifest(
        title=document.title,
        body=document.body,
        attachments=[AttachedFile(a.sha256.hex(), a.name, a.size) for a in document.attachments],
        recipients=[(code_of(r), r.printed_as or r.agency.name, r.refer) for r in document.recipients],
        sender_name=document.sender_name,
        disclosure=(document.disclosure.level, tuple(document.disclosure.items), document.disclosure.reason),
        task_code=document.task.code,
        kind=document.kind,
        seal_kind=document.seal.kind,
        reading=_reading(document),
        joint=[unit.code for unit in document.joint_agencies],
        companions=companions,
    )


def recipients_label(document: pb.OfficialDocument) -> str:
    """What a list shows as recipient: the one, or 수신자 참조 for several, or nothing for an internal decision."""
    if len(document.recipients) > 1:
        return SEVERAL
    return "".join(r.printed_as or r.agency.name for r in document.recipients)


def stored(document: pb.OfficialDocument) -> tuple[bytes, bytes, str]:
    """Content without body and steps, the steps, and the body: the three places of a card."""
    steps = pb.OfficialDocument(steps=document.steps)
    content = pb.OfficialDocument()
    content.CopyFrom(document)
    content.ClearField("body")
    content.ClearField("steps")
    return content.SerializeToString(), steps.SerializeToString(), document.body


def restored(row: Any, body: str, number: Number | None = None) -> pb.OfficialDocument:
    """The whole document of a card's row."""
    document = pb.OfficialDocument.FromString(row["content"])
    document.steps.extend(pb.OfficialDocument.FromString(row["steps"]).steps)
    document.body = body
    document.document_id = str(row["id"])
    if number is not None:
        put_number(document, number)
    return document


def put_number(document: pb.OfficialDocument, number: Number) -> None:
    """Writes number and day of registration into a document."""
    document.registration.CopyFrom(registration(number))
    document.enforced_on = number.date


def registration(number: Number) -> pb.RegistrationNumber:
    """The number as others see it."""
    return pb.RegistrationNumber(
        department_code=number.department_code,
        year=number.year,
        serial=number.serial,
        text=number.text,
        date=number.date,
    )


def related_to(stored: bytes) -> list[UUID]:
    """Ids of our own documents that a stored content goes back to (문서취지·출처), each once."""
    sources = pb.OfficialDocument.FromString(stored).sources
    wanted = (uuid_or_none(each.id) for each in sources if each.kind in _DOCUMENTS)
    return list(dict.fromkeys(found for found in wanted if found))


def steps_bytes(steps: Sequence[pb.ApprovalStep]) -> bytes:
    """Steps as a card stores them."""
    return pb.OfficialDocument(steps=steps).SerializeToString()


def draft_step(official_id: str, now: datetime) -> pb.ApprovalStep:
    """The drafter's own step, done by submitting (상신)."""
    step = pb.ApprovalStep(
        role=pb.STEP_ROLE_DRAFT,
        mode=pb.STEP_MODE_NORMAL,
        outcome=pb.STEP_OUTCOME_SUBMITTED,
        person=pb.StepPerson(official_id=official_id),
    )
    step.acted_at.FromDatetime(now)
    return step


def own_step(asked: pb.ApprovalStep) -> pb.ApprovalStep:
    """A step a drafter asks for: who or which department, role and mode. What came of it is not the drafter's to say."""
    return pb.ApprovalStep(
        role=asked.role,
        mode=asked.mode,
        outcome=pb.STEP_OUTCOME_PENDING,
        person=pb.StepPerson(official_id=asked.person.official_id),
        agency_id=asked.agency_id,
        department_code=asked.department_code,
    )


def clear(document: Any, names: Iterable[str]) -> None:
    """Empties fields of a document."""
    for name in names:
        document.ClearField(name)


def written(document: pb.OfficialDocument) -> pb.OfficialDocument:
    """What somebody has written, without what is not the writer's to say."""
    text = pb.OfficialDocument()
    text.CopyFrom(document)
    clear(text, _NOT_WRITTEN)
    text.seal.ClearField("image")
    return text


def position_of(department: str, position: str) -> str:
    """The capacity somebody writes in: 정책과 행정사무관."""
    return f"{department} {position}".strip()


def assert_done(document: pb.OfficialDocument, origin: Origin) -> None:
    """Steps done before a request came are what its system says, never decisions of ours on a manifest."""
    for step in document.steps:
        step.ClearField("manifest_hash")
        step.asserted_by = "" if step.outcome in _OPEN else origin.system or origin.endpoint


def resolve(document: pb.OfficialDocument, officials: Sequence[str], view: Any, agency_id: str) -> None:
    """Writes resolved ids into the steps, and what a signature cell needs where the asking system left it out."""
    for step, official_id in zip(document.steps, officials, strict=True):
        person = step.person
        if step.agency_id == agency_id:
            step.ClearField("agency_id")
        if not official_id:
            asked = view.unit(step.department_code)
            person.department = asked.name if asked else ""
            step.outcome = step.outcome or pb.STEP_OUTCOME_PENDING
            continue
        person.official_id = official_id
        name, position, department = view.position_of(official_id, step.agency_id or agency_id)
        person.name = person.name or name
        person.position = person.position or position
        person.department = person.department or department
        if step.outcome == pb.STEP_OUTCOME_UNSPECIFIED:
            step.outcome = pb.STEP_OUTCOME_PENDING


def complete(document: pb.OfficialDocument, view: Any, agency_id: str, department_code: str) -> None:
    """Names of sender, task and recipients, retention and contact line, from the directory, where they are missing."""
    agency, department = view.agency(agency_id), view.unit(department_code)
    sender = document.sender
    sender.agency.code, sender.agency.name = agency.code, agency.name
    sender.department.code, sender.department.name = department.code, department.name
    task = view.task(document.task.code)
    document.task.name = task.name
    document.retention = task.retention
    for further in document.further_tasks:
        known = view.task(further.code)
        further.name = further.name or (known.name if known else "")
    named = [*document.joint_agencies, *(u for r in document.recipients for u in (r.agency, r.department))]
    for unit in named:
        if unit.code and not unit.name:
            found = view.unit(unit.code)
            unit.name = found.name if found else ""
    heads = [(unit, view.unit(unit.code)) for unit in document.joint_agencies]
    document.joint_sender_names[:] = [known.head_title if known else unit.name for unit, known in heads]
    if not document.HasField("contact"):
        document.contact.zipcode = department.zipcode or agency.zipcode
        document.contact.address = department.address or agency.address
        document.contact.telephone = department.telephone or agency.telephone
        document.contact.fax = department.fax or agency.fax
        document.contact.homepage = department.homepage or agency.homepage


def origin_key(origin: Origin) -> str:
    """Natural key of a legacy record over all endpoints; without one of its own, the record's id."""
    return f"{origin.endpoint}|{origin.natural_key or origin.record_id}"


def uuid_or_none(text: str) -> UUID | None:
    """The id in a text; None when it is none of ours."""
    try:
        return UUID(text)
    except ValueError:
        return None

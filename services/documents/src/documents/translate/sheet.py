"""A card as it is printed: OfficialDocument, its rows and pictures -> ``Sheet``."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import PurePosixPath
from typing import Any
from zoneinfo import ZoneInfo

from documents.domain import signatures
from documents.domain.registration import Number
from documents.domain.signatures import Signer, cells_of
from documents.domain.state import RECEIVED
from documents.rendering.sheet import Contact, Seal, Sheet
from documents.translate import content
from onnara.exchange.v1 import official_document_pb2 as pb

# What one file may weigh with all its pictures, bytes.
MOST_PICTURES = 40 * 1024 * 1024
INTERNAL = "내부결재"
_ROLES = {
    pb.STEP_ROLE_DRAFT: "draft",
    pb.STEP_ROLE_REVIEW: "review",
    pb.STEP_ROLE_COOPERATE: "cooperate",
    pb.STEP_ROLE_AUDIT: "audit",
    pb.STEP_ROLE_DECIDE: "decide",
}
_MODES = {
    pb.STEP_MODE_SKIPPED: signatures.SKIPPED,
    pb.STEP_MODE_DELEGATED: signatures.DELEGATED,
    pb.STEP_MODE_ACTING: signatures.ACTING,
    pb.STEP_MODE_ACTING_FOR_DELEGATED: signatures.ACTING_FOR_DELEGATED,
    pb.STEP_MODE_SOLE: signatures.SOLE,
}
_DONE = {
    pb.STEP_OUTCOME_SUBMITTED,
    pb.STEP_OUTCOME_APPROVED,
    pb.STEP_OUTCOME_AGREED,
    pb.STEP_OUTCOME_DISAGREED,
    pb.STEP_OUTCOME_PASSED,
}
_OPEN = {pb.STEP_OUTCOME_UNSPECIFIED, pb.STEP_OUTCOME_PENDING, pb.STEP_OUTCOME_HELD}
_LEVELS = {
    pb.DISCLOSURE_LEVEL_OPEN: "공개",
    pb.DISCLOSURE_LEVEL_PARTIAL: "부분공개",
    pb.DISCLOSURE_LEVEL_CLOSED: "비공개",
}
_OMISSIONS = {pb.SEAL_KIND_SEAL_OMITTED: "관인생략", pb.SEAL_KIND_SIGNATURE_OMITTED: "서명생략"}
_PICTURES = (".png", ".jpg", ".jpeg", ".gif")


def sheet_of(
    row: Mapping[str, Any], body: str, number: Number | None, zone: str, pictures: Mapping[str, bytes]
) -> Sheet:
    """What is printed of a card. number: ours; of a received document it is that of the acceptance. zone: the agency's."""
    received = row["state"] in RECEIVED
    document = content.restored(row, body, None if received else number)
    line, helping = cells_of([_signer(step, ZoneInfo(zone)) for step in _in_order(document.steps)])
    registration = document.registration
    return Sheet(
        title=document.title,
        body=document.body,
        agency=document.sender.agency.name or row["agency_name"],
        department=document.sender.department.name or row["department_name"],
        internal=not document.recipients and not received,
        recipient=recipient_of(document),
        recipients=[_name(each) for each in document.recipients] if len(document.recipients) > 1 else [],
        via=document.via,
        sender_names=sender_names(document),
        seal=_seal(document.seal),
        cells=line,
        helpers=helping,
        number=registration.text,
        number_code=f"{registration.department_code}{registration.serial:06}" if registration.serial else "",
        enforced_on=_day(document.enforced_on or registration.date),
        registered_on=_day(registration.date),
        decided_on=next((cell.acted_on for cell in reversed(line) if cell.acted_on and cell.day), None),
        receipt_number=number.text if received and number else "",
        receipt_day=_day(number.date) if received and number else None,
        contact=_contact(document.contact),
        disclosure=disclosure_mark(document.disclosure),
        disclosure_code=disclosure_code(document.disclosure),
        attached=[each.title or PurePosixPath(each.name).stem for each in document.attachments],
        special_number=document.special_number,
        pictures=pictures,
    )


def pictures_of(document: pb.OfficialDocument) -> dict[str, pb.Attachment]:
    """Attachments that pages may show: those named as pictures, and the seal under a name of its own."""
    found = {each.name: each for each in document.attachments if each.name.lower().endswith(_PICTURES)}
    if document.seal.image.sha256:
        found[seal_picture(document.seal)] = document.seal.image
    total, kept = 0, {}
    for name, each in found.items():
        total += each.size
        if total <= MOST_PICTURES:
            kept[name] = each
    return kept


def seal_picture(seal: pb.Seal) -> str:
    """Name of the seal's picture. It bears a sign no attachment's name has, so that no body can show the seal."""
    return f"seal/{seal.image.name or 'seal.png'}"


def recipient_of(document: pb.OfficialDocument) -> str:
    """What stands after 수신: the one, 수신자 참조 for several, 내부결재 for nobody (시행규칙 4②)."""
    if len(document.recipients) > 1:
        return content.SEVERAL
    return _name(document.recipients[0]) if document.recipients else INTERNAL


def sender_names(document: pb.OfficialDocument) -> list[str]:
    """발신명의: the lead agency's first, then those of a joint draft; none on internal documents (행정업무규정 13③)."""
    if not document.recipients and not document.sender_name:
        return []
    return [name for name in (document.sender_name, *document.joint_sender_names) if name]


def disclosure_mark(disclosure: pb.Disclosure) -> str:
    """공개, 부분공개(5), 비공개(5,6)."""
    items = ",".join(str(item) for item in sorted(set(disclosure.items)))
    return _LEVELS.get(disclosure.level, "") + (f"({items})" if items else "")


def disclosure_code(disclosure: pb.Disclosure) -> str:
    """Nine characters: level, then Y or N for each of the eight items."""
    flags = "".join("Y" if item in disclosure.items else "N" for item in range(1, 9))
    return f"{int(disclosure.level)}{flags}" if disclosure.level in _LEVELS else ""


def _name(recipient: pb.Recipient) -> str:
    department = recipient.department.name
    return recipient.printed_as or recipient.agency.name + (f"({department})" if department else "")


def _seal(seal: pb.Seal) -> Seal:
    omission = _OMISSIONS.get(seal.kind, "관인생략" if seal.omitted else "")
    if omission:
        return Seal(omission)
    return Seal(picture=seal_picture(seal) if seal.image.sha256 else "")


def _in_order(steps: Sequence[pb.ApprovalStep]) -> list[pb.ApprovalStep]:
    return sorted(steps, key=lambda step: step.order)


def _signer(step: pb.ApprovalStep, zone: ZoneInfo) -> Signer:
    # The last of a department's own line answers for it (부서협조).
    person = step.person if step.person.name or not step.sub_steps else _in_order(step.sub_steps)[-1].person
    moment = step.acted_at.ToDatetime(ZoneInfo("UTC")).astimezone(zone) if step.HasField("acted_at") else None
    return Signer(
        role=_ROLES.get(step.role, "after"),
        mode=_MODES.get(step.mode, "normal"),
        outcome=_outcome(step),
        position=person.position or person.department,
        name=person.name,
        day=moment.date() if moment else None,
        time=f"{moment:%H:%M:%S}" if moment else "",
        opinion=bool(step.opinion.strip()),
        skip_reason=step.skip_reason,
        acted_by=(step.acted_by.position, step.acted_by.name) if step.acted_by.name else None,
    )


def _outcome(step: pb.ApprovalStep) -> str:
    if step.outcome == pb.STEP_OUTCOME_SKIPPED:
        return signatures.LEFT_OUT
    if step.outcome in _DONE:
        return signatures.DONE
    return signatures.PENDING if step.outcome in _OPEN else ""


def _contact(contact: pb.ContactLine) -> Contact:
    return Contact(contact.zipcode, contact.address, contact.homepage, contact.telephone, contact.fax, contact.email)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.replace(".", "-")[:10])
    except ValueError:
        return None

"""Cards, lists and histories as the gateway gets them."""

from collections.abc import Mapping, Sequence
from typing import Any

from documents.domain.registration import Number
from documents.domain.state import State
from documents.translate import content
from onnara.common.v1.actor_pb2 import Actor, AuthStrength
from onnara.documents.v1 import documents_service_pb2 as pb
from onnara.exchange.v1.events_pb2 import Origin
from onnara.exchange.v1.official_document_pb2 import OfficialDocument

STATES: Mapping[str, int] = {state: pb.DocumentState.Value("DOCUMENT_STATE_" + state.name) for state in State}
BOXES: Mapping[int, str] = {
    number: name.removeprefix("BOX_").lower().replace("_", "-") for name, number in pb.Box.items() if number
}
COUNTED: Mapping[str, str] = {box: box.replace("-", "_") for box in BOXES.values()} | {"to-settle": "delivery_trouble"}
"""Field of the answer that counts a box."""
STATE_NAMES: Mapping[int, str] = {number: state for state, number in STATES.items()} | {0: ""}
_STRENGTHS = {
    "password": AuthStrength.AUTH_STRENGTH_PASSWORD,
    "passkey": AuthStrength.AUTH_STRENGTH_PASSKEY,
    "system": AuthStrength.AUTH_STRENGTH_SYSTEM,
}
_ACTOR_TEXTS = (
    "official_id", "appointment_id", "post_id", "agency_id", "department_code", "name", "position", "acting_for", "system",
)  # fmt: skip


def number_of(row: Mapping[str, Any]) -> Number | None:
    """The registration number of a row joined with its registration."""
    if row.get("serial") is None:
        return None
    return Number(row["reg_department"], row["year"], row["serial"], row["number"], row["registered_on"])


def document(row: Mapping[str, Any], versions: Sequence[Mapping[str, Any]]) -> pb.Document:
    """The card itself; what belongs to its life, sending, receipt and readers is put in by their own modules."""
    bodies = {version["number"]: version["body"] for version in versions}
    number = number_of(row)
    full = content.restored(row, bodies.get(row["body_number"], ""), number)
    card = pb.Document(
        document_id=str(row["id"]),
        version=row["version"],
        state=STATES[row["state"]],  # type: ignore[arg-type]
        content=full,
        manifest_hash=row["manifest_hash"],
        line_id=str(row["line_id"] or ""),
        line_version=row["line_version"],
        versions=[version(each) for each in versions],
        file_code=row["file_code"],
        agency_name=row["agency_name"],
        department_name=row["department_name"],
    )
    if row["origin"] is not None:
        card.origin.CopyFrom(Origin.FromString(row["origin"]))
    card.created_at.FromDatetime(row["created_at"])
    card.changed_at.FromDatetime(row["changed_at"])
    return card


def closed(card: pb.Document) -> pb.Document:
    """The card without what only a reading shows."""
    card.content.ClearField("body")
    for version in card.versions:
        version.ClearField("body")
    return card


def version(row: Mapping[str, Any]) -> pb.DocumentVersion:
    """One version of title and body."""
    shown = pb.DocumentVersion(
        number=row["number"],
        title=row["title"],
        body=row["body"],
        author_name=row["author_name"],
        manifest_hash=row["manifest_hash"],
    )
    shown.created_at.FromDatetime(row["created_at"])
    return shown


def summary(row: Mapping[str, Any]) -> pb.DocumentSummary:
    """One row of a list. What came from others names its sender where ours name their drafter."""
    disclosure = row.get("disclosure")
    if disclosure is None:
        disclosure = OfficialDocument.FromString(row["content"]).disclosure.level
    shown = pb.DocumentSummary(
        document_id=str(row["id"]),
        title=row["title"],
        state=STATES[row["state"]],  # type: ignore[arg-type]
        department_name=row["department_name"],
        drafter_name=row["drafter_name"],
        attachment_count=row["attachment_count"],
        line_id=str(row["line_id"] or ""),
        recipients_label=row["recipients_label"],
        reason=row.get("reason") or "",
        sender_name="" if row["author_id"] else row["drafter_name"],
        disclosure_level=disclosure,
        cancelled=bool(row.get("cancelled")),
    )
    if row.get("serial") is not None:
        number = shown.registration
        number.department_code, number.year, number.serial = row["reg_department"], row["year"], row["serial"]
        number.text, number.date = row["number"], row["registered_on"]
    # Half of the time a row takes would be FromDatetime's.
    moment = row["changed_at"]
    shown.changed_at.seconds, shown.changed_at.nanos = int(moment.timestamp()), moment.microsecond * 1000
    return shown


def actor(values: Mapping[str, Any]) -> Actor:
    """Who acted, as the journal keeps it."""
    texts = {name: str(values.get(name, "")) for name in _ACTOR_TEXTS}
    return Actor(**texts, strength=_STRENGTHS.get(str(values.get("strength", "")), 0))  # type: ignore[arg-type]

"""Words for states, roles, modes and outcomes, each with the badge of the design system it is shown in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gateway.i18n import Reader, marked
from onnara.adapters.v1 import mapping_service_pb2 as mapping_pb
from onnara.approval.v1 import events_pb2 as approval_events_pb
from onnara.common.v1 import actor_pb2
from onnara.documents.v1 import documents_service_pb2 as documents_pb
from onnara.exchange.v1 import official_document_pb2 as pb


@dataclass(frozen=True, slots=True)
class Badge:
    """A word and its colour: primary, success, warning, danger, information, gray."""

    text: str
    colour: str


_D = documents_pb
DOCUMENT = {
    _D.DOCUMENT_STATE_DRAFT: (marked("Draft"), "gray"),
    _D.DOCUMENT_STATE_IN_PATH: (marked("In approval"), "primary"),
    _D.DOCUMENT_STATE_HELD: (marked("On hold"), "warning"),
    _D.DOCUMENT_STATE_RETURNED: (marked("Returned to drafter"), "danger"),
    _D.DOCUMENT_STATE_FILED: (marked("Registered and filed"), "success"),
    _D.DOCUMENT_STATE_SENDING: (marked("Being sent"), "information"),
    _D.DOCUMENT_STATE_SENT: (marked("Sent"), "success"),
    _D.DOCUMENT_STATE_SENT_PARTIAL: (marked("Sent in part"), "danger"),
    _D.DOCUMENT_STATE_ARRIVED: (marked("Arrived"), "information"),
    _D.DOCUMENT_STATE_REFUSED: (marked("Refused"), "danger"),
    _D.DOCUMENT_STATE_STOPPED: (marked("Stopped"), "gray"),
    _D.DOCUMENT_STATE_SEND_WAIT: (marked("Waiting to be sent"), "warning"),
    _D.DOCUMENT_STATE_SEAL_REVIEW: (marked("With the keeper of the seal"), "primary"),
    _D.DOCUMENT_STATE_SEAL_REJECTED: (marked("Seal refused"), "danger"),
    _D.DOCUMENT_STATE_SEND_HELD: (marked("Sending held back"), "warning"),
    _D.DOCUMENT_STATE_SEND_CANCELLED: (marked("Sending cancelled"), "gray"),
    _D.DOCUMENT_STATE_TRANSFERRED: (marked("Handed to the records centre"), "gray"),
    _D.DOCUMENT_STATE_TO_ACCEPT: (marked("Waiting for acceptance"), "warning"),
    _D.DOCUMENT_STATE_ACCEPTED: (marked("Accepted, nobody in charge"), "primary"),
    _D.DOCUMENT_STATE_ASSIGNED: (marked("In charge"), "primary"),
    _D.DOCUMENT_STATE_REDISTRIBUTION_ASKED: (marked("To be distributed again"), "warning"),
    _D.DOCUMENT_STATE_TRANSFERRING: (marked("Being transferred"), "information"),
    _D.DOCUMENT_STATE_TRANSFERRED_AWAY: (marked("Transferred"), "success"),
    _D.DOCUMENT_STATE_SENT_BACK: (marked("Sent back"), "danger"),
    _D.DOCUMENT_STATE_FORWARDING: (marked("Being passed on"), "information"),
    _D.DOCUMENT_STATE_FORWARDED: (marked("Passed on"), "success"),
    _D.DOCUMENT_STATE_COMPLETED: (marked("Completed"), "success"),
    _D.DOCUMENT_STATE_HANDED_OVER: (marked("Waiting for the records centre"), "information"),
    _D.DOCUMENT_STATE_RECEIPT_HANDED_OVER: (marked("Waiting for the records centre"), "information"),
    _D.DOCUMENT_STATE_RECEIPT_TRANSFERRED: (marked("Handed to the records centre"), "gray"),
}

LINE = {
    approval_events_pb.LINE_STATUS_IN_PATH: (marked("In approval"), "primary"),
    approval_events_pb.LINE_STATUS_HELD: (marked("On hold"), "warning"),
    approval_events_pb.LINE_STATUS_RETURNED: (marked("Returned to drafter"), "danger"),
    approval_events_pb.LINE_STATUS_DECIDED: (marked("Decided"), "success"),
    approval_events_pb.LINE_STATUS_STOPPED: (marked("Stopped"), "gray"),
    approval_events_pb.LINE_STATUS_WITHDRAWN: (marked("Withdrawn"), "gray"),
}

ROLE = {
    pb.STEP_ROLE_DRAFT: marked("role:draft"),
    pb.STEP_ROLE_REVIEW: marked("role:review"),
    pb.STEP_ROLE_COOPERATE: marked("role:cooperate"),
    pb.STEP_ROLE_AUDIT: marked("role:audit"),
    pb.STEP_ROLE_DECIDE: marked("role:decide"),
    pb.STEP_ROLE_AFTER: marked("role:after"),
}

# Marks in a signature cell (행정업무규정 시행규칙 7): only these modes have one.
MODE = {
    pb.STEP_MODE_DELEGATED: marked("mark:delegated"),
    pb.STEP_MODE_ACTING: marked("mark:acting"),
    pb.STEP_MODE_ACTING_FOR_DELEGATED: marked("mark:acting"),
    pb.STEP_MODE_SOLE: marked("mark:delegated"),
}

OUTCOME = {
    pb.STEP_OUTCOME_PENDING: (marked("outcome:pending"), "gray"),
    pb.STEP_OUTCOME_SUBMITTED: (marked("outcome:submitted"), "primary"),
    pb.STEP_OUTCOME_WITHDRAWN: (marked("outcome:withdrawn"), "gray"),
    pb.STEP_OUTCOME_APPROVED: (marked("outcome:approved"), "success"),
    pb.STEP_OUTCOME_RETURNED: (marked("outcome:returned"), "danger"),
    pb.STEP_OUTCOME_HELD: (marked("outcome:held"), "warning"),
    pb.STEP_OUTCOME_AGREED: (marked("outcome:agreed"), "success"),
    pb.STEP_OUTCOME_DISAGREED: (marked("outcome:disagreed"), "danger"),
    pb.STEP_OUTCOME_PASSED: (marked("outcome:passed"), "success"),
    pb.STEP_OUTCOME_STOPPED: (marked("outcome:stopped"), "danger"),
    pb.STEP_OUTCOME_READ: (marked("outcome:read"), "success"),
    pb.STEP_OUTCOME_SKIPPED: (marked("outcome:skipped"), "gray"),
}

RETENTION = {
    pb.RETENTION_1_YEAR: marked("1 year"),
    pb.RETENTION_3_YEARS: marked("3 years"),
    pb.RETENTION_5_YEARS: marked("5 years"),
    pb.RETENTION_10_YEARS: marked("10 years"),
    pb.RETENTION_20_YEARS: marked("20 years"),
    pb.RETENTION_30_YEARS: marked("30 years"),
    pb.RETENTION_SEMI_PERMANENT: marked("Semi-permanent"),
    pb.RETENTION_PERMANENT: marked("Permanent"),
}

DISCLOSURE = {
    pb.DISCLOSURE_LEVEL_OPEN: marked("disclosure:open"),
    pb.DISCLOSURE_LEVEL_PARTIAL: marked("disclosure:partial"),
    pb.DISCLOSURE_LEVEL_CLOSED: marked("disclosure:closed"),
}

STRENGTH = {
    actor_pb2.AUTH_STRENGTH_PASSWORD: marked("strength:password"),
    actor_pb2.AUTH_STRENGTH_PASSKEY: marked("strength:passkey"),
    actor_pb2.AUTH_STRENGTH_SYSTEM: marked("strength:system"),
}

# By what right somebody read a document.
READING_RIGHT = {
    "author": marked("right:author"),
    "co-drafter": marked("right:co-drafter"),
    "line": marked("right:line"),
    "department": marked("right:department"),
    "agency": marked("right:agency"),
    "grant": marked("right:grant"),
    "circulation": marked("right:circulation"),
    "records": marked("right:records"),
    "keeper": marked("right:keeper"),
    "in-charge": marked("right:in-charge"),
    "division": marked("right:division"),
    "all": marked("right:all"),
    "": marked("right:none"),
}

STAGE = {
    "intake": marked("stage:intake"),
    "documents": marked("stage:documents"),
    "approval": marked("stage:approval"),
}

RECORD_STATE = {
    "registered": (marked("record:registered"), "success"),
    "quarantined": (marked("record:quarantined"), "danger"),
    "in-flight": (marked("record:in-flight"), "primary"),
    "returned": (marked("record:returned"), "warning"),
}

MAPPING_STATE = {
    mapping_pb.MAPPING_STATE_SHIPPED: (marked("mapping:shipped"), "gray"),
    mapping_pb.MAPPING_STATE_PROPOSED: (marked("mapping:proposed"), "warning"),
    mapping_pb.MAPPING_STATE_LIVE: (marked("mapping:live"), "success"),
    mapping_pb.MAPPING_STATE_REFUSED: (marked("mapping:refused"), "danger"),
    mapping_pb.MAPPING_STATE_SUPERSEDED: (marked("mapping:superseded"), "gray"),
}

DIRECTION = {"in": marked("direction:in"), "out": marked("direction:out"), "both": marked("direction:both")}


def badge(reader: Reader, table: Mapping[Any, tuple[str, str]], key: Any) -> Badge:
    """The word and colour of a value; a value this release does not know is shown as it came."""
    word, colour = table.get(key, (str(key), "gray"))
    return Badge(reader.text(word), colour)


def word(reader: Reader, table: Mapping[Any, str], key: Any) -> str:
    """The word of a value; empty for an unset enum value."""
    found = table.get(key)
    return reader.text(found) if found else ("" if key in {0, ""} else str(key))


def disclosure(reader: Reader, value: pb.Disclosure) -> str:
    """공개구분 as printed: ``공개``, ``부분공개(5)``, ``비공개(5, 6)`` (공공기록물법 시행규칙 18)."""
    level = word(reader, DISCLOSURE, value.level)
    items = ", ".join(str(item) for item in value.items)
    return f"{level}({items})" if items and value.level != pb.DISCLOSURE_LEVEL_OPEN else level

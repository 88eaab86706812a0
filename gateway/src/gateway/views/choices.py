"""What may be chosen where one writes: values of the contract with their words, in the order of the menus."""

from collections.abc import Mapping
from typing import Final

from gateway.i18n import Reader, marked
from onnara.documents.v1 import receipt_service_pb2 as receipt_pb
from onnara.exchange.v1 import official_document_pb2 as pb

Choice = tuple[int, str]

KINDS: Final[Mapping[int, str]] = {
    pb.DOCUMENT_KIND_GENERAL: marked("document-kind:general"),
    pb.DOCUMENT_KIND_LEGISLATION: marked("document-kind:legislation"),
    pb.DOCUMENT_KIND_STANDING_ORDER: marked("document-kind:standing-order"),
    pb.DOCUMENT_KIND_ESTABLISHED_RULE: marked("document-kind:established-rule"),
    pb.DOCUMENT_KIND_DIRECTIVE: marked("document-kind:directive"),
    pb.DOCUMENT_KIND_DAILY_ORDER: marked("document-kind:daily-order"),
    pb.DOCUMENT_KIND_PUBLIC_NOTICE: marked("document-kind:public-notice"),
    pb.DOCUMENT_KIND_PETITION: marked("document-kind:petition"),
    pb.DOCUMENT_KIND_KEPT: marked("document-kind:kept"),
}
# Items of 정보공개법 9①.
ITEMS: Final[Mapping[int, str]] = {
    1: marked("disclosure-item:1"),
    2: marked("disclosure-item:2"),
    3: marked("disclosure-item:3"),
    4: marked("disclosure-item:4"),
    5: marked("disclosure-item:5"),
    6: marked("disclosure-item:6"),
    7: marked("disclosure-item:7"),
    8: marked("disclosure-item:8"),
}
RANGES: Final[Mapping[int, str]] = {
    pb.READING_RANGE_LINE: marked("reading-range:line"),
    pb.READING_RANGE_DEPARTMENT: marked("reading-range:department"),
    pb.READING_RANGE_DIVISION: marked("reading-range:division"),
    pb.READING_RANGE_ORGAN: marked("reading-range:organ"),
    pb.READING_RANGE_ALL: marked("reading-range:all"),
}
LIMITS: Final[Mapping[int, str]] = {
    pb.READING_LIMIT_NONE: marked("reading-limit:none"),
    pb.READING_LIMIT_UNTIL_APPROVED: marked("reading-limit:until-approved"),
    pb.READING_LIMIT_UNTIL_DAY: marked("reading-limit:until-day"),
}
SEALS: Final[Mapping[int, str]] = {
    pb.SEAL_KIND_OFFICIAL_SEAL: marked("seal-kind:official-seal"),
    pb.SEAL_KIND_SIGNATURE: marked("seal-kind:signature"),
    pb.SEAL_KIND_SEAL_OMITTED: marked("seal-kind:seal-omitted"),
    pb.SEAL_KIND_SIGNATURE_OMITTED: marked("seal-kind:signature-omitted"),
}
# Levels of posts, as delegation rules name them.
LEVELS: Final[Mapping[int, str]] = {
    1: marked("level:1"),
    2: marked("level:2"),
    3: marked("level:3"),
    4: marked("level:4"),
    5: marked("level:5"),
    6: marked("level:6"),
    7: marked("level:7"),
}
ABSENCES: Final[Mapping[str, str]] = {
    "leave": marked("absence:leave"),
    "trip": marked("absence:trip"),
    "training": marked("absence:training"),
    "vacancy": marked("absence:vacancy"),
    "other": marked("absence:other"),
}
# Grounds for recipients after sending (행정업무규정 15④).
GROUNDS: Final[Mapping[str, str]] = {
    "approver-order": marked("ground:approver-order"),
    "recipient-renamed": marked("ground:recipient-renamed"),
    "mistake": marked("ground:mistake"),
    "agency-request": marked("ground:agency-request"),
}
# Formal defects for which a document may be sent back (시행규칙 16①).
DEFECTS: Final[Mapping[int, str]] = {
    receipt_pb.DEFECT_SEAL: marked("defect:seal"),
    receipt_pb.DEFECT_ATTACHMENT: marked("defect:attachment"),
    receipt_pb.DEFECT_FORM: marked("defect:form"),
    receipt_pb.DEFECT_UNREADABLE: marked("defect:unreadable"),
}
# What a document goes back to (문서취지·출처).
SOURCES: Final[Mapping[int, str]] = {
    pb.Source.KIND_DIRECT: marked("source:direct"),
    pb.Source.KIND_INSTRUCTION: marked("source:instruction"),
    pb.Source.KIND_PRODUCED_DOCUMENT: marked("source:produced"),
    pb.Source.KIND_RECEIVED_DOCUMENT: marked("source:received"),
    pb.Source.KIND_MEMO: marked("source:memo"),
}
# Role and mode of a step as the line editor offers them.
STEP_KINDS: Final[Mapping[tuple[str, str], str]] = {
    ("STEP_ROLE_REVIEW", "STEP_MODE_NORMAL"): marked("step-kind:review"),
    ("STEP_ROLE_COOPERATE", "STEP_MODE_SERIAL"): marked("step-kind:cooperate"),
    ("STEP_ROLE_COOPERATE", "STEP_MODE_PARALLEL"): marked("step-kind:cooperate-parallel"),
    ("STEP_ROLE_COOPERATE", "STEP_MODE_DEPARTMENT"): marked("step-kind:cooperate-department"),
    ("STEP_ROLE_AUDIT", "STEP_MODE_PERSON"): marked("step-kind:audit"),
    ("STEP_ROLE_AUDIT", "STEP_MODE_DEPARTMENT"): marked("step-kind:audit-department"),
    ("STEP_ROLE_DECIDE", "STEP_MODE_OWN"): marked("step-kind:decide"),
    ("STEP_ROLE_DECIDE", "STEP_MODE_DELEGATED"): marked("step-kind:decide-delegated"),
    ("STEP_ROLE_DECIDE", "STEP_MODE_SOLE"): marked("step-kind:decide-sole"),
    ("STEP_ROLE_DECIDE", "STEP_MODE_JOINT"): marked("step-kind:decide-joint"),
    ("STEP_ROLE_AFTER", "STEP_MODE_CONFIRM"): marked("step-kind:confirm"),
    ("STEP_ROLE_AFTER", "STEP_MODE_INFORM"): marked("step-kind:inform"),
}


def choices(reader: Reader, table: Mapping[int, str]) -> list[Choice]:
    """Values and words of a table, for a menu."""
    return [(value, reader.text(word)) for value, word in table.items()]

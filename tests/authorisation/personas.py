"""Everybody who could call: one person for each relation to a document and each role, in a post that gives no second one.

``PERSONAS`` in the order of the table's columns. Whoever stands in the line sits in the bureau above the producing
department, whoever was let in from outside in another department, so that each right comes from one thing alone.
"""

from dataclasses import dataclass
from enum import StrEnum

HOME, BUREAU, ROADS, PARKS, OFFICE = "T310000", "T310100", "T310101", "T310202", "T310303"
OTHER, OTHER_OFFICE = "T320000", "T320101"
ABROAD = "T990000"
HOME_AGENCY = frozenset({HOME, BUREAU, ROADS, PARKS, OFFICE})


class Persona(StrEnum):
    """Who calls."""

    AUTHOR = "author"
    CO_DRAFTER = "co-drafter"
    ACTED = "acted"
    TURN = "turn"
    DEPUTY = "deputy"
    LATER = "later"
    INFORMED = "informed"
    COLLEAGUE = "colleague"
    CLERK = "clerk"
    HEAD = "head"
    IN_CHARGE = "in-charge"
    KEEPER = "keeper"
    RECORDS = "records"
    DOCUMENT_CLERK = "document-clerk"
    OTHER_CLERK = "other-clerk"
    OTHER_HEAD = "other-head"
    NEIGHBOUR = "neighbour"
    SHOWN = "shown"
    GRANTED = "granted"
    OPERATOR = "operator"
    JOINT = "joint"
    ABROAD = "abroad"
    SYSTEM = "system"
    FOREIGN_SYSTEM = "foreign-system"
    NOBODY = "nobody"


@dataclass(frozen=True)
class Post:
    """What somebody is. code: of the department, or of the agency for its head and for systems."""

    code: str
    roles: tuple[str, ...]
    level: int
    english: str
    korean: str


POSTS = {
    Persona.AUTHOR: Post(ROADS, ("drafter",), 7, "drafter", "기안자"),
    Persona.CO_DRAFTER: Post(PARKS, ("drafter",), 7, "writes on the draft with the drafter", "공동 작성자"),
    Persona.ACTED: Post(BUREAU, ("reviewer",), 6, "reviewer who has acted", "검토를 마친 검토자"),
    Persona.TURN: Post(BUREAU, ("reviewer",), 5, "reviewer whose turn it is, on leave", "차례가 된 검토자(휴가)"),
    Persona.DEPUTY: Post(BUREAU, ("reviewer",), 6, "registered deputy of that reviewer", "그 검토자의 대결자"),
    Persona.LATER: Post(HOME, ("approver",), 1, "approver whose turn is later", "이후 결재권자"),
    Persona.INFORMED: Post(PARKS, ("drafter",), 7, "informed after the decision", "통보 대상자"),
    Persona.COLLEAGUE: Post(ROADS, ("drafter",), 7, "colleague of the department in charge", "처리과 직원"),
    Persona.CLERK: Post(ROADS, ("clerk",), 7, "clerk of the department in charge", "처리과 문서 담당"),
    Persona.HEAD: Post(ROADS, ("approver",), 5, "head of the department in charge", "처리과장"),
    Persona.IN_CHARGE: Post(ROADS, ("drafter",), 7, "official in charge of a received document", "담당자"),
    Persona.KEEPER: Post(OFFICE, ("seal-keeper",), 7, "keeper of the seals", "관인 관리자"),
    Persona.RECORDS: Post(BUREAU, ("records",), 7, "records officer", "기록물관리책임자"),
    Persona.DOCUMENT_CLERK: Post(OFFICE, ("clerk",), 7, "clerk of the document department", "문서과 담당"),
    Persona.OTHER_CLERK: Post(PARKS, ("clerk",), 7, "clerk of another department", "다른 과 문서 담당"),
    Persona.OTHER_HEAD: Post(PARKS, ("approver",), 5, "head of another department", "다른 과장"),
    Persona.NEIGHBOUR: Post(PARKS, ("drafter",), 7, "official of another department", "다른 과 직원"),
    Persona.SHOWN: Post(PARKS, ("drafter",), 7, "somebody it was shown to", "공람자"),
    Persona.GRANTED: Post(PARKS, ("drafter",), 7, "somebody who was let in to read", "열람 허가를 받은 사람"),
    Persona.OPERATOR: Post(OFFICE, ("operator",), 7, "operator of the agency", "기관 운영자"),
    Persona.JOINT: Post(OTHER, ("approver",), 1, "head of the other agency of a joint draft", "공동기안 상대 기관장"),
    Persona.ABROAD: Post(
        OTHER_OFFICE,
        ("clerk", "records", "seal-keeper", "operator"),
        5,
        "official of another agency with every role",
        "다른 기관의 모든 권한 보유자",
    ),
    Persona.SYSTEM: Post(HOME, (), 0, "system that speaks for the agency", "기관 시스템"),
    Persona.FOREIGN_SYSTEM: Post(OTHER, (), 0, "system that speaks for another agency", "다른 기관 시스템"),
    Persona.NOBODY: Post("", (), 0, "nobody: no token", "로그인하지 않은 사람"),
}
PERSONAS = tuple(Persona)
SYSTEMS = frozenset({Persona.SYSTEM, Persona.FOREIGN_SYSTEM})
PEOPLE = frozenset(PERSONAS) - SYSTEMS - {Persona.NOBODY}
ELSEWHERE = frozenset({Persona.JOINT, Persona.ABROAD})
OURS = PEOPLE - ELSEWHERE
DEPARTMENT = frozenset({Persona.AUTHOR, Persona.COLLEAGUE, Persona.CLERK, Persona.HEAD, Persona.IN_CHARGE})
"""Everybody of the department that produced or accepted the document."""

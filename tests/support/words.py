"""What is seen, in the words of the field: states, lines, refusals, copies as short texts for the tables of worked cases."""

from collections.abc import Awaitable, Iterable

from chassis.errors import RefusalError
from onnara.common.v1.error_pb2 import ErrorDetail
from onnara.documents.v1 import documents_service_pb2 as pb
from onnara.exchange.v1 import official_document_pb2 as doc

_STATES = {
    pb.DOCUMENT_STATE_DRAFT: "기안 중",
    pb.DOCUMENT_STATE_IN_PATH: "결재 진행",
    pb.DOCUMENT_STATE_HELD: "보류",
    pb.DOCUMENT_STATE_RETURNED: "반려",
    pb.DOCUMENT_STATE_FILED: "등록·편철",
    pb.DOCUMENT_STATE_SENDING: "발송 중",
    pb.DOCUMENT_STATE_SENT: "발송 완료",
    pb.DOCUMENT_STATE_SENT_PARTIAL: "부분발송",
    pb.DOCUMENT_STATE_ARRIVED: "배부대기",
    pb.DOCUMENT_STATE_TO_ACCEPT: "접수대기",
    pb.DOCUMENT_STATE_ACCEPTED: "접수",
    pb.DOCUMENT_STATE_ASSIGNED: "담당",
    pb.DOCUMENT_STATE_REDISTRIBUTION_ASKED: "재배부요청",
    pb.DOCUMENT_STATE_TRANSFERRING: "이송중",
    pb.DOCUMENT_STATE_TRANSFERRED_AWAY: "이송완료",
    pb.DOCUMENT_STATE_SENT_BACK: "반송",
}
_ROLES = {
    doc.STEP_ROLE_DRAFT: "기안",
    doc.STEP_ROLE_REVIEW: "검토",
    doc.STEP_ROLE_COOPERATE: "협조",
    doc.STEP_ROLE_AUDIT: "감사",
    doc.STEP_ROLE_DECIDE: "결재",
    doc.STEP_ROLE_AFTER: "통보",
}
_MODES = {
    doc.STEP_MODE_DELEGATED: "전결",
    doc.STEP_MODE_ACTING: "대결",
    doc.STEP_MODE_ACTING_FOR_DELEGATED: "전대결",
    doc.STEP_MODE_CONFIRM: "후열",
    doc.STEP_MODE_JOINT: "공동결재",
}
_OUTCOMES = {
    doc.STEP_OUTCOME_UNSPECIFIED: "미처리",
    doc.STEP_OUTCOME_PENDING: "미처리",
    doc.STEP_OUTCOME_SUBMITTED: "상신",
    doc.STEP_OUTCOME_APPROVED: "승인",
    doc.STEP_OUTCOME_AGREED: "찬성",
    doc.STEP_OUTCOME_RETURNED: "반려",
}
_COPIES = {
    "QUEUED": "발송대기",
    "SENT": "발송",
    "ARRIVED": "도달",
    "RECEIVED": "수신",
    "TRANSFERRED": "이송",
    "ACCEPTED": "접수",
    "RETURNED": "반송",
}
_SHOWN = {"circulate": "공람", "inform": "통보", "confirm": "후열"}


def state(card: pb.Document) -> str:
    """Where a document stands."""
    return _STATES[card.state]


def line(steps: Iterable[doc.ApprovalStep]) -> str:
    """A line: what each does, who it is, what came of it; a deputy behind the person acted for."""
    return " → ".join(_step(each) for each in steps)


def _step(each: doc.ApprovalStep) -> str:
    kind = _MODES.get(each.mode) or _ROLES[each.role]
    deputy = f", acted by {each.acted_by.name}" if each.acted_by.name else ""
    opinion = " (의견 있음)" if each.opinion else ""
    return f"{kind} {each.person.name}{deputy} {_OUTCOMES[each.outcome]}{opinion}"


def proposed(steps: Iterable[doc.ApprovalStep]) -> str:
    """A line nobody has acted in yet."""
    return " → ".join(f"{_MODES.get(each.mode) or _ROLES[each.role]} {each.person.name}" for each in steps)


def problem(detail: ErrorDetail, *params: str) -> str:
    """A reason: its code, the article, and the parameters named."""
    said = "".join(f", {name} {detail.params[name]}" for name in params)
    return f"`{detail.code}` by {detail.source}{said}"


async def refusal(act: Awaitable[object]) -> str:
    """How an act is refused: code and article. Raises AssertionError when it is not."""
    try:
        await act
    except RefusalError as error:
        first = error.problems[0]
        return f"refused: `{first.code}`" + (f" by {first.source}" if first.source else "")
    raise AssertionError("what should have been refused was done")


def copies(card: pb.Document) -> str:
    """How far each copy has come."""
    return ", ".join(f"{each.receiver_name} {_COPIES[each.state]}" for each in card.deliveries)


def shown_to(shown: Iterable[pb.CirculationView]) -> str:
    """Whom a document is shown, as what, and whether they have read it."""
    return ", ".join(
        f"{_SHOWN[each.kind]} {each.name}: {'read' if each.HasField('read_at') else 'not read yet'}" for each in shown
    )


def texts(card: pb.Document) -> str:
    """Versions of the text with their authors; those that count."""
    return ", ".join(f"text {each.number} by {each.author_name}" for each in card.versions if each.effective)

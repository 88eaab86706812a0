"""Where a document stands. `documents` owns the draft and everything from registration on; in between the line leads."""

from enum import StrEnum


class State(StrEnum):
    """States of a card."""

    DRAFT = "draft"
    IN_PATH = "in-path"
    HELD = "held"
    RETURNED = "returned"
    FILED = "filed"
    SENDING = "sending"
    SENT = "sent"
    SENT_PARTIAL = "sent-partial"
    ARRIVED = "arrived"
    REFUSED = "refused"
    STOPPED = "stopped"  # 중단
    SEND_WAIT = "send-wait"  # 발송대기
    SEAL_REVIEW = "seal-review"  # 심사
    SEAL_REJECTED = "seal-rejected"  # 심사반려
    SEND_HELD = "send-held"  # 발송보류
    SEND_CANCELLED = "send-cancelled"  # 발송취소
    HANDED_OVER = "handed-over"  # 이관 중: the records system has not answered yet
    TRANSFERRED = "transferred"  # 이관: what is here is a copy
    TO_ACCEPT = "to-accept"  # 접수대기
    ACCEPTED = "accepted"  # 접수, 담당지정대기
    ASSIGNED = "assigned"  # 담당
    REDISTRIBUTION_ASKED = "redistribution-asked"  # 재배부요청
    TRANSFERRING = "transferring"  # 이송중
    TRANSFERRED_AWAY = "transferred-away"  # 이송완료
    SENT_BACK = "sent-back"  # 반송
    FORWARDING = "forwarding"  # 경유중
    FORWARDED = "forwarded"  # 경유완료
    COMPLETED = "completed"  # 완료
    RECEIPT_HANDED_OVER = "receipt-handed-over"  # 접수문서 이관 중
    RECEIPT_TRANSFERRED = "receipt-transferred"  # 접수문서 이관


REGISTERED = frozenset(
    {
        State.FILED,
        State.SEND_WAIT,
        State.SEAL_REVIEW,
        State.SEAL_REJECTED,
        State.SEND_HELD,
        State.SEND_CANCELLED,
        State.SENDING,
        State.SENT,
        State.SENT_PARTIAL,
        State.HANDED_OVER,
        State.TRANSFERRED,
    }
)
"""States of a document that has its number."""

RECEIVED = frozenset(
    {
        State.ARRIVED,
        State.TO_ACCEPT,
        State.ACCEPTED,
        State.ASSIGNED,
        State.REDISTRIBUTION_ASKED,
        State.TRANSFERRING,
        State.TRANSFERRED_AWAY,
        State.SENT_BACK,
        State.FORWARDING,
        State.FORWARDED,
        State.COMPLETED,
        State.RECEIPT_HANDED_OVER,
        State.RECEIPT_TRANSFERRED,
    }
)
"""States of a document that came from elsewhere: its own number is the sender's, ours is that of its acceptance."""

WITH_RECORDS_SYSTEM = frozenset(
    {State.HANDED_OVER, State.TRANSFERRED, State.RECEIPT_HANDED_OVER, State.RECEIPT_TRANSFERRED}
)
"""Handed over, or accepted by the records system: nothing of the record changes here any more (이관)."""

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
    TRANSFERRED = "transferred"  # 이관
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
    }
)
"""States of a document that came from elsewhere: its own number is the sender's, ours is that of its acceptance."""

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


REGISTERED = frozenset({State.FILED, State.SENDING, State.SENT, State.SENT_PARTIAL})
"""States of a document that has its number."""

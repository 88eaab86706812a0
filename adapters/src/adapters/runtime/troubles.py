"""What keeps items from coming in right now, connection by connection. Told by the intakes of this process, read by the board.

Kept in memory: whoever starts anew finds out anew within a scan.
"""

from collections.abc import Mapping
from time import monotonic
from typing import Any

from adapters.formats.findings import Finding
from adapters.runtime.accounting import reasons_of


class Troubles:
    """The newest trouble of each connection."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Mapping[str, Any], float]] = {}

    def note(self, endpoint: str, finding: Finding, *, seconds: float = 0.0) -> None:
        """Takes down a trouble. seconds: how long it is shown though other items come in."""
        [reason] = reasons_of([finding])
        self._known[endpoint] = (reason, monotonic() + seconds)

    def forget(self, endpoint: str) -> None:
        """The connection works; what was said of a single item stays for its time."""
        _, until = self._known.get(endpoint, ({}, 0.0))
        if until <= monotonic():
            self._known.pop(endpoint, None)

    def of(self, endpoint: str) -> Mapping[str, Any] | None:
        """The trouble as a stored reason; None when there is none."""
        found = self._known.get(endpoint)
        return found[0] if found else None

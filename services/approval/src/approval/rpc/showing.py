"""A line as its reader sees it: with what they may do now, for whom, and how a decision must be proven."""

from approval.domain.allowing import allowed
from approval.domain.line import Line
from approval.domain.people import Signer
from approval.handlers.proving import required_strength
from approval.ports.directory import View
from approval.translate.lines import line_message
from onnara.approval.v1 import approval_service_pb2 as pb


class Shown:
    """Shows lines to one reader; what rules require is asked once for each kind and task."""

    def __init__(self, reader: Signer, view: View) -> None:
        self._reader = reader
        self._view = view
        self._strengths: dict[tuple[str, int, str], str] = {}

    def message(self, line: Line) -> pb.Line:
        """The line."""
        found = allowed(line, self._reader)
        return line_message(line, found, self._strength(line) if found.decides else "")

    def _strength(self, line: Line) -> str:
        key = line.agency_id, line.kind, line.task_code
        if key not in self._strengths:
            self._strengths[key] = required_strength(self._view, *key)
        return self._strengths[key]

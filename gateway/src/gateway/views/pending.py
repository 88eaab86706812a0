"""One pending line as a row with a tick box: it carries what a decision must name."""

from dataclasses import dataclass

from gateway.i18n import Reader
from gateway.views.words import LINE, ROLE, Badge, badge, word
from onnara.approval.v1 import approval_service_pb2 as pb
from onnara.common.v1 import actor_pb2
from onnara.exchange.v1 import official_document_pb2 as exchange_pb


@dataclass(frozen=True, slots=True)
class PendingRow:
    """A row. ticket: line, version, manifest and for whom one acts in one value, as the bulk form posts it.

    passkey: a passkey must sign the decision. acting: the reader stands in for somebody (대결).
    """

    line_id: str
    document_id: str
    title: str
    drafter: str
    drafter_position: str
    my_role: str
    status: Badge
    submitted_at: str
    attachment_count: int
    has_recipients: bool
    opinions: int
    opened: bool
    ticket: str
    passkey: bool
    acting: bool


def pending_row(reader: Reader, line: pb.Line, mine: exchange_pb.ApprovalStep | None, *, opened: bool) -> PendingRow:
    """The row of a line whose turn is the caller's."""
    drafter = next((step.person for step in line.steps if step.role == exchange_pb.STEP_ROLE_DRAFT), None)
    return PendingRow(
        line_id=line.line_id,
        document_id=line.document_id,
        title=line.title,
        drafter=drafter.name if drafter else "",
        drafter_position=drafter.position if drafter else "",
        my_role=word(reader, ROLE, mine.role) if mine else "",
        status=badge(reader, LINE, line.status),
        submitted_at=reader.moment(line.submitted_at),
        attachment_count=line.attachment_count,
        has_recipients=line.has_recipients,
        opinions=sum(1 for step in line.steps if step.opinion),
        opened=opened,
        ticket=f"{line.line_id}.{line.version}.{line.manifest_hash.hex()}.{line.acting_for}",
        passkey=line.required_strength == actor_pb2.AUTH_STRENGTH_PASSKEY,
        acting=bool(line.acting_for),
    )

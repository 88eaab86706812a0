"""The whole card as one record for its template."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from gateway.i18n import Reader
from gateway.views.body import safe_body
from gateway.views.choices import KINDS, LIMITS, RANGES, SOURCES
from gateway.views.delivery import Track, track
from gateway.views.form import PaperForm, paper, pictures
from gateway.views.line import StepRow, rows, waits_for
from gateway.views.timeline import Happening, timeline
from gateway.views.words import DOCUMENT, RETENTION, ROLE, Badge, badge, disclosure, word
from onnara.approval.v1 import approval_service_pb2 as approval_pb
from onnara.common.v1 import actor_pb2
from onnara.documents.v1 import documents_service_pb2 as pb
from onnara.exchange.v1 import official_document_pb2 as exchange_pb

_ACTS = {
    approval_pb.ACTION_APPROVE: "approve",
    approval_pb.ACTION_RETURN: "return",
    approval_pb.ACTION_HOLD: "hold",
    approval_pb.ACTION_RESUME: "resume",
    approval_pb.ACTION_DISAGREE: "disagree",
    approval_pb.ACTION_WITHDRAW: "withdraw",
    approval_pb.ACTION_STOP: "stop",
}
_NOT_SENT = frozenset({pb.DOCUMENT_STATE_SEAL_REJECTED, pb.DOCUMENT_STATE_SEND_HELD, pb.DOCUMENT_STATE_SEND_CANCELLED})
# Acts on the recipients asked for: a form for each request.
_SEVERAL = ("add-recipients", "refuse-recipients")
_DECIDING = frozenset({"approve", "return", "hold", "resume", "disagree"})


@dataclass(frozen=True, slots=True)
class Turn:
    """What a decision must name, and as what it is made.

    mine: the reader may act, for themself or as a deputy (acting_for). allowed: words of the acts. back_to: steps it may be
    returned to, (0, drafter) first. passkey: a passkey must sign the decision. revised: the manifest is the reader's own
    changed text, which takes effect with this decision.
    """

    line_id: str
    version: int
    manifest: str
    role: str
    name: str
    mine: bool
    held: bool
    final: bool
    allowed: frozenset[str]
    back_to: list[tuple[int, str]]
    acting_for: str
    passkey: bool
    may_change: bool
    may_revise: bool
    revised: bool = False


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version of title and body."""

    number: int
    title: str
    author: str
    created_at: str
    fingerprint: str
    is_current: bool
    body: Markup
    base: int
    role: str
    effective: bool
    registration: str


@dataclass(frozen=True, slots=True)
class CardView:
    """A document card."""

    document_id: str
    title: str
    state: Badge
    is_draft: bool
    form: PaperForm
    steps: list[StepRow]
    turn: Turn | None
    tracks: list[Track]
    copies: list[pb.DeliveryView]
    dispatch: list[tuple[str, str, str]]
    sources: list[tuple[str, str, str]]
    history: list[Happening]
    versions: list[VersionRow]
    facts: list[tuple[str, str]]
    origin: list[tuple[str, str]]
    fingerprint: str
    line_known: bool
    version: int
    state_name: str
    allowed: list[str]
    circulation: list[tuple[str, str, str, str]]
    asked: list[pb.RecipientsAsked]
    companions: list[tuple[str, str, str]]
    related: list[tuple[str, str]]
    is_received: bool

    @property
    def offered(self) -> list[str]:
        """Names of the forms that stand on the card, as ``Given`` has them."""
        turn = self.turn
        forms = ["decide"] if turn and turn.allowed else []
        forms += [act for act in self.allowed if act not in _SEVERAL]
        forms += [f"{act}:{asked.request_key}" for asked in self.asked for act in _SEVERAL]
        forms += [f"{act}:{copy.delivery_id}" for copy in self.copies for act in copy.allowed]
        if turn and turn.may_change:
            steps = [step for step in self.steps if step.is_open and not step.is_current]
            forms += [f"{form}-{step.order}" for step in steps for form in ("insert", "remove")]
            forms += [f"skip-{step.order}" for step in self.steps if step.may_skip]
        return forms


def card_view(
    reader: Reader,
    document: pb.Document,
    line: approval_pb.Line | None,
    history: list[pb.HistoryEntry],
    official_id: str,
    revision: str = "",
    acts: Sequence[approval_pb.LineHistoryEntry] = (),
) -> CardView:
    """The card of a document and its line, as the official sees it: with the decision form when it is their turn.

    revision: manifest, in hexadecimal, of a changed text that the official has just stored. acts: on the document's lines.
    """
    steps = _steps(document, line)
    return CardView(
        document_id=document.document_id,
        title=document.content.title,
        state=badge(reader, DOCUMENT, document.state),
        is_draft=document.state == pb.DOCUMENT_STATE_DRAFT,
        # The sheet is a Korean document whatever the reader's language.
        form=paper(Reader("ko", reader.zone), document, steps),
        steps=rows(reader, steps, line.current_order if line else 0),
        turn=_turn(reader, line, official_id, revision) if line else None,
        tracks=[track(reader, each) for each in document.deliveries],
        copies=list(document.deliveries),
        dispatch=_dispatch_notes(reader, document),
        sources=_sources(reader, document),
        history=timeline(reader, history, steps, list(document.deliveries), acts, document.dispatch_notes),
        versions=_versions(reader, document),
        facts=_facts(reader, document),
        origin=_origin(reader, document),
        fingerprint=document.manifest_hash.hex(),
        line_known=line is not None or not document.line_id,
        version=document.version,
        state_name=pb.DocumentState.Name(document.state).removeprefix("DOCUMENT_STATE_"),
        allowed=list(document.allowed),
        circulation=[
            (
                reader.coded("circulation", each.kind) or each.kind,
                f"{each.position} {each.name}".strip(),
                each.department_name,
                reader.moment(each.read_at),
            )
            for each in document.circulation
        ],
        asked=list(document.recipients_asked),
        companions=[(each.document_id, each.title, each.registration.text) for each in document.companions],
        related=[
            (each.document_id, each.title)
            for each in document.related
            if each.document_id not in {source.id for source in document.content.sources}
        ],
        is_received=document.state == pb.DOCUMENT_STATE_ARRIVED or document.HasField("receipt"),
    )


def _steps(document: pb.Document, line: approval_pb.Line | None) -> list[exchange_pb.ApprovalStep]:
    """The line's steps; of those behind the decision the card knows better who has read it."""
    own = list(document.content.steps)
    if line is None:
        return own
    read = {each.order: each for each in own if each.outcome == exchange_pb.STEP_OUTCOME_READ}
    return [read.get(each.order, each) for each in line.steps]


def _dispatch_notes(reader: Reader, document: pb.Document) -> list[tuple[str, str, str]]:
    """Why the document is not sent as it stands: the last thing that was said about it, while it holds."""
    if document.state not in _NOT_SENT or not document.dispatch_notes:
        return []
    last = document.dispatch_notes[-1]
    did = reader.coded("did", last.act) or last.act
    return [(did, last.reason, " · ".join(part for part in (last.by, reader.moment(last.noted_at)) if part))]


def _sources(reader: Reader, document: pb.Document) -> list[tuple[str, str, str]]:
    """What the document goes back to (출처): kind, title, and the card's address where it is one of ours."""
    shown = {each.document_id for each in document.related}
    return [
        (word(reader, SOURCES, each.kind), each.title or each.id, f"/documents/{each.id}" if each.id in shown else "")
        for each in document.content.sources
    ]


def _turn(reader: Reader, line: approval_pb.Line, official_id: str, revision: str) -> Turn | None:
    allowed = frozenset(_ACTS[act] for act in line.allowed if act in _ACTS)
    for_whom = line.acting_for or official_id
    step = waits_for(line, for_whom)
    if step is None and not allowed:
        return None
    back = [(0, reader.text("the drafter"))]
    back += [
        (each.order, f"{each.order}. {each.person.name} {each.person.position}".strip())
        for each in line.steps
        if step
        and each.order < step.order
        and each.role not in {exchange_pb.STEP_ROLE_DRAFT, exchange_pb.STEP_ROLE_AFTER}
    ]
    mine = bool(allowed & _DECIDING)
    return Turn(
        line_id=line.line_id,
        version=line.version,
        manifest=revision or line.manifest_hash.hex(),
        role=word(reader, ROLE, step.role) if step else "",
        name=(step.person.name or step.person.department) if step else "",
        mine=mine,
        held=step is not None and step.outcome == exchange_pb.STEP_OUTCOME_HELD,
        final=step is not None and step.role == exchange_pb.STEP_ROLE_DECIDE,
        allowed=allowed,
        back_to=back,
        acting_for=line.acting_for,
        passkey=line.required_strength == actor_pb2.AUTH_STRENGTH_PASSKEY,
        may_change=line.may_change,
        may_revise=mine
        and step is not None
        and step.role in {exchange_pb.STEP_ROLE_REVIEW, exchange_pb.STEP_ROLE_DECIDE},
        revised=bool(revision),
    )


def _versions(reader: Reader, document: pb.Document) -> list[VersionRow]:
    return [
        VersionRow(
            number=each.number,
            title=each.title,
            author=" ".join(part for part in (each.author_position, each.author_name) if part),
            created_at=reader.moment(each.created_at),
            fingerprint=each.manifest_hash.hex()[:12],
            is_current=each.manifest_hash == document.manifest_hash,
            body=safe_body(each.body, pictures(document)),
            base=each.base_number,
            role=reader.coded("step-role", each.role) or "",
            effective=each.effective or each.manifest_hash == document.manifest_hash,
            registration=each.registration.text,
        )
        for each in document.versions
    ]


def _facts(reader: Reader, document: pb.Document) -> list[tuple[str, str]]:
    content = document.content
    pairs = [
        (reader.text("Registration number"), content.registration.text),
        (reader.text("Registered on"), reader.day(content.registration.date)),
        (reader.text("Department in charge"), document.department_name or content.sender.department.name),
        (reader.text("Disclosure"), disclosure(reader, content.disclosure)),
        (reader.text("Reason for not opening"), content.disclosure.reason),
        (reader.text("Retention"), word(reader, RETENTION, content.retention)),
        (reader.text("Kept until"), reader.day(document.retained_until)),
        (reader.text("Kind of document"), word(reader, KINDS, content.kind)),
        (reader.text("Further number"), content.special_number),
        (reader.text("Who may read"), word(reader, RANGES, content.reading_range)),
        (reader.text("Reading limit"), word(reader, LIMITS, content.reading_limit)),
        (reader.text("Registration"), reader.text("cancelled; the number stays taken") if document.cancelled else ""),
        *_receipt(reader, document),
        (reader.text("Unit task"), " ".join(part for part in (content.task.name, content.task.code) if part)),
        (reader.text("Further unit tasks"), ", ".join(each.name or each.code for each in content.further_tasks)),
        (reader.text("Joint draft with"), ", ".join(each.name or each.code for each in content.joint_agencies)),
        (reader.text("Records file"), document.file_code),
        (reader.text("Keywords"), ", ".join(content.keywords)),
        (reader.text("Summary"), content.summary),
    ]
    return [(name, value) for name, value in pairs if value]


def _receipt(reader: Reader, document: pb.Document) -> list[tuple[str, str]]:
    receipt = document.receipt
    return [
        (reader.text("Arrived at"), reader.moment(receipt.arrived_at)),
        (reader.text("Acceptance number"), receipt.registration.text),
        (reader.text("Accepted at"), reader.moment(receipt.accepted_at)),
        (reader.text("With department"), receipt.department_name),
        (reader.text("In charge"), receipt.in_charge_name),
        (reader.text("Ordered"), receipt.instruction),
        (reader.text("To be done by"), reader.day(receipt.due_on)),
        (reader.text("Went on to"), receipt.passed_to),
        (reader.text("Reason"), receipt.reason),
    ]


def _origin(reader: Reader, document: pb.Document) -> list[tuple[str, str]]:
    if not document.HasField("origin"):
        return []
    origin = document.origin
    pairs = [
        (reader.text("Received through"), origin.endpoint),
        (reader.text("System"), origin.system),
        (reader.text("Its own key"), origin.natural_key),
        (reader.text("Record"), origin.record_id),
    ]
    return [(name, value) for name, value in pairs if value]

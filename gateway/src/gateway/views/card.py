"""The whole card as one record for its template."""

from dataclasses import dataclass

from markupsafe import Markup

from gateway.i18n import Reader
from gateway.views.body import safe_body
from gateway.views.delivery import Track, track
from gateway.views.form import PaperForm, paper
from gateway.views.line import StepRow, rows, waits_for
from gateway.views.timeline import Happening, timeline
from gateway.views.words import DOCUMENT, RETENTION, ROLE, Badge, badge, disclosure, word
from onnara.approval.v1 import approval_service_pb2 as approval_pb
from onnara.documents.v1 import documents_service_pb2 as pb
from onnara.exchange.v1 import official_document_pb2 as exchange_pb


@dataclass(frozen=True, slots=True)
class Turn:
    """What a decision must name, and as what it is made. mine: the reader's own. held: its owner has put it on hold."""

    line_id: str
    version: int
    manifest: str
    role: str
    name: str
    mine: bool
    may_hold: bool
    held: bool
    final: bool


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
    history: list[Happening]
    versions: list[VersionRow]
    facts: list[tuple[str, str]]
    origin: list[tuple[str, str]]
    fingerprint: str
    line_known: bool


def card_view(
    reader: Reader,
    document: pb.Document,
    line: approval_pb.Line | None,
    history: list[pb.HistoryEntry],
    official_id: str,
) -> CardView:
    """The card of a document and its line, as the official sees it: with the decision form when it is their turn."""
    steps = list(line.steps) if line else list(document.content.steps)
    return CardView(
        document_id=document.document_id,
        title=document.content.title,
        state=badge(reader, DOCUMENT, document.state),
        is_draft=document.state == pb.DOCUMENT_STATE_DRAFT,
        # The sheet is a Korean document whatever the reader's language.
        form=paper(Reader("ko", reader.zone), document, steps),
        steps=rows(reader, steps, line.current_order if line else 0),
        turn=_turn(reader, line, official_id) if line else None,
        tracks=[track(reader, each) for each in document.deliveries],
        history=timeline(reader, history, steps, list(document.deliveries)),
        versions=_versions(reader, document),
        facts=_facts(reader, document),
        origin=_origin(reader, document),
        fingerprint=document.manifest_hash.hex(),
        line_known=line is not None or not document.line_id,
    )


def _turn(reader: Reader, line: approval_pb.Line, official_id: str) -> Turn | None:
    step = waits_for(line, official_id)
    if step is None:
        return None
    return Turn(
        line_id=line.line_id,
        version=line.version,
        manifest=line.manifest_hash.hex(),
        role=word(reader, ROLE, step.role),
        name=step.person.name,
        mine=bool(official_id) and step.person.official_id == official_id,
        may_hold=step.role in {exchange_pb.STEP_ROLE_REVIEW, exchange_pb.STEP_ROLE_DECIDE},
        held=step.outcome == exchange_pb.STEP_OUTCOME_HELD,
        final=step.order == max(each.order for each in line.steps),
    )


def _versions(reader: Reader, document: pb.Document) -> list[VersionRow]:
    return [
        VersionRow(
            number=each.number,
            title=each.title,
            author=each.author_name,
            created_at=reader.moment(each.created_at),
            fingerprint=each.manifest_hash.hex()[:12],
            is_current=each.manifest_hash == document.manifest_hash,
            body=safe_body(each.body),
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
        (reader.text("Unit task"), " ".join(part for part in (content.task.name, content.task.code) if part)),
        (reader.text("Records file"), document.file_code),
        (reader.text("Keywords"), ", ".join(content.keywords)),
        (reader.text("Summary"), content.summary),
    ]
    return [(name, value) for name, value in pairs if value]


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

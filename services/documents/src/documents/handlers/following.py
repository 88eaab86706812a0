"""A card follows its line: state, steps, texts that a step has named, readers; the decision hands it to ``decided``.

``LineChanged`` -> documents of the line (일괄기안: several) -> judged -> moved -> written. Whoever leads the line is judged; the
others go with it.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import structlog

from chassis.envelope import Incoming
from chassis.errors import ConflictError, NotFoundError, Problem, TransientError
from chassis.messaging import Outcome
from chassis.uow import UnitOfWork
from documents.domain import produced
from documents.domain.state import REGISTERED, State
from documents.handlers.cards import show_deputies
from documents.handlers.decided import Decided, Rejected, decided_at, note, record, register, tell
from documents.handlers.followed import Lines, load_lines
from documents.handlers.readers import bearers_of, show
from documents.ports.directory import View
from documents.tables import DOCUMENT, VERSION
from documents.translate import content, events
from documents.translate.line import returned_to_drafter
from onnara.approval.v1.events_pb2 import LineChanged, LineRefused, LineStatus
from onnara.exchange.v1.events_pb2 import Origin
from onnara.exchange.v1.official_document_pb2 import OfficialDocument

log = structlog.get_logger(__name__)

_STATUS = {
    LineStatus.LINE_STATUS_IN_PATH: "follow-in-path",
    LineStatus.LINE_STATUS_HELD: "follow-held",
    LineStatus.LINE_STATUS_RETURNED: "follow-returned",
    LineStatus.LINE_STATUS_STOPPED: "follow-stopped",
    LineStatus.LINE_STATUS_WITHDRAWN: "follow-withdrawn",
}
_KEPT = ("id", "state", "version", "steps", "line_version", "report_version", "file_code", "changed_at")
_TEXT = ("title", "content", "body_number", "manifest_hash", "recipients_label", "attachment_count", "retention")
# A draft again: private, though what was submitted stays a record.
_HIDE = """
DELETE FROM audience a USING document d WHERE d.id = ANY ($1::uuid[]) AND a.document_id = d.id
AND NOT a.token = ANY (
    SELECT 'official:' || who FROM (
        SELECT d.author_id UNION ALL SELECT jsonb_array_elements_text(d.co_drafters)
    ) AS writers(who)
)
"""


async def follow_lines(unit: UnitOfWork, batch: Sequence[Incoming[LineChanged]], view: View) -> Sequence[Outcome]:
    """Lines have changed: cards follow, decided documents are registered and dispatched, asking systems are told."""
    lines = await load_lines(unit, [message.content for message in batch])
    moving = _Moving(unit, lines, view)
    outcomes: dict[UUID, Outcome] = {}
    for message in sorted(batch, key=lambda message: message.content.version):
        outcomes[message.id] = moving.take(message)
    await register(unit, list(moving.decided.values()), moving.rejected, view)
    await moving.write()
    return [outcomes[message.id] for message in batch]


class _Moving:
    """Documents of one batch on their way through its messages."""

    def __init__(self, unit: UnitOfWork, lines: Lines, view: View) -> None:
        self.unit = unit
        self.lines = lines
        self.view = view
        self.touched: dict[UUID, dict[str, Any]] = {}
        self.decided: dict[UUID, Decided] = {}
        self.rejected: list[Rejected] = []
        self._before = {row["id"]: row["steps"] for rows in lines.rows.values() for row in rows}
        self._texts: set[UUID] = set()

    def take(self, message: Incoming[LineChanged]) -> Outcome:
        """Moves the documents of one line, or says why they do not move."""
        change = message.content
        line_id = content.uuid_or_none(change.line_id)
        rows = self.lines.rows.get(line_id) if line_id else None
        if line_id is None or rows is None:
            return _nowhere(change.line_id, line_id, self.lines)
        lead = rows[0]
        if lead["lead_id"] is not None or change.version <= lead["line_version"]:
            return None  # its lead has gone into another line; or seen already
        registered = lead["state"] in REGISTERED or lead["id"] in self.decided
        if not registered:
            refusal = self._judge(change, rows)
            if refusal is not None:
                return refusal
        for row in rows:
            self._follow(message, row, registered=registered)
        return None

    def _judge(self, change: LineChanged, rows: Sequence[Mapping[str, Any]]) -> Outcome:
        lead = rows[0]
        act = _STATUS.get(change.status)
        if change.status == LineStatus.LINE_STATUS_DECIDED:
            act = "file"
        if act is None or produced.followed(State(lead["state"]), act) is None:
            params = {"act": act or "", "state": lead["state"]}
            log.error("line-goes-on-where-it-ended", document=str(lead["id"]), **params)
            return ConflictError("act-not-now", params=params)
        if change.manifest_hash == lead["manifest_hash"] or self.lines.text(lead["id"], change.manifest_hash):
            named = self.lines.named(lead["id"], change.manifest_hash)
            if all(row["manifest_hash"].hex() in named for row in rows[1:]):
                return None
        # A decision on something else than what was submitted or stored: nothing here may repair that.
        log.error("manifest-differs", document=str(lead["id"]), line=change.line_id)
        return ConflictError("manifest-differs", params={"document": str(lead["id"])})

    def _follow(self, message: Incoming[LineChanged], row: dict[str, Any], *, registered: bool) -> None:
        change = message.content
        self.touched[row["id"]] = row
        row.update(
            version=row["version"] + 1,
            steps=content.steps_bytes(change.steps),
            line_version=change.version,
            changed_at=self.unit.now,
        )
        if registered:
            if row["id"] not in self.decided:
                note(self.unit, message, row)  # 후열, 통보: the answer with the number has been given
            return
        if row["lead_id"] is None and change.manifest_hash != row["manifest_hash"]:
            self._put_into_effect(message, row)
        if change.status == LineStatus.LINE_STATUS_DECIDED:
            self.decided[row["id"]] = Decided(message, row, decided_at(message), self.view.zone(row["agency_id"]))
            return
        act = _STATUS[change.status]
        if act == "follow-withdrawn" and row["origin"] is not None:
            act = "give-back"
        row["state"] = produced.followed(State(row["state"]), act) or row["state"]
        if returned_to_drafter(change):
            self._reject(message, row)
        tell(self.unit, message, row, None)
        note(self.unit, message, row)

    def _put_into_effect(self, message: Incoming[LineChanged], row: dict[str, Any]) -> None:
        """The text a step has named is the document from here on; what it replaces stays beside it."""
        text = self.lines.text(row["id"], message.content.manifest_hash)
        if text is None:
            return
        self._reject(message, row)
        document = OfficialDocument.FromString(text["content"])
        row.update(
            title=text["title"],
            content=text["content"],
            body_number=text["number"],
            manifest_hash=text["manifest_hash"],
            recipients_label=content.recipients_label(document),
            attachment_count=len(document.attachments),
            retention=document.retention,
        )
        self._texts.add(row["id"])
        effective = {"document_id": row["id"], "number": text["number"], "effective": True}
        self.unit.update(VERSION, effective, key=("document_id", "number"))

    def _reject(self, message: Incoming[LineChanged], row: Mapping[str, Any]) -> None:
        """A rejected or superseded version of a major document becomes a record of its own (공공기록물법 시행령 21①)."""
        if OfficialDocument.FromString(row["content"]).major:
            self.rejected.append(
                Rejected(row, row["body_number"], message.occurred_at, self.view.zone(row["agency_id"]))
            )

    async def write(self) -> None:
        """Writes every card once, and who may see it now."""
        for row in self.touched.values():
            names = (*_KEPT, *_TEXT) if row["id"] in self._texts or row.get("special") else _KEPT
            self.unit.update(DOCUMENT, {name: row[name] for name in names})
            if row["state"] != State.DRAFT:
                self._show_newcomers(row)
        private = [row["id"] for row in self.touched.values() if row["state"] == State.DRAFT]
        if private:
            await self.unit.connection.execute(_HIDE, private)

    def _show_newcomers(self, row: Mapping[str, Any]) -> None:
        """Whoever came into the line on the way, and whoever stands in where the turn is an absent person's."""
        if row["steps"] == self._before[row["id"]]:
            return
        home = row["agency_id"]
        old, new = (OfficialDocument.FromString(steps).steps for steps in (self._before[row["id"]], row["steps"]))
        came = bearers_of(new, home) - bearers_of(old, home)
        for bearer in sorted(came):
            show(self.unit, row["id"], bearer.token, bearer.agency_id)
        show_deputies(self.unit, row, new, self.view)


async def refuse_submissions(unit: UnitOfWork, batch: Sequence[Incoming[LineRefused]]) -> Sequence[Outcome]:
    """Approval could not open a line: the text is a draft again and shows why; an old system's request goes back there."""
    lines = await load_lines(unit, [message.content for message in batch])
    outcomes = [_refuse(unit, message, lines) for message in batch]
    private = [row["id"] for rows in lines.rows.values() for row in rows if row["state"] == State.DRAFT]
    if private:
        await unit.connection.execute(_HIDE, private)
    return outcomes


def _refuse(unit: UnitOfWork, message: Incoming[LineRefused], lines: Lines) -> Outcome:
    line_id = content.uuid_or_none(message.content.line_id)
    rows = lines.rows.get(line_id) if line_id else None
    if line_id is None or rows is None:
        return _nowhere(message.content.line_id, line_id, lines)
    lead = rows[0]
    if lead["state"] in {State.REFUSED, State.DRAFT}:
        return None
    if lead["line_version"]:
        log.error("line-refused-after-it-opened", document=str(lead["id"]))
        return ConflictError("line-open", params={"document": lead["id"]})
    for row in rows:
        _give_back(unit, message, row)
    return None


def _give_back(unit: UnitOfWork, message: Incoming[LineRefused], row: dict[str, Any]) -> None:
    act = "refuse-line" if row["origin"] is None else "refuse-request"
    problems = [[e.code, dict(e.params), e.field, e.source] for e in message.content.errors]
    row.update(
        state=produced.followed(State(row["state"]), act) or row["state"],
        version=row["version"] + 1,
        changed_at=unit.now,
        problems=problems,
    )
    unit.update(DOCUMENT, {name: row[name] for name in ("id", "state", "version", "changed_at", "problems")})
    note(unit, message, row)
    if row["origin"] is not None:
        reasons = [Problem(e.code, dict(e.params), e.field, e.source) for e in message.content.errors]
        record(unit, message, row, events.refused(Origin.FromString(row["origin"]), "approval", reasons))


def _nowhere(text: str, line_id: UUID | None, lines: Lines) -> Outcome:
    if line_id is None:
        return NotFoundError("line-unknown", params={"line": text})
    if line_id in lines.past:
        return None  # late news of a line the document has left
    return TransientError("document-not-there-yet", params={"line": text})

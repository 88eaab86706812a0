"""Everything that happened to a document, oldest first: its own journal, the acts of its line, the acknowledgements of its copies."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from google.protobuf.timestamp_pb2 import Timestamp

from gateway.i18n import Reader
from gateway.sentences import happening
from gateway.views.delivery import STATE, step_name
from gateway.views.registration import Change, changes_of
from gateway.views.words import OUTCOME, ROLE, badge, word
from onnara.approval.v1 import approval_service_pb2 as approval_pb
from onnara.common.v1 import actor_pb2
from onnara.documents.v1 import documents_service_pb2 as documents_pb
from onnara.exchange.v1 import official_document_pb2 as pb

_ACT_COLOURS = {
    "approve": "success", "disagree": "danger", "return": "danger", "hold": "warning", "stop": "danger", "skip": "warning",
}  # fmt: skip
_OVERDUE = {"overdue", "not-arrived"}
# Acts that a passkey may sign.
SIGNED = frozenset({"approve"})


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the history. origin: the service whose record it is, for the reader's trust. source: the article it rests on.

    proof: address of the signature that proves it, where a passkey gave one. changes: registration data before and after.
    """

    at: str
    sentence: str
    who: str
    note: str
    colour: str
    origin: str
    source: str = ""
    proof: str = ""
    changes: tuple[Change, ...] = ()


def timeline(
    reader: Reader,
    history: list[documents_pb.HistoryEntry],
    steps: list[pb.ApprovalStep],
    deliveries: list[documents_pb.DeliveryView],
    acts: Sequence[approval_pb.LineHistoryEntry] = (),
    notes: Sequence[documents_pb.DispatchNote] = (),
) -> list[Happening]:
    """The merged history in order of time.

    acts: everything done with the document's lines; where it is known it tells what the steps as they are now no longer
    show: what was sent back, taken back, passed over, changed. Without it the steps tell their own acts. notes: why sending
    was refused, held back or cancelled.
    """
    found: list[tuple[datetime, int, Happening]] = []
    has_acts = bool(acts) or any(step.HasField("acted_at") for step in steps)
    has_acks = any(view.events for view in deliveries)
    reasons = {(note.act, note.noted_at.seconds): note.reason for note in notes}
    held_now = any(step.outcome == pb.STEP_OUTCOME_HELD for step in steps)
    for entry in _told_here(history, has_acts=has_acts, held_now=held_now):
        if entry.type == "DeliveryChanged" and has_acks:
            continue
        found.append((_at(entry.occurred_at), 0, _entry(reader, entry, reasons)))
    submitted_here = any(entry.type == "DocumentSubmitted" for entry in history)
    found += [
        (_at(entry.occurred_at), 1, _line_act(reader, entry, before))
        for before, entry in zip([None, *acts], acts, strict=False)
        if entry.act != "open"
    ]
    for step in steps:
        if acts and not step.asserted_by:
            continue
        echo = submitted_here and step.outcome == pb.STEP_OUTCOME_SUBMITTED and not step.asserted_by
        if step.HasField("acted_at") and not echo:
            found.append((_at(step.acted_at), 1, _act(reader, step)))
    for view in deliveries:
        found += [(_at(e.happened_at, e.recorded_at), 2, _ack(reader, view, e)) for e in view.events]
        found += [(_at(done.done_at), 2, _settled(reader, view, done)) for done in view.acts]
    return [each for _, _, each in sorted(found, key=lambda item: item[:2])]


def _told_here(
    history: list[documents_pb.HistoryEntry], *, has_acts: bool, held_now: bool
) -> list[documents_pb.HistoryEntry]:
    """The journal without the changes of state that the line's own acts tell.

    A hold that has ended is told by nothing else: the step it was in waits again, or was decided.
    """
    told, was_held = [], False
    progress = [entry for entry in history if entry.type == "DocumentProgressed"]
    for entry in history:
        if entry.type != "DocumentProgressed" or not has_acts:
            told.append(entry)
            continue
        state = entry.params.get("state", "")
        shown_by_step = held_now and entry is progress[-1]
        if (state == "HELD" and not shown_by_step) or (was_held and state == "IN_PATH"):
            told.append(entry)
        was_held = state == "HELD"
    return told


def _entry(reader: Reader, entry: documents_pb.HistoryEntry, reasons: Mapping[tuple[str, int], str]) -> Happening:
    params = dict(entry.params)
    if "state" in params:
        params["state"] = reader.coded("state", params["state"]) or params["state"]
    act = params.get("act", "")
    return Happening(
        at=reader.moment(entry.occurred_at, seconds=True),
        sentence=(reader.coded("did", act, params) if act else None) or happening(reader, entry.type, params),
        who=_who(entry.actor.name or entry.actor.system, entry.actor.position),
        note=reasons.get((act, entry.occurred_at.seconds), "") or params.get("reason", ""),
        changes=tuple(changes_of(reader, params)),
        source=params.get("source", "") if act else "",
        colour="success" if entry.type == "DocumentRegistered" else "gray",
        origin=reader.text("origin:documents"),
    )


def _act(reader: Reader, step: pb.ApprovalStep) -> Happening:
    outcome = badge(reader, OUTCOME, step.outcome)
    origin = reader.text("origin:approval")
    if step.asserted_by:
        origin = reader.text("asserted by {system}", system=step.asserted_by)
    return Happening(
        at=reader.moment(step.acted_at, seconds=True),
        sentence=f"{word(reader, ROLE, step.role)} · {outcome.text}",
        who=_who(step.person.name, step.person.position),
        note=step.opinion or step.skip_reason,
        colour=outcome.colour,
        origin=origin,
    )


def _line_act(
    reader: Reader, entry: approval_pb.LineHistoryEntry, before: approval_pb.LineHistoryEntry | None
) -> Happening:
    """One act on the line: who did what in which part, for whom, and what was said; a change with the line as it was."""
    step = next((each for each in entry.steps if each.order == entry.order), None)
    part = word(reader, ROLE, step.role) if step else ""
    done = reader.coded("act", "send-back" if entry.act == "return" and entry.returned_to else entry.act) or entry.act
    acting = reader.text("for {name}", name=step.person.name) if step and entry.actor.acting_for else ""
    back = next((each.person.name for each in entry.steps if each.order == entry.returned_to > 0), "")
    return Happening(
        at=reader.moment(entry.occurred_at, seconds=True),
        sentence=" · ".join(each for each in (part, done, back, acting) if each),
        who=_who(entry.actor.name or entry.actor.system, entry.actor.position),
        note="\n".join(each for each in (_changed(reader, entry, before), entry.opinion) if each),
        proof=proof_address(entry),
        colour=_ACT_COLOURS.get(entry.act, "gray"),
        origin=reader.text("origin:approval"),
    )


def _changed(reader: Reader, entry: approval_pb.LineHistoryEntry, before: approval_pb.LineHistoryEntry | None) -> str:
    if entry.act != "change" or before is None or before.line_id != entry.line_id:
        return ""
    was, now = _people(reader, before.steps), _people(reader, entry.steps)
    return "\n".join((reader.text("Before: {line}", line=was), reader.text("After: {line}", line=now)))


def _people(reader: Reader, steps: Iterable[pb.ApprovalStep]) -> str:
    ordered = sorted(steps, key=lambda step: step.order)
    named = ((word(reader, ROLE, each.role), each.person.name or each.department_code) for each in ordered)
    return " → ".join(" ".join(part for part in pair if part) for pair in named)


def proof_address(entry: approval_pb.LineHistoryEntry) -> str:
    """Where the signature over an act is shown; empty when no passkey signed it."""
    step = next((each for each in entry.steps if each.order == entry.order), None)
    if step is None or step.strength != actor_pb2.AUTH_STRENGTH_PASSKEY or entry.act not in SIGNED:
        return ""
    return f"/proofs/{entry.line_id}/{entry.version}"


def _settled(reader: Reader, view: documents_pb.DeliveryView, done: documents_pb.DeliveryAct) -> Happening:
    """What a person, or the clock, did with one copy."""
    return Happening(
        at=reader.moment(done.done_at, seconds=True),
        sentence=f"{view.receiver_name or view.receiver_code} · {reader.coded('did', done.act) or done.act}",
        who=done.by,
        note=done.reason,
        colour="warning" if done.act in _OVERDUE else "gray",
        origin=reader.text("origin:documents"),
    )


def _ack(reader: Reader, view: documents_pb.DeliveryView, event: documents_pb.DeliveryEvent) -> Happening:
    state = badge(reader, STATE, step_name(event.step))
    return Happening(
        at=reader.moment(event.happened_at, seconds=True) or reader.moment(event.recorded_at, seconds=True),
        sentence=f"{view.receiver_name or view.receiver_code} · {state.text}",
        who=_who(event.person, event.department),
        note=event.reason,
        colour=state.colour,
        origin=reader.text("origin:exchange"),
    )


def _who(name: str, position: str) -> str:
    return " ".join(part for part in (position, name) if part)


def _at(*moments: Timestamp) -> datetime:
    return next((m.ToDatetime(UTC) for m in moments if m.seconds), datetime.max.replace(tzinfo=UTC))

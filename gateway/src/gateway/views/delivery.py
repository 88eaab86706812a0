"""Copies on their way: one track per recipient, from queued to accepted, with whatever went aside."""

from dataclasses import dataclass

from gateway.i18n import Reader, marked
from gateway.views.words import Badge, badge
from onnara.documents.v1 import documents_service_pb2 as documents_pb
from onnara.exchange.v1 import events_pb2 as exchange_pb

TRACK = ("QUEUED", "SENT", "ARRIVED", "RECEIVED", "TRANSFERRED", "ACCEPTED")
STATE = {
    "QUEUED": (marked("delivery:QUEUED"), "gray"),
    "SENT": (marked("delivery:SENT"), "information"),
    "ARRIVED": (marked("delivery:ARRIVED"), "information"),
    "RECEIVED": (marked("delivery:RECEIVED"), "primary"),
    "TRANSFERRED": (marked("delivery:TRANSFERRED"), "information"),
    "ACCEPTED": (marked("delivery:ACCEPTED"), "success"),
    "FAILED": (marked("delivery:FAILED"), "danger"),
    "RETURNED": (marked("delivery:RETURNED"), "danger"),
    "RESEND_REQUESTED": (marked("delivery:RESEND_REQUESTED"), "warning"),
    "RECALLED": (marked("delivery:RECALLED"), "gray"),
    "CLOSED": (marked("delivery:CLOSED"), "gray"),
}
_STEP: dict[int, str] = {
    number: name.removeprefix("DELIVERY_STEP_") for name, number in exchange_pb.DeliveryStep.items()
}


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop on the track. reached: how the copy stands to it: done, active or ahead."""

    word: str
    reached: str
    at: str


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """One acknowledgement as stored; late ones show both times."""

    step: Badge
    happened_at: str
    recorded_at: str
    who: str
    reason: str
    file_name: str


@dataclass(frozen=True, slots=True)
class Track:
    """One recipient's copy. is_aside: it is in a side state. refer: for reference only. why: it has to be settled.

    passed_to: whom its receiver sent it on to (이송). Both may be empty.
    """

    receiver_name: str
    receiver_code: str
    state: Badge
    stops: list[Stop]
    is_aside: bool
    acknowledgements: list[Acknowledgement]
    refer: bool
    why: str
    passed_to: str


def step_name(step: int) -> str:
    """ARRIVED for DELIVERY_STEP_ARRIVED."""
    return _STEP.get(step, str(step))


def track(reader: Reader, view: documents_pb.DeliveryView) -> Track:
    """The track of one copy; on a side state it shows how far the copy had come before."""
    seen = {step_name(event.step): event for event in view.events}
    # Hardly any copy is sent on: the stop is there for those that were.
    stations = [name for name in TRACK if name != "TRANSFERRED" or name in seen]
    furthest = max((stations.index(name) for name in {*seen, view.state} if name in stations), default=0)
    stops = []
    for index, name in enumerate(stations):
        reached = "done" if index < furthest or view.state == "ACCEPTED" else "active" if index == furthest else "ahead"
        at = reader.short(seen[name].happened_at) if name in seen else ""
        stops.append(Stop(reader.text(STATE[name][0]), reached, at))
    return Track(
        receiver_name=view.receiver_name or view.receiver_code,
        receiver_code=view.receiver_code,
        state=badge(reader, STATE, view.state),
        stops=stops,
        is_aside=view.state not in TRACK,
        acknowledgements=[_acknowledgement(reader, event) for event in view.events],
        refer=view.refer,
        why=_why(reader, view),
        passed_to=next((event.passed_to for event in reversed(view.events) if event.passed_to), ""),
    )


def _why(reader: Reader, view: documents_pb.DeliveryView) -> str:
    if not view.to_settle:
        return ""
    if view.reason == "overdue":
        return reader.text("overdue since {day}", day=reader.moment(view.due_at))
    if view.reason == "not-arrived":
        return reader.text("not arrived")
    if view.reason == "by-hand":
        return reader.text("to be sent by hand")
    return badge(reader, STATE, view.state).text


def _acknowledgement(reader: Reader, event: documents_pb.DeliveryEvent) -> Acknowledgement:
    happened, recorded = reader.moment(event.happened_at, seconds=True), reader.moment(event.recorded_at, seconds=True)
    return Acknowledgement(
        step=badge(reader, STATE, step_name(event.step)),
        happened_at=happened or recorded,
        recorded_at=recorded,
        who=" ".join(part for part in (event.department, event.person) if part),
        reason=event.reason,
        file_name=event.file_name,
    )

"""How a connection fared: stretches of time -> bars of a chart, drawn by the server, and the same figures as a table.

Two bars a stretch, received and delivered, on one scale; the scale's ends are told, and every bar has its words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from gateway.i18n import Reader, marked
from onnara.adapters.v1 import interoperability_service_pb2 as pb

WIDTH: Final = 720
HEIGHT: Final = 120
_GAP: Final = 0.25
_MINUTES: Final = ((1440, marked("{count} d")), (60, marked("{count} h")), (1, marked("{count} min")))


@dataclass(frozen=True, slots=True)
class Bar:
    """One rectangle. kind: in, out."""

    kind: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Chart:
    """One connection's chart. rows: label, received, delivered. marks: labels below, evenly apart. top: of the scale."""

    bars: Sequence[Bar]
    marks: Sequence[str]
    rows: Sequence[tuple[str, int, int]]
    top: int
    received: int
    delivered: int
    unanswered: str
    waiting: str


def chart(reader: Reader, traffic: pb.EndpointTraffic, hours: int, now: datetime) -> Chart:
    """Make the chart. hours: of a stretch."""
    buckets = traffic.buckets
    top = max((max(each.received, each.delivered) for each in buckets), default=0)
    slot = WIDTH / max(1, len(buckets))
    bars = [bar for at, each in enumerate(buckets) for bar in _bars(at * slot, slot, each, max(1, top))]
    labels = [_label(reader, each, hours) for each in buckets]
    every = max(1, len(buckets) // 4)
    return Chart(
        bars=bars,
        marks=[*labels[::every], reader.text("now")],
        rows=[(label, each.received, each.delivered) for label, each in zip(labels, buckets, strict=True)],
        top=top,
        received=sum(each.received for each in buckets),
        delivered=sum(each.delivered for each in buckets),
        unanswered=_since(reader, traffic, "oldest_unanswered", now),
        waiting=_since(reader, traffic, "oldest_waiting", now),
    )


def _bars(left: float, slot: float, bucket: pb.TrafficBucket, top: int) -> list[Bar]:
    width = slot * (1 - _GAP) / 2
    out = []
    for place, (kind, count) in enumerate((("in", bucket.received), ("out", bucket.delivered))):
        if count:
            # The least there is to see is a bar that can be seen.
            height = max(2.0, HEIGHT * count / top)
            x = left + slot * _GAP / 2 + place * width
            out.append(Bar(kind, round(x, 1), round(HEIGHT - height, 1), round(width, 1), round(height, 1)))
    return out


def _label(reader: Reader, bucket: pb.TrafficBucket, hours: int) -> str:
    moment = bucket.begin.ToDatetime(UTC).astimezone(reader.zone)
    return f"{moment:%H:%M}" if hours == 1 else f"{moment:%m-%d %H:%M}"


def _since(reader: Reader, traffic: pb.EndpointTraffic, name: str, now: datetime) -> str:
    """How long the oldest has waited, in words; empty when nothing waits."""
    if not traffic.HasField(name):  # type: ignore[arg-type]  # one of two names, both fields
        return ""
    waited = max(now - getattr(traffic, name).ToDatetime(UTC), timedelta())
    minutes = int(waited.total_seconds() // 60)
    for size, words in _MINUTES:
        if minutes >= size:
            return reader.text(words, count=minutes // size)
    return reader.text("{count} s", count=int(waited.total_seconds()))

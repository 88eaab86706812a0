"""Frames carry events unchanged, within their bounds, and never mix types."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.messaging import frame

EVENTS = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.uuids(),
            "type": st.sampled_from(["a.v1.One", "b.v1.Two"]),
            "agency_id": st.text(max_size=5),
            "actor": st.dictionaries(st.text(max_size=4), st.text(max_size=4), max_size=2),
            "correlation_id": st.text(max_size=5),
            "occurred_at": st.datetimes(timezones=st.just(UTC), min_value=datetime(2000, 1, 1)),
            "payload": st.binary(max_size=60_000),
        }
    ),
    max_size=150,
    unique_by=lambda event: event["id"],
)


@given(EVENTS)
def test_every_event_arrives_once_as_it_was(events: list[dict[str, Any]]) -> None:
    frames = list(frame.groups(events))
    arrived = []
    for one in frames:
        [event_type] = {event["type"] for event in one}
        body = frame.pack(one)
        assert len(one) <= frame.MOST_EVENTS
        assert len(one) == 1 or sum(len(event["payload"]) for event in one) <= frame.MOST_BYTES
        unpacked = frame.unpack(body, event_type, frame.CONTENT_TYPE)
        assert [event.content for event in unpacked] == [event["payload"] for event in one]
        arrived += unpacked
    assert {event.id for event in arrived} == {event["id"] for event in events}
    assert {(e.id, e.occurred_at, e.agency_id) for e in arrived} == {
        (e["id"], e["occurred_at"], e["agency_id"]) for e in events
    }


@pytest.mark.parametrize("body", [b"", b"hello", b"\x91\x01", b"\xdc\xff\xff"])
def test_what_is_no_frame_is_said_so(body: bytes) -> None:
    with pytest.raises(ValueError, match="frame"):
        frame.unpack(body, "a.v1.One", frame.CONTENT_TYPE)
    with pytest.raises(ValueError, match="frame"):
        frame.unpack(frame.pack([]), "a.v1.One", "text/plain")


def test_a_frame_of_one_is_readable_by_its_id() -> None:
    row = {
        "id": UUID(int=7),
        "type": "t",
        "agency_id": "a",
        "actor": {},
        "correlation_id": "c",
        "occurred_at": datetime.now(UTC),
        "payload": b"x",
    }
    [event] = frame.unpack(frame.pack([row]), "t", frame.CONTENT_TYPE)
    assert event.id == UUID(int=7)

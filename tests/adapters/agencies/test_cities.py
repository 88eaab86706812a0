"""The cities' family: whatever a city can say goes round, and a member says only what is its own."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters import catalogue, manifest
from adapters.catalogue import FAMILY, MANIFEST
from adapters.contract import Outgoing
from adapters.families import layered
from adapters.formats.xhtml import validate
from onnara.exchange.v1.events_pb2 import RequestReceived, RequestStatus, ResultReported
from support.adapter_samples import cases, taken

CITIES = tuple(name for name in catalogue.names() if catalogue.family_of(name) == "cities")
each_city = pytest.mark.parametrize("name", CITIES)
# No sign that parts cells anywhere, nothing a spreadsheet would run, no blank that cells lose at their ends.
letters = st.sampled_from([chr(point) for point in range(0xAC00, 0xD7A4, 17)] + list("AZaz09.()[]<>&·△%"))
titles = st.lists(st.text(letters, min_size=1, max_size=5), min_size=1, max_size=5).map(" ".join)
days = st.dates(dt.date(1971, 1, 1), dt.date(2068, 12, 31))


def sample(name: str, kind: type) -> RequestReceived | ResultReported:
    """The first message of a kind among a city's samples."""
    adapter = catalogue.load(name)
    found = (
        record.message
        for case in cases(name)
        for item in taken(case)
        for record in adapter.decode(item).records
        if isinstance(record.message, kind)
    )
    return next(found)


def round_trip(name: str, *messages: RequestReceived | ResultReported) -> list[RequestReceived | ResultReported]:
    adapter = catalogue.load(name)
    made = adapter.encode([Outgoing(message, {}) for message in messages])
    assert dict(made.rejected) == {}
    return [record.message for item in made.items for record in adapter.decode(item).records]


def test_there_are_eleven():
    assert len(CITIES) == 11
    assert sum(catalogue.manifest_of(name).format == "xls" for name in CITIES) == 2


@each_city
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    title=titles, day=days, number=st.from_regex(r"[A-Z]{2}[0-9]{4,9}", fullmatch=True), amount=st.integers(0, 10**9)
)
def test_a_request_goes_round(name, title, day, number, amount):
    message = RequestReceived()
    message.CopyFrom(sample(name, RequestReceived))
    message.document.title, message.document.document_id, message.origin.natural_key = title, number, number
    if "city.amount" in message.document.extensions:
        message.document.extensions["city.amount"] = str(amount * 1000)
    if name not in {"city_seoul", "city_jeju"}:
        message.document.steps[0].acted_at.FromDatetime(
            dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC) - dt.timedelta(hours=9)
        )
    message.document.body = ""
    [back] = round_trip(name, message)
    assert validate(back.document.body) == []
    message.document.body = back.document.body
    assert back == message


@each_city
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(serial=st.integers(1, 99999), opinion=st.just("") | titles)
def test_an_answer_goes_round(name, serial, opinion):
    message = ResultReported()
    message.CopyFrom(sample(name, ResultReported))
    assert message.status == RequestStatus.REQUEST_STATUS_REGISTERED
    message.registration.serial = serial
    message.registration.text = f"총무과-{serial}"
    del message.steps[:]
    if opinion:
        message.steps.add(opinion=opinion)
    [back] = round_trip(name, message)
    assert (back.registration, [step.opinion for step in back.steps if step.opinion]) == (
        message.registration,
        [opinion] if opinion else [],
    )
    assert (back.origin.natural_key, back.status, back.reported_at) == (
        message.origin.natural_key,
        message.status,
        message.reported_at,
    )


def test_an_answer_in_minutes_leaves_the_seconds_out():
    message = sample("city_incheon", ResultReported)
    message.reported_at.FromDatetime(dt.datetime(2026, 11, 23, 21, 19, 17, tzinfo=dt.UTC))
    [back] = round_trip("city_incheon", message)
    assert back.reported_at.ToDatetime() == dt.datetime(2026, 11, 23, 21, 19, 0)


@pytest.mark.parametrize(("name", "given"), [("REQ-1", "gj_resREQ-1.csv"), ("gj_res-7", "gj_res-7.csv")])
def test_a_name_that_tells_no_table_is_put_behind_what_does(name, given):
    adapter = catalogue.load("city_gwangju")
    made = adapter.encode([Outgoing(sample("city_gwangju", ResultReported), {}, name)])
    assert [list(item.parts) for item in made.items] == [[given]]
    assert all(record.message for item in made.items for record in adapter.decode(item).records)


@each_city
def test_lines_of_the_body_are_those_the_city_has_columns_for(name):
    body = sample(name, RequestReceived).document.body
    assert body.endswith("끝.</p>")
    assert "{" not in body
    assert body.count("<p>2. ") == 1


FAMILY_TEXT = (catalogue.folder("city_busan").parent / FAMILY).read_text("utf-8")  # type: ignore[attr-defined]  # a path
BUSAN = (catalogue.folder("city_busan") / MANIFEST).read_text("utf-8")


def test_a_column_like_none_of_the_family_s_is_named():
    with pytest.raises(manifest.ManifestError, match=r"mapping 4 \(제목\): like tittle is none of amount, content, "):
        manifest.read(BUSAN.replace('like = "title"', 'like = "tittle"'), "city_busan", FAMILY_TEXT)


def test_a_broken_family_is_told_by_its_file():
    with pytest.raises(manifest.ManifestError, match=r"family\.toml: "):
        manifest.read(BUSAN, "city_busan", "[[")


def test_members_say_what_is_different():
    own = {
        "codes": {"decision": {"1": "A"}}, "title": {"ko": "가"},
        "mapping": [{"field": "번호", "like": "number", "width": 3}, {"field": "x", "label": "x", "to": "y"}],
    }  # fmt: skip
    family = {
        "columns": {"mapping": {"number": {"to": "document_id", "width": 5, "label": "접수번호"}}},
        "codes": {"decision": {"Y": "B"}, "status": {"C": "D"}}, "title": {"en": "a"}, "item": "file",
        "record": [{"table": "mapping", "key": ["number", "x"], "identity": "{number}:{other}"}],
    }  # fmt: skip
    whole, problems = layered(own, family)
    assert problems == []
    assert whole == {
        "codes": {"decision": {"1": "A"}, "status": {"C": "D"}}, "title": {"ko": "가", "en": "a"}, "item": "file",
        "mapping": [
            {"field": "번호", "like": "number", "to": "document_id", "width": 3, "label": "접수번호"},
            {"field": "x", "label": "x", "to": "y"},
        ],
        "record": [{"table": "mapping", "key": ["번호", "x"], "identity": "{번호}:{other}"}],
    }  # fmt: skip

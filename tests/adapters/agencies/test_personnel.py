"""Personnel reports: the round trip as a property, a file to the byte, the volume of a large agency."""

import datetime as dt
import time

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters import catalogue
from adapters.contract import Item, Outgoing
from onnara.exchange.v1.personnel_pb2 import AbsenceReported, AppointmentKind, AppointmentReported, OfficialReported

ADAPTER = catalogue.load("personnel")
names = st.text(
    st.sampled_from([chr(point) for point in range(0xAC00, 0xD7A4, 37)] + list("AZaz09.-()·")), min_size=1, max_size=8
)
numbers = st.integers(0, 10**8 - 1).map("{:08d}".format)
serials = st.integers(0, 10**14 - 1).map("{:014d}".format)
days = st.dates(dt.date(1950, 1, 1), dt.date(2099, 12, 30)).map(dt.date.isoformat)
moments = st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2099, 1, 1)).map(
    lambda moment: moment.replace(second=0, microsecond=0)
)


def dated(form, origin, fields, starts=None, ends=None):
    message = form(
        origin={"natural_key": origin, "agency_code": "1310000", "notification": "NOTIFICATION_NONE"}, **fields
    )
    message.reported_at.FromDatetime(dt.datetime(2026, 11, 22, 17, 0))
    if starts is not None:
        message.starts_at.FromDatetime(starts)
    if ends is not None:
        message.ends_at.FromDatetime(ends)
    return message


people = st.builds(
    lambda origin, **fields: dated(OfficialReported, origin, fields),
    serials, person_number=numbers, name=names, login=st.just("") | st.from_regex(r"[a-z]{2,6}\.[a-z]{2,6}", fullmatch=True),
    email=st.just("") | st.just("a@b.example"), first_day=st.just("") | days, last_day=st.just("") | days,
)  # fmt: skip
posts = st.builds(
    lambda origin, **fields: dated(AppointmentReported, origin, fields),
    serials, order_number=st.from_regex(r"2026-제[0-9]{4}호", fullmatch=True), person_number=numbers,
    kind=st.sampled_from([value for value in AppointmentKind.values() if value]), department_code=st.from_regex(r"[0-9A-Z]{7}", fullmatch=True),
    position=names, level=st.integers(0, 7), first_day=days, last_day=st.just("") | days, withdrawn=st.booleans(),
)  # fmt: skip
absences = st.builds(
    lambda origin, starts, ends, **fields: dated(AbsenceReported, origin, fields, starts, ends),
    serials, moments, st.none() | moments, absence_number=names, person_number=numbers,
    reason=st.sampled_from(["leave", "trip", "training", "vacancy", "other"]), note=st.just("") | names,
    deputy_person_number=st.just("") | numbers, withdrawn=st.booleans(),
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(people | posts | absences, min_size=1, max_size=6))
def test_reports_go_round_to_themselves_and_the_file_to_the_byte(messages):
    [item] = (encoded := ADAPTER.encode([Outgoing(message) for message in messages])).items
    assert dict(encoded.rejected) == {}
    decoded = ADAPTER.decode(Item(item.name, item.parts))
    assert ([record.message for record in decoded.records], decoded.findings) == (messages, ())
    [again] = ADAPTER.encode([Outgoing(record.message) for record in decoded.records]).items
    assert again.parts == item.parts


def test_the_nightly_file_of_a_large_agency_is_read_in_seconds():
    line = "A\t{:014d}\t2026-제0412호\t00020871\t1\tZ310101\t주무관\t7\t20261201\t99991231\tN\r\n"
    body = (
        "H\t1310000\t20261123020000\r\n"
        + "".join(line.format(number) for number in range(5000))
        + "T\t5000\t0\t5000\t0\r\n"
    )
    started = time.perf_counter()
    decoded = ADAPTER.decode(Item("HR.txt", {"HR.txt": body.encode("cp949")}))
    assert (len(decoded.records), decoded.findings) == (5000, ())
    assert time.perf_counter() - started < 10

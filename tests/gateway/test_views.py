"""What pages are filled with: dates, bodies, bytes, signature cells, tracks, history."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import given
from hypothesis import strategies as st

from gateway.i18n import Reader
from gateway.views.body import safe_body
from gateway.views.delivery import track
from gateway.views.line import signature_cells
from gateway.views.octets import hex_rows, to_bytes, to_text
from gateway.views.timeline import timeline
from gateway.views.words import disclosure
from onnara.approval.v1 import approval_service_pb2 as approval_pb
from onnara.documents.v1 import documents_service_pb2 as documents_pb
from onnara.exchange.v1 import events_pb2 as exchange_pb
from onnara.exchange.v1 import official_document_pb2 as pb

KO = Reader("ko", ZoneInfo("Asia/Seoul"))
EN = Reader("en", ZoneInfo("Asia/Seoul"))


def at(*parts: int) -> Timestamp:
    made = Timestamp()
    made.FromDatetime(datetime(*parts))
    return made


def test_days_are_written_as_documents_write_them() -> None:
    assert KO.day(date(2026, 5, 6)) == KO.day("2026-05-06") == "2026. 5. 6."
    assert EN.day("2026-05-06") == "6 May 2026"


def test_moments_are_shown_in_the_reader_s_zone() -> None:
    assert KO.moment(datetime(2026, 12, 31, 15, 30, tzinfo=UTC)) == "2027. 1. 1. 00:30"
    assert KO.moment(Timestamp()) == ""


@given(
    st.text()
    | st.sampled_from(["<script>x</script>", '<p onclick="x">a</p>', "<a href='javascript:x'>a</a>", "<img src=x>"])
)
def test_no_body_can_act(body: str) -> None:
    shown = str(safe_body(body)).lower()
    for bad in ("<script", "<img", "<a ", "<iframe", "<style"):
        assert bad not in shown
    assert "onclick=" not in shown or "<" not in body


def test_a_body_keeps_what_the_standard_has() -> None:
    table = '<table border="1"><tr><td colspan="2" align="right" style="color:red">4,320</td></tr></table>'
    shown = safe_body(table)
    assert 'colspan="2"' in shown
    assert 'align="right"' in shown
    assert "style" not in shown


def test_text_without_markup_keeps_its_lines() -> None:
    assert safe_body("1. 관련\n2. a < b & c") == "<p>1. 관련</p><p>2. a &lt; b &amp; c</p>"


@given(st.binary(max_size=200), st.sampled_from(["cp949", "euc-kr", "utf-8", "johab", "KSC5601", "nonsense"]))
def test_any_bytes_survive_their_text_form(raw: bytes, charset: str) -> None:
    assert to_bytes(to_text(raw, charset), charset) == raw


@given(st.binary(max_size=100), st.integers(0, 10**6))
def test_rows_show_every_byte_at_its_place(raw: bytes, start: int) -> None:
    rows = hex_rows(raw, start, "cp949", [("f", 2, 5)])
    assert bytes.fromhex("".join(octet.hex for row in rows for octet in row.octets)) == raw
    assert [row.offset for row in rows] == list(range(start, start + len(raw), 16))
    fields = [octet.field for row in rows for octet in row.octets]
    assert fields == ["f" if 2 <= index < 7 else "" for index in range(len(raw))]


def test_a_byte_that_is_no_character_is_marked() -> None:
    octets = hex_rows("가".encode("cp949") + b"\xb0" + b"0", 0, "cp949", [])[0].octets
    assert [(o.text, o.readable) for o in octets] == [("가", True), ("", True), ("", False), ("0", True)]


def test_a_character_the_code_page_lacks_cannot_be_sent() -> None:
    with pytest.raises(UnicodeEncodeError):
        to_bytes("똠뷁😀", "euc-kr")


def step(order: int, role: int, mode: int, outcome: int, name: str, **more: object) -> pb.ApprovalStep:
    person = pb.StepPerson(name=name, position="직위")
    return pb.ApprovalStep(order=order, role=role, mode=mode, outcome=outcome, person=person, **more)  # type: ignore[arg-type]


def test_cells_are_made_only_for_those_who_signed() -> None:
    steps = [
        step(1, pb.STEP_ROLE_DRAFT, pb.STEP_MODE_NORMAL, pb.STEP_OUTCOME_SUBMITTED, "기안"),
        step(2, pb.STEP_ROLE_REVIEW, pb.STEP_MODE_NORMAL, pb.STEP_OUTCOME_APPROVED, "검토", opinion="의견"),
        step(3, pb.STEP_ROLE_DECIDE, pb.STEP_MODE_OWN, pb.STEP_OUTCOME_PENDING, "결재"),
        step(4, pb.STEP_ROLE_AFTER, pb.STEP_MODE_INFORM, pb.STEP_OUTCOME_READ, "공람"),
    ]
    cells = signature_cells(KO, steps)
    assert [(c.name, c.with_opinion) for c in cells] == [("기안", False), ("검토", True)]


def test_the_reason_stands_in_the_cell_of_a_skipped_reviewer() -> None:
    skipped = step(1, pb.STEP_ROLE_REVIEW, pb.STEP_MODE_SKIPPED, pb.STEP_OUTCOME_SKIPPED, "검토", skip_reason="출장")
    assert [cell.name for cell in signature_cells(KO, [skipped])] == ["출장"]


@pytest.mark.parametrize(
    ("mode", "marks"),
    [
        (pb.STEP_MODE_OWN, [""]),
        (pb.STEP_MODE_DELEGATED, ["전결"]),
        (pb.STEP_MODE_SOLE, ["전결"]),
        (pb.STEP_MODE_ACTING, ["대결"]),
        (pb.STEP_MODE_ACTING_FOR_DELEGATED, ["전결", "대결"]),
    ],
)
def test_the_deciding_cell_carries_mark_and_date(mode: int, marks: list[str]) -> None:
    decided = step(1, pb.STEP_ROLE_DECIDE, mode, pb.STEP_OUTCOME_APPROVED, "결재", acted_at=at(2026, 11, 23, 6, 0))
    cells = signature_cells(KO, [decided])
    assert [cell.mark for cell in cells] == marks
    assert (cells[-1].name, cells[-1].day) == ("결재", "2026. 11. 23.")


def view(state: str, *steps: int) -> documents_pb.DeliveryView:
    events = [documents_pb.DeliveryEvent(step=s, happened_at=at(2026, 11, 23, 6, s), reason="사유") for s in steps]  # type: ignore[arg-type]
    return documents_pb.DeliveryView(
        receiver_code="1741000", receiver_name="행정안전부장관", state=state, events=events
    )


def test_a_track_shows_how_far_a_copy_came() -> None:
    shown = track(KO, view("ARRIVED", exchange_pb.DELIVERY_STEP_SENT, exchange_pb.DELIVERY_STEP_ARRIVED))
    assert [stop.reached for stop in shown.stops] == ["done", "done", "active", "ahead", "ahead"]
    assert not shown.is_aside


def test_a_returned_copy_keeps_the_way_it_had_come() -> None:
    steps = (exchange_pb.DELIVERY_STEP_SENT, exchange_pb.DELIVERY_STEP_RECEIVED, exchange_pb.DELIVERY_STEP_RETURNED)
    shown = track(KO, view("RETURNED", *steps))
    assert [stop.reached for stop in shown.stops] == ["done", "done", "done", "active", "ahead"]
    assert (shown.is_aside, shown.state.text) == (True, "반송")


def test_an_accepted_copy_has_arrived_everywhere() -> None:
    assert {stop.reached for stop in track(KO, view("ACCEPTED", exchange_pb.DELIVERY_STEP_ACCEPTED)).stops} == {"done"}


def test_the_history_is_in_order_of_time_over_all_sources() -> None:
    entries = [
        documents_pb.HistoryEntry(
            occurred_at=at(2026, 11, 23, 8, 0), type="DocumentRegistered", params={"number": "과-1"}
        ),
        documents_pb.HistoryEntry(occurred_at=at(2026, 11, 23, 5, 0), type="DocumentSubmitted"),
        documents_pb.HistoryEntry(
            occurred_at=at(2026, 11, 23, 7, 1), type="DocumentProgressed", params={"state": "IN_PATH"}
        ),
    ]
    decided = step(
        1, pb.STEP_ROLE_DECIDE, pb.STEP_MODE_OWN, pb.STEP_OUTCOME_APPROVED, "결재", acted_at=at(2026, 11, 23, 7, 0)
    )
    sent = documents_pb.DeliveryView(
        receiver_name="경찰청장",
        state="SENT",
        events=[documents_pb.DeliveryEvent(step=exchange_pb.DELIVERY_STEP_SENT, recorded_at=at(2026, 11, 23, 9, 0))],
    )
    shown = timeline(KO, entries, [decided], [sent])
    assert [each.sentence for each in shown] == ["상신", "결재 · 승인", "문서 등록 과-1", "경찰청장 · 발송"]


def test_a_hold_is_told_once_by_its_step_while_it_lasts_and_by_the_journal_when_it_is_over() -> None:
    states = ["IN_PATH", "HELD", "IN_PATH", "IN_PATH"]
    entries = [
        documents_pb.HistoryEntry(
            occurred_at=at(2026, 11, 23, 6 + hour, 0), type="DocumentProgressed", params={"state": state}
        )
        for hour, state in enumerate(states)
    ]

    def shown(count: int, outcome: pb.StepOutcome.ValueType) -> list[str]:
        acted = step(1, pb.STEP_ROLE_DECIDE, pb.STEP_MODE_OWN, outcome, "결재", acted_at=at(2026, 11, 23, 7, 0))
        return [each.sentence for each in timeline(KO, entries[:count], [acted], [])]

    assert shown(2, pb.STEP_OUTCOME_HELD) == ["결재 · 보류"]
    assert shown(4, pb.STEP_OUTCOME_APPROVED) == ["진행 상태: 보류", "결재 · 승인", "진행 상태: 결재 진행"]


def test_disclosure_names_its_items() -> None:
    assert disclosure(KO, pb.Disclosure(level=pb.DISCLOSURE_LEVEL_CLOSED, items=[5, 6])) == "비공개(5, 6)"
    assert disclosure(KO, pb.Disclosure(level=pb.DISCLOSURE_LEVEL_OPEN)) == "공개"


def test_the_history_tells_what_the_steps_no_longer_show() -> None:
    def step(order: int, name: str) -> pb.ApprovalStep:
        return pb.ApprovalStep(
            order=order, role=pb.STEP_ROLE_REVIEW, person=pb.StepPerson(name=name), acted_at=at(2026, 1, 1)
        )

    steps = [step(1, "가"), step(2, "나")]
    acts = [
        approval_pb.LineHistoryEntry(act="open", occurred_at=at(2026, 1, 1)),
        approval_pb.LineHistoryEntry(
            act="return", order=2, returned_to=1, opinion="근거를", occurred_at=at(2026, 1, 2), steps=steps
        ),
        approval_pb.LineHistoryEntry(act="approve", order=1, occurred_at=at(2026, 1, 3), steps=steps),
    ]
    told = timeline(KO, [], steps, [], acts)
    assert [(each.sentence, each.note) for each in told] == [("검토 · 재검토 요청 · 가", "근거를"), ("검토 · 승인", "")]


def test_acts_of_another_system_are_told_beside_ours() -> None:
    foreign = pb.ApprovalStep(order=1, role=pb.STEP_ROLE_DRAFT, asserted_by="ADM131000040", acted_at=at(2026, 1, 1))
    ours = approval_pb.LineHistoryEntry(act="approve", order=2, occurred_at=at(2026, 1, 2))
    assert len(timeline(KO, [], [foreign], [], [ours])) == 2

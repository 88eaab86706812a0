"""Rows of the local administration's tables: the round trip as a property, padding, sentinels, lines, what does not fit."""

import datetime as dt
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters import catalogue
from adapters.canonical.polled import polled
from adapters.contract import Item, Outgoing
from adapters.formats.findings import FormatError
from adapters.formats.xhtml import validate
from onnara.exchange.v1.events_pb2 import RequestStatus, ResultReported
from onnara.exchange.v1.official_document_pb2 import Notification, StepMode, StepRole

ADAPTER = catalogue.load("local_administration")
CODEC = polled(catalogue.manifest_of("local_administration"))
NONE, LATER = "해당없음", "00000000000000"
letters = st.sampled_from([chr(point) for point in range(0xAC00, 0xD7A4, 17)] + list("AZaz09.,-()[]<>&\"'\\·△%=+"))
words = st.lists(st.text(letters, min_size=1, max_size=5), min_size=1, max_size=5).map(" ".join)
days = st.dates(dt.date(1950, 1, 1), dt.date(2099, 12, 31))
signers = st.fixed_dictionaries(
    {
        "ROLE_CD": st.sampled_from("12345"), "SIGN_ID": st.from_regex(r"CJ[0-9]{6}", fullmatch=True),
        "SIGN_NM": st.just(NONE) | st.text(letters, min_size=1, max_size=5), "POSI_NM": st.just(NONE) | st.just("과장"),
        "SIGN_DTM": st.just(LATER) | st.just("20261123091000"),
    }
)  # fmt: skip
rows = st.fixed_dictionaries(
    {
        "REQ_NO": st.from_regex(r"[0-9A-Z-]{1,20}", fullmatch=True), "SGG_CD": st.just("5710000"), "DEPT_CD": st.just("5710178"),
        "BIZ_GB": st.sampled_from(["WLF", "LND", "CON"]), "TITL": words, "CN": st.lists(words, min_size=1, max_size=9).map("\n".join),
        "AMT": st.integers(0, 10**15 - 1).map(str) | st.just("-1"), "EXEC_DE": st.just("99991231") | days.map(lambda day: f"{day:%Y%m%d}"),
        "DUE_DT": st.just("9999-12-31") | days.map(str), "FIS_YY": st.sampled_from(["9999", "2026"]), "TASK_CD": st.sampled_from(["-1", "ZH010101"]),
        "RETN_CD": st.sampled_from(["", "1", "10", "99"]), "OPEN_GB": st.from_regex(r"[123][YN]{8}", fullmatch=True), "CLSD_RSN": st.just(NONE) | words,
        "RCV_ORG": st.sampled_from(["0000000", "6430000"]), "SEND_NM": st.just(NONE), "NOTI_YN": st.sampled_from("YN"),
        "REQ_DTM": st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2099, 1, 1)).map(lambda at: f"{at:%Y-%m-%d %H:%M:%S}"),
        "TB_APPR_LINE": st.lists(signers, min_size=1, max_size=12),
    }
)  # fmt: skip


def made(values: dict[str, Any], table: str = "mapping") -> dict[str, Any]:
    """A row as the transport gives it."""
    [data] = CODEC.write([(table, values)], "x").values()
    found: dict[str, Any] = json.loads(data)
    return found


def item(row: dict[str, Any]) -> Item:
    return Item("r.json", {"r.json": json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode()})


def request(**change: Any) -> dict[str, Any]:
    line = {"ROLE_CD": "1", "SIGN_ID": "CJ000101", "SIGN_NM": "김들", "POSI_NM": NONE, "SIGN_DTM": "20261123091000"}
    values = {
        "REQ_NO": "R-1", "SGG_CD": "5710000", "DEPT_CD": "5710178", "BIZ_GB": "WLF", "TITL": "제목", "CN": "첫 줄\n둘째 줄",
        "OPEN_GB": "1NNNNNNNN", "NOTI_YN": "Y", "REQ_DTM": "2026-11-23 09:10:00",
        "TB_APPR_LINE": [line, line | {"ROLE_CD": "5", "SIGN_ID": "CJ000103", "SIGN_DTM": LATER}],
    }  # fmt: skip
    return made(values) | change


def only(row: dict[str, Any]) -> Any:
    [record] = ADAPTER.decode(item(row)).records
    assert record.message is not None, record.findings
    return record.message


def codes(row: dict[str, Any]) -> set[str]:
    [record] = ADAPTER.decode(item(row)).records
    assert record.message is None
    return {finding.code for finding in record.findings}


@settings(max_examples=60, deadline=None)
@given(rows)
def test_a_row_with_its_lines_goes_round_to_the_byte(values):
    came = Item("r.json", {"r.json": next(iter(CODEC.write([("mapping", values)], "r").values()))})
    decoded = ADAPTER.decode(came)
    assert decoded.findings == ()
    [record] = decoded.records
    assert (record.findings, record.natural_key) == ((), values["REQ_NO"])
    assert validate(record.message.document.body) == []
    back = ADAPTER.encode([Outgoing(record.message)])
    assert (dict(back.rejected), back.findings) == ({}, ())
    assert list(back.items[0].parts.values()) == list(came.parts.values())


def test_what_stands_in_the_row_stands_in_the_message():
    message = only(request())
    assert "<p>2. 첫 줄</p><p>둘째 줄</p>" in message.document.body
    assert message.origin.notification == Notification.NOTIFICATION_FINAL
    assert [(step.role, step.mode) for step in message.document.steps] == [
        (StepRole.STEP_ROLE_DRAFT, StepMode.STEP_MODE_NORMAL),
        (StepRole.STEP_ROLE_DECIDE, StepMode.STEP_MODE_DELEGATED),
    ]
    assert [step.HasField("acted_at") for step in message.document.steps] == [True, False]


@pytest.mark.parametrize(
    ("column", "sentinels", "key"),
    [
        ("AMT", ["-1", "-1.00", " -1", None, ""], "amount"),
        ("EXEC_DE", ["99991231", "00000000", None, "        "], "executed"),
        ("DUE_DT", ["9999-12-31", "9999-12-31 00:00:00", None], "due"),
        ("FIS_YY", ["9999", "0000", None, ""], "fiscal_year"),
    ],
)
def test_each_column_has_its_own_words_for_nothing(column, sentinels, key):
    for value in sentinels:
        assert f"local_administration.{key}" not in only(request(**{column: value})).document.extensions


def test_a_sentinel_of_another_column_is_a_value():
    assert only(request(TITL="-1")).document.title == "-1"
    assert codes(request(EXEC_DE="-1")) == {"date-invalid"}


@pytest.mark.parametrize(("flag", "asked"), [("Y", 2), ("1", 2), ("T", 2), ("N", 3), ("0", 3), ("F", 3)])
def test_flags_of_three_generations_mean_the_same(flag, asked):
    assert only(request(NOTI_YN=flag)).origin.notification == asked


def test_blanks_are_padding_only_where_the_column_is_char():
    message = only(request(REQ_NO="R-1", TITL=" 제목 ", BIZ_GB="WLF "))
    assert (message.origin.natural_key, message.document.title) == ("R-1", " 제목 ")
    [made_again] = ADAPTER.encode([Outgoing(message)]).items
    back = json.loads(next(iter(made_again.parts.values())))
    assert (back["REQ_NO"], back["BIZ_GB"], back["TITL"]) == ("R-1".ljust(20), " WLF", " 제목 ")


def test_lines_are_in_the_order_of_their_numbers_not_of_their_letters():
    lines = request()["TB_APPR_LINE"]
    many = [
        lines[0] | {"LINE_SEQ": f"{number:<2}", "SIGN_ID": f"CJ{number:06d}    ", "ROLE_CD": "2"}
        for number in range(1, 13)
    ]
    row = request(LINE_CNT="12", TB_APPR_LINE=sorted(many, key=lambda each: each["LINE_SEQ"]))
    people = [step.person.external_id for step in only(row).document.steps]
    assert people == [f"CJ{number:06d}" for number in range(1, 13)]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"DEPT_CD": "57101780"}, "column-grown"),
        ({"LINE_CNT": "3"}, "lines-differ"),
        ({"AMT": "1e5000"}, "amount-invalid"),
        ({"AMT": "NaN"}, "amount-invalid"),
        ({"BIZ_GB": "ABC"}, "code-unknown"),
        ({"REQ_DTM": "어제"}, "date-invalid"),
        ({"REQ_NO": " " * 20}, "value-missing"),
        ({"TITL": "가\x01"}, "control-inside"),
    ],
)
def test_what_cannot_be_used_is_refused_and_named(change, code):
    assert code in codes(request(**change))


def test_two_lines_of_one_number_give_no_order():
    row = request()
    row["TB_APPR_LINE"][1]["LINE_SEQ"] = "1 "
    assert codes(row) == {"lines-unordered"}
    row["TB_APPR_LINE"][1]["LINE_SEQ"] = "둘"
    assert codes(row) == {"lines-unordered"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda row: row.pop("TITL"), "column-missing"),
        (lambda row: row.pop("TB_APPR_LINE"), "column-missing"),
        (lambda row: row.update(titl="둘째"), "column-twice"),
        (lambda row: row.update(TB_APPR_LINE="줄"), "row-unreadable"),
        (lambda row: row.update(TITL=["줄"]), "row-unreadable"),
        (lambda row: row.update(AMT=1), "row-unreadable"),
    ],
)
def test_a_row_that_is_none_of_the_table_is_unreadable(change, code):
    row = request()
    change(row)
    with pytest.raises(FormatError) as refusal:
        ADAPTER.decode(item(row))
    assert code in {finding.code for finding in refusal.value.findings}


def test_a_column_nobody_knows_is_told_of_when_it_says_something():
    assert ADAPTER.decode(item(request(ETC=None, send_yn="N"))).findings == ()
    assert [each.field for each in ADAPTER.decode(item(request(ETC="메모"))).findings] == ["ETC"]


def test_a_column_that_is_gone_or_new_is_told_of_in_the_row_and_in_its_lines():
    row = request()
    del row["AMT"], row["LINE_CNT"]
    for line in row["TB_APPR_LINE"]:
        del line["POSI_NM"]
        line["DEL_YN"], line["CHG_ID"] = "Y", "batch"
    decoded = ADAPTER.decode(item(row))
    assert decoded.records[0].message is not None
    assert {(each.code, each.field, each.severity) for each in decoded.findings} == {
        ("column-missing", "AMT", "loss"), ("column-missing", "LINE_CNT", "loss"),
        ("column-missing", "TB_APPR_LINE.POSI_NM", "loss"), ("column-extra", "TB_APPR_LINE.DEL_YN", "loss"),
    }  # fmt: skip


@pytest.mark.parametrize(("title", "code"), [("가" * 101, "value-does-not-fit"), ("책📚", "char-unencodable")])
def test_what_their_column_cannot_hold_is_refused_never_cut(title, code):
    message = only(request())
    message.document.title = title
    result = ADAPTER.encode([Outgoing(message)])
    assert not result.items
    assert {finding.code for finding in result.rejected[0]} == {code}


def answer(status: int, **change: Any) -> ResultReported:
    message = ResultReported(status=status, title="제목", **change)
    message.origin.natural_key, message.origin.notification = "R-1", Notification.NOTIFICATION_FINAL
    message.origin.system = "local-administration"
    message.reported_at.FromJsonString("2026-11-24T06:00:00Z")
    return message


def test_an_answer_without_a_number_has_sentinels_and_is_a_row_of_its_own():
    waiting = answer(RequestStatus.REQUEST_STATUS_IN_PROGRESS)
    back = answer(RequestStatus.REQUEST_STATUS_RETURNED)
    back.steps.add(opinion="근거를 덧붙일 것.\n재상신 바람.")
    result = ADAPTER.encode([Outgoing(waiting), Outgoing(back)])
    assert (dict(result.rejected), [len(each.parts) for each in result.items]) == ({}, [1, 1])
    first, second = (json.loads(next(iter(each.parts.values()))) for each in result.items)
    assert first == {
        "REQ_NO": "R-1".ljust(20), "STATE_CD": "10", "RSLT_DTM": "2026-11-24 15:00:00", "REG_DEPT": "-1     ", "REG_YY": "9999",
        "REG_SEQ": "-1", "REG_NO": NONE, "REG_DE": "99991231", "OPN": None, "TITL": "제목",
    }  # fmt: skip
    assert (second["STATE_CD"], second["OPN"]) == ("40", "근거를 덧붙일 것.\n재상신 바람.")
    for each, message in zip(result.items, (waiting, back), strict=True):
        assert ADAPTER.decode(each).records[0].message == message


JSON = st.recursive(
    st.none() | st.text() | st.integers(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=9,
).map(lambda each: json.dumps(each).encode())


@settings(max_examples=80, deadline=None)
@given(st.binary(min_size=1, max_size=80) | JSON)
def test_anything_else_is_unreadable_and_can_be_shown(data):
    ADAPTER.fields(data, "r.json")
    with pytest.raises(FormatError) as refusal:
        ADAPTER.decode(Item("r.json", {"r.json": data}))
    assert refusal.value.findings

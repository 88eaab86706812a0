"""The fast way and the careful way make the same messages, whatever stands in the cells."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters import manifest
from adapters.canonical.tabular import TabularAdapter
from adapters.canonical.tabular.cells import ODD
from adapters.canonical.tabular.layouts import delimited
from adapters.canonical.tabular.records import Kind
from adapters.canonical.tabular.wire import Prefix, tag, varint
from adapters.formats.rows import Row

CITY = (Path(__file__).parent / "city.toml").read_text("utf-8")
# Cells that fill entries of one list between them, lists within steps' parts, words of a code, alternatives, a header.
MORE = """
[[header]]
field="구분"
to="origin.notification"
codes="flag"
[[header]]
field="발신기관"
to="sender.agency.code"
[codes.flag]
"F" = "NOTIFICATION_FINAL"
"A" = "NOTIFICATION_ALL"
[[mapping]]
field="수신처명"
label="수신처명"
to="recipients.agency.name"
loss="reject"
split=";"
[[mapping]]
field="핵심어"
label="핵심어"
to="keywords"
loss="reject"
split=","
[[mapping]]
field="등록연도"
label="등록연도"
to="registration.year"
loss="reject"
kind="digits"
[[mapping]]
field="중요"
label="중요"
to="major"
loss="reject"
codes="major"
[codes.major]
"Y" = "true"
"N" = "false"
[[mapping]]
field="검토의견"
label="검토의견"
to="steps.review.opinion"
loss="reject"
[[mapping]]
field="검토일시"
label="검토일시"
to="steps.review.acted_at"
loss="reject"
kind="moment"
forms=["YYYYMMDDhhmm"]
"""


def richer() -> TabularAdapter:
    text = CITY.replace(
        'outcome = "STEP_OUTCOME_PENDING"', 'outcome = "STEP_OUTCOME_PENDING"\nacted = "STEP_OUTCOME_APPROVED"'
    )
    text = text.replace("금액: {금액}원", "금액: {금액:won} {결재구분:decision} {검토의견|제목} {비고}")
    text = text.replace('"sender.agency.code" = "6260000"\n', "").replace('["6260000"]', "[]")
    text = text.replace('message = "ResultReported"', 'message = "ResultReported"\nheader = false')
    described = manifest.read(text + MORE, "busan")
    return TabularAdapter(described, delimited(described))


PLAIN = manifest.read(CITY, "busan")
KINDS = [*TabularAdapter(PLAIN, delimited(PLAIN)).kinds, *richer().kinds]
FIELDS = ("접수번호", "부서코드", "부서명", "제목", "금액", "기안일", "기안자ID", "기안자", "검토자ID", "결재자ID", "결재구분", "보존기간",
          "공개구분", "단위과제", "수신처", "수신처명", "핵심어", "등록연도", "중요", "검토의견", "검토일시", "처리상태", "등록번호", "처리일시", "의견", "비고")  # fmt: skip
CLEAN: dict[str, list[Any]] = {
    "접수번호": ["B-1", "접수 2"], "부서코드": ["6260123"], "부서명": ["총무과", "<기획>&조정"], "제목": ["똠방각하 행사", "x" * 200],
    "금액": ["12500", "-7", 12500, "0"], "기안일": ["2026.05.07", "1949.10.01"], "기안자ID": ["u1", "u2"], "기안자": ["김나래"], "검토자ID": ["r1"],
    "결재자ID": ["d1"], "결재구분": ["전결", "결재"], "보존기간": ["5년", "영구"], "공개구분": ["1NNNNNNNN", "3YNNNNNNY"], "단위과제": ["ZH010101"],
    "수신처": ["6280000;6270000", "6280000"], "수신처명": ["인천;대구", ";대구", "인천;대구;광주"], "핵심어": ["행사", "행사,지원"], "등록연도": ["2026", "0"],
    "중요": ["Y", "N"], "검토의견": ["이견 없음"], "검토일시": ["202605071530"], "처리상태": ["진행", "완료"], "등록번호": ["총무과-3"],
    "처리일시": ["2026-05-07 15:30"], "의견": ["보완 바람"], "비고": ["참고"],
}  # fmt: skip
ANY = st.text(max_size=8) | st.integers(-5, 5) | st.decimals(0, 5, places=1) | st.dates() | st.datetimes()
EMPTY = st.none() | st.just("")
REQUIRED = {"접수번호", "부서코드", "제목", "기안일", "기안자ID", "결재자ID", "결재구분", "처리상태"}


def cell(field: str) -> st.SearchStrategy[Any]:
    clean = st.sampled_from(CLEAN[field])
    return clean if field in REQUIRED else EMPTY | clean


clean_rows = st.fixed_dictionaries({field: cell(field) for field in FIELDS})
rows = st.builds(
    lambda row, odd: row | odd, clean_rows, st.dictionaries(st.sampled_from(FIELDS), ANY | EMPTY, max_size=3)
)
headers = st.sampled_from(
    [{}, {"구분": "F", "발신기관": ""}, {"구분": "A", "발신기관": "Z090000"}, {"구분": "?", "발신기관": None}]
)


def both(kind: Kind, values: Mapping[str, Any], header: Mapping[str, Any]) -> bool:
    row = Row(1, "x", 0, b"x", values)
    careful = kind.careful(row, header)
    assert kind.swift is not None
    try:
        message, identity = kind.swift.values(values, header)
    except ODD:
        assert kind.record(row, header) == careful
        return False
    assert (message, identity) == (careful.message, careful.natural_key)
    assert careful.findings == ()
    return True


@settings(max_examples=300, deadline=None)
@given(values=rows, header=headers)
def test_both_ways_make_the_same_of_any_row(values: Mapping[str, Any], header: Mapping[str, Any]) -> None:
    for kind in KINDS:
        both(kind, values, header)


@settings(max_examples=100, deadline=None)
@given(values=clean_rows, header=headers)
def test_clean_rows_go_the_fast_way(values: Mapping[str, Any], header: Mapping[str, Any]) -> None:
    assert both(KINDS[0], values, header)
    assert both(KINDS[1], values, header)


@pytest.mark.parametrize("number", [0, 1, 127, 128, 300, 16383, 16384, 2**31])
def test_what_stands_before_a_value_of_any_length(number: int) -> None:
    assert varint(number)[-1] < 128
    inner = tag(6) + varint(number)
    assert Prefix([tag(2), tag(6)])[number] == tag(2) + varint(len(inner) + number) + inner


def test_cells_that_come_again_are_kept_and_not_without_end() -> None:
    kind = KINDS[0]
    assert kind.swift is not None
    values = {field: found[0] for field, found in CLEAN.items()}
    for number in range(9000):
        kind.swift.values(values | {"제목": f"제목 {number}"}, {})
    assert max(map(len, kind.swift.seen)) <= 1024

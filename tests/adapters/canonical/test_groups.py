"""Entries that repeat within a record are steps of the line, in numbered columns or in lists of the codec's own."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters import manifest
from adapters.canonical.tabular import TabularAdapter
from adapters.canonical.tabular.layouts import delimited
from adapters.contract import Item, Outgoing
from adapters.manifest import ManifestError
from onnara.exchange.v1.events_pb2 import RequestReceived
from onnara.exchange.v1.official_document_pb2 import StepOutcome, StepRole

CITY = (Path(__file__).parent / "city.toml").read_text("utf-8")
LINE = """
[[step]]
name = "cooperate"
role = "STEP_ROLE_COOPERATE"
mode = "STEP_MODE_SERIAL"
outcome = "STEP_OUTCOME_PENDING"
acted = "STEP_OUTCOME_AGREED"
[codes.part]
"기" = "draft"
"검" = "review"
"협" = "cooperate"
"결" = "decide"
[[signer]]
field = "구분{n}"
to = "step"
codes = "part"
required = true
[[signer]]
field = "사번{n}"
kind = "code"
to = "person.external_id"
required = true
[[signer]]
field = "처리일{n}"
kind = "day"
forms = ["YYYYMMDD"]
to = "acted_at"
"""


def without_steps(text: str) -> str:
    """The city's table without columns of named steps."""
    blocks = re.split(r"(?=^\[\[)", text, flags=re.MULTILINE)
    return "".join(each for each in blocks if 'to="steps.' not in each)


def made(times: int = 3) -> TabularAdapter:
    repeats = f'repeats = {{ "결재선" = {{ table = "signer", times = {times} }} }}\n'
    text = (
        without_steps(CITY).replace('message = "RequestReceived"\n', f'message = "RequestReceived"\n{repeats}') + LINE
    )
    described = manifest.read(text, "busan")
    return TabularAdapter(described, delimited(described))


ADAPTER = made()
FIRST = 'B-1,6260123,총무과,행사 요청,"12,500",5년,1NNNNNNNN,ZH010101,6280000'
NUMBERED = [f"{name}{n}" for n in (1, 2, 3) for name in ("구분", "사번", "처리일")]
HEAD = ",".join([*(each["field"] for each in ADAPTER.manifest.mapping), *NUMBERED])
THREE = ["기", "u1", "20260507", "협", "c1", "", "결", "d1", ""]


def item(*rows: Sequence[str]) -> Item:
    lines = [HEAD, *(",".join([FIRST, *cells]) for cells in rows)]
    return Item("x.csv", {"x.csv": "".join(f"{line}\r\n" for line in lines).encode("cp949")})


def test_numbered_columns_are_the_line_and_come_back() -> None:
    [record] = ADAPTER.decode(item(THREE)).records
    assert isinstance(record.message, RequestReceived)
    steps = list(record.message.document.steps)
    assert [(step.order, step.person.external_id) for step in steps] == [(1, "u1"), (2, "c1"), (3, "d1")]
    assert steps[1].role == StepRole.STEP_ROLE_COOPERATE
    assert (steps[0].asserted_by, steps[0].acted_at.ToJsonString()) == ("busan-affairs", "2026-05-06T15:00:00Z")
    assert [step.outcome for step in steps[1:]] == [StepOutcome.STEP_OUTCOME_PENDING] * 2
    [again] = ADAPTER.encode([Outgoing(record.message)]).items
    assert [each.message for each in ADAPTER.decode(again).records] == [record.message]


def test_what_is_wrong_with_an_entry_is_told_where_it_stands() -> None:
    data = item([*THREE[:5], "20261345", *THREE[6:]])
    [record] = ADAPTER.decode(data).records
    assert record.message is None
    assert [(finding.code, finding.field) for finding in record.findings] == [("date-invalid", "처리일2")]
    [finding] = record.findings
    assert finding.offset is not None
    assert finding.length is not None
    assert data.parts["x.csv"][finding.offset : finding.offset + finding.length] == b"20261345"


cells = st.sampled_from(
    [("검", "r1", "20260508"), ("협", "c1", ""), ("", "", ""), ("협", "", ""), ("?", "c2", "x"), ("검", "r2", " ")]
)


@settings(max_examples=100, deadline=None)
@given(rows=st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=3))
def test_both_ways_make_the_same_of_numbered_columns(rows: list[list[tuple[str, str, str]]]) -> None:
    slow = made()
    for kind in slow.kinds:
        kind.swift = kind.cut_swift = None
    data = item(*([cell for entry in row for cell in entry] for row in rows))
    assert ADAPTER.decode(data) == slow.decode(data)


def test_more_steps_than_columns_are_refused() -> None:
    table = ADAPTER.kinds[0].table.groups[0]
    entries: list[dict[str, Any]] = [{"구분{n}": "검", "사번{n}": f"r{n}"} for n in range(4)]
    values, findings = table.spread(entries)
    assert [finding.code for finding in findings] == ["occurs-out-of-range"]
    assert values == {}
    values, findings = table.spread(entries[:2])
    assert findings == []
    said: Mapping[str, Any] = values
    assert (said["사번1"], said["사번2"], said["사번3"]) == ("r0", "r1", None)


def test_a_group_says_which_step_an_entry_is_and_tells_the_line_alone() -> None:
    asked = ('message = "RequestReceived"\n', 'message = "RequestReceived"\nrepeats = { a = "signer" }\n')
    for text in (CITY + LINE, without_steps(CITY) + LINE.replace('to = "step"', 'to = "opinion"')):
        described = manifest.read(text.replace(*asked), "busan")
        with pytest.raises(ManifestError):
            TabularAdapter(described, delimited(described))

"""Spreadsheets by a manifest: messages of rows and back; what a spreadsheet program did to the values is told."""

import datetime as dt
import io
from collections.abc import Sequence
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters import manifest
from adapters.canonical.spreadsheet import spreadsheet
from adapters.canonical.tabular import TabularAdapter
from adapters.contract import Decoded, Item, Outgoing
from adapters.manifest import ManifestError
from onnara.exchange.v1.events_pb2 import RequestReceived

TEXT = (
    (Path(__file__).parent / "city.toml")
    .read_text("utf-8")
    .replace('format = "delimited"', 'format = "spreadsheet"')
    .replace('delimiter = ","', 'footer = "합계"')
)


def made(text: str = TEXT) -> TabularAdapter:
    described = manifest.read(text, "busan")
    return TabularAdapter(described, spreadsheet(described))


ADAPTER = made()
HEAD = [entry["field"] for entry in ADAPTER.manifest.mapping]
ROW = ["B-1", "6260123", "총무과", "똠방각하 행사 요청", 12500, dt.date(2026, 5, 7), "u1", "김나래", "r1", "d1", "전결", "5년",
       "1NNNNNNNN", "ZH010101", "6280000;6270000"]  # fmt: skip


def book(*rows: Sequence[object], above: Sequence[Sequence[object]] = (), head: Sequence[str] = HEAD) -> Item:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as made_book:
        sheet = made_book.add_worksheet("접수")
        for number, row in enumerate([*above, head, *rows]):
            for place, value in enumerate(row):
                sheet.write(number, place, value)
    return Item("x.xlsx", {"x.xlsx": out.getvalue()})


def codes(decoded: Decoded) -> list[list[str]]:
    return [[finding.code for finding in record.findings] for record in decoded.records]


def with_cell(field: str, value: object, row: Sequence[object] = ROW) -> list[object]:
    return [value if name == field else each for name, each in zip(HEAD, row, strict=True)]


def test_a_row_becomes_a_request_and_the_same_row_again() -> None:
    decoded = ADAPTER.decode(book(ROW, with_cell("접수번호", "B-2")))
    first, second = [record.message for record in decoded.records]
    assert isinstance(first, RequestReceived)
    assert isinstance(second, RequestReceived)
    document = first.document
    assert (document.title, document.sender.department.code) == ("똠방각하 행사 요청", "6260123")
    assert document.extensions["busan.amount"] == "12500"
    assert codes(decoded) == [[], []]
    encoded = ADAPTER.encode([Outgoing(first), Outgoing(second)])
    assert dict(encoded.rejected) == {}
    [again] = encoded.items
    assert [record.message for record in ADAPTER.decode(again).records] == [first, second]


def test_a_title_above_and_a_sum_below_are_left_out_and_told() -> None:
    decoded = ADAPTER.decode(
        book(ROW, ["합계", "", "", "", 12500], above=[["부산시 접수 목록"], [], ["출력일: 2026-05-07"]])
    )
    assert [record.ordinal for record in decoded.records] == [5]
    assert [(each.code, each.params["rows"]) for each in decoded.findings] == [("rows-above", "2"), ("rows-below", "1")]


@pytest.mark.parametrize(
    ("field", "value", "found"),
    [
        ("부서코드", 626012, "zeros-restored"),
        ("부서코드", 6260123.0, None),
        ("부서코드", "6260123.0", "cell-as-number"),
        ("접수번호", 12345678901234, "cell-as-number"),
        ("기안일", 46149, "cell-day-number"),
        ("부서명", dt.date(2026, 3, 1), "cell-became-day"),
    ],
)
def test_what_can_be_put_right_is_and_is_told(field: str, value: object, found: str | None) -> None:
    decoded = ADAPTER.decode(book(with_cell(field, value)))
    [record] = decoded.records
    assert isinstance(record.message, RequestReceived)
    assert codes(decoded) == [[found] if found else []]
    assert record.message.document.sender.department.code in {"6260123", "0626012"}
    assert record.message.document.document_id in {"B-1", "12345678901234"}
    assert record.message.document.steps[0].acted_at.ToDatetime() == dt.datetime(2026, 5, 6, 15)


@pytest.mark.parametrize(
    ("field", "value", "found"),
    [
        ("접수번호", 1234567890123456789, "cell-digits-lost"),
        ("접수번호", "1.23E+13", "cell-digits-lost"),
        ("접수번호", dt.date(2026, 3, 1), "cell-became-day"),
        ("기안일", 3_000_000, "date-invalid"),
        ("금액", True, "amount-invalid"),
        ("제목", "", "value-missing"),
    ],
)
def test_what_is_lost_refuses_its_row_and_no_other(field: str, value: object, found: str) -> None:
    bad, good = ADAPTER.decode(book(with_cell(field, value), with_cell("접수번호", "B-2"))).records
    assert bad.message is None
    assert [(each.code, each.field) for each in bad.findings if each.severity == "reject"] == [(found, field)]
    assert good.message is not None


def test_an_epoch_that_is_none_is_refused() -> None:
    with pytest.raises((ValueError, ManifestError), match="epoch"):
        made(TEXT.replace('footer = "합계"', "epoch = 1901"))


CELLS = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=12)


@settings(max_examples=40)
@given(st.lists(st.tuples(CELLS, CELLS, st.integers(-(10**9), 10**9)), min_size=1, max_size=4))
def test_what_is_said_comes_back_or_is_told(rows: list[tuple[str, str, int]]) -> None:
    outgoing = []
    for number, (title, name, amount) in enumerate(rows):
        message = RequestReceived()
        message.CopyFrom(BASE)
        message.document.document_id = f"B-{number}"
        message.document.title, message.document.sender.department.name = title, name
        message.document.extensions["busan.amount"] = str(amount)
        outgoing.append(Outgoing(message))
    encoded = ADAPTER.encode(outgoing)
    read = [record.message for item in encoded.items for record in ADAPTER.decode(item).records]
    kept = [each.message for number, each in enumerate(outgoing) if number not in encoded.rejected]
    assert len(read) == len(kept)
    told = {finding.field for finding in encoded.findings}
    for before, after in zip(kept, read, strict=True):
        assert before == after or told, (before, after)


BASE = ADAPTER.decode(book(ROW)).records[0].message
assert isinstance(BASE, RequestReceived)

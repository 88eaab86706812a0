"""The table engine: a manifest and a codec alone make an adapter of both directions; nothing is lost without a word."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters import manifest
from adapters.canonical.tabular import TabularAdapter
from adapters.canonical.tabular.layouts import delimited
from adapters.contract import Item, Outgoing
from adapters.formats.findings import FormatError
from adapters.manifest import ManifestError
from onnara.exchange.v1.events_pb2 import RequestReceived

TEXT = (Path(__file__).parent / "city.toml").read_text("utf-8")


def made(text: str = TEXT) -> TabularAdapter:
    described = manifest.read(text, "busan")
    return TabularAdapter(described, delimited(described))


ADAPTER = made()
HEAD = ",".join(entry["field"] for entry in ADAPTER.manifest.mapping)
LINE = 'B-1,6260123,총무과,똠방각하 행사 요청,"12,500",2026.05.07,u1,김나래,{review},d1,전결,5년,1NNNNNNNN,ZH010101,6280000;6270000'


def item(*lines: str, head: str = HEAD) -> Item:
    return Item("x.csv", {"x.csv": ("\r\n".join([head, *lines]) + "\r\n").encode("cp949")})


def test_a_row_becomes_a_request_and_the_same_row_again() -> None:
    decoded = ADAPTER.decode(item(LINE.format(review="r1"), LINE.format(review="").replace("B-1", "B-2")))
    first, second = [record.message for record in decoded.records]
    assert isinstance(first, RequestReceived)
    document = first.document
    assert (document.title, document.sender.department.code) == ("똠방각하 행사 요청", "6260123")
    assert [each.agency.code for each in document.recipients] == ["6280000", "6270000"]
    assert document.extensions["busan.amount"] == "12500"
    assert [len(each.document.steps) for each in (first, second)] == [3, 2]
    assert document.sender_name == "부산광역시장"
    assert "12500원" in document.body or "12,500원" in document.body
    encoded = ADAPTER.encode([Outgoing(first), Outgoing(second)])
    assert dict(encoded.rejected) == {}
    [again] = encoded.items
    [data] = again.parts.values()
    messages = [record.message for record in ADAPTER.decode(Item(again.name, again.parts)).records]
    assert messages == [first, second]
    assert "똠방각하" in data.decode("cp949")


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("2026.05.07", "2026.13.07", "기안일"),
        ("전결", "아무렇게", "결재구분"),
        ("6260123", "626X123", "부서코드"),
        ("1NNNNNNNN", "9", "공개구분"),
        ("똠방각하 행사 요청", "", "제목"),
    ],
)
def test_a_cell_that_cannot_be_carried_refuses_its_row_and_no_other(old: str, new: str, field: str) -> None:
    good = LINE.format(review="r1").replace("B-1", "B-2")
    bad, fine = ADAPTER.decode(item(LINE.format(review="r1").replace(old, new), good)).records
    assert bad.message is None
    assert field in {finding.field for finding in bad.findings if finding.severity == "reject"}
    assert fine.message is not None


def test_zeros_that_a_spreadsheet_took_away_are_put_back_and_told() -> None:
    [record] = ADAPTER.decode(item(LINE.format(review="r1").replace("6260123", "626012"))).records
    assert isinstance(record.message, RequestReceived)
    assert record.message.document.sender.department.code == "0626012"
    assert [(finding.field, finding.severity) for finding in record.findings] == [("부서코드", "repair")]


def test_columns_come_in_any_order_and_missing_ones_are_named() -> None:
    names = HEAD.split(",")
    cells = LINE.format(review="r1").replace('"12,500"', "12500").split(",")
    turned = ADAPTER.decode(item(",".join(reversed(cells)), head=",".join(reversed(names))))
    [record] = turned.records
    assert record.message is not None
    with pytest.raises(FormatError) as raised:
        ADAPTER.decode(item("x,y", head="가,나"))
    assert raised.value.findings


def test_a_mapping_that_leads_nowhere_is_none() -> None:
    for old, new in (
        ('to="title"', 'to="titel"'),
        ('kind="amount"', 'kind="sum"'),
        ('codes="decision"', 'codes="nothing"'),
    ):
        with pytest.raises(ManifestError, match="busan"):
            made(TEXT.replace(old, new, 1))


CELLS = st.text(st.characters(codec="cp949", exclude_categories=("Cc", "Cs")), max_size=12)


@settings(max_examples=60)
@given(st.lists(st.tuples(CELLS, CELLS, st.integers(-(10**9), 10**9)), min_size=1, max_size=5))
def test_what_is_said_comes_back_or_is_told(rows: list[tuple[str, str, int]]) -> None:
    base = ADAPTER.decode(item(LINE.format(review="r1"))).records[0].message
    assert isinstance(base, RequestReceived)
    outgoing = []
    for number, (title, name, amount) in enumerate(rows):
        message = RequestReceived()
        message.CopyFrom(base)
        message.document.document_id = f"B-{number}"
        message.document.title, message.document.sender.department.name = title, name
        message.document.extensions["busan.amount"] = str(amount)
        outgoing.append(Outgoing(message))
    encoded = ADAPTER.encode(outgoing)
    read = [
        record.message
        for each in encoded.items
        for record in ADAPTER.decode(Item(each.name, each.parts)).records
        if isinstance(record.message, RequestReceived)
    ]
    kept = [each.message for index, each in enumerate(outgoing) if index not in encoded.rejected]
    assert len(read) == len(kept)
    for one, other in zip(kept, read, strict=True):
        assert isinstance(one, RequestReceived)
        told = bool(encoded.findings) or one.document.title == other.document.title
        assert told, (one.document.title, other.document.title)
        assert one.document.extensions["busan.amount"] == other.document.extensions["busan.amount"]


@pytest.mark.parametrize(("said", "code"), [("금12500원", "amount-rewritten"), ("△12500", "amount-sign-mark")])
def test_what_was_read_of_an_amount_in_words_is_told_as_it_was(said: str, code: str) -> None:
    [record] = ADAPTER.decode(item(LINE.format(review="r1").replace('"12,500"', said))).records
    assert [finding.code for finding in record.findings] == [code]

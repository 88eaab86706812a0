"""pubdoc.xml: by the letter of the DTD, and read back by the reader of the exchange."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.formats.dtd import validate
from adapters.formats.pubdoc import read_pubdoc
from documents.rendering.pubdoc import pubdoc
from documents.rendering.sheet import Contact, Seal
from support.documents_sheets import sheet


def test_a_pubdoc_is_valid_and_reads_back() -> None:
    data = pubdoc(
        sheet(attached=["계획서", "명단"], receipt_number="공원과-4", receipt_day=sheet().enforced_on, via="구청장")
    )
    assert validate("pubdoc", data) == []
    read, _ = read_pubdoc(data)
    assert (read.organ, read.recipient, read.via, read.title) == ("시험시", "수신자 참조", "구청장", sheet().title)
    assert [(cell.order, cell.type, cell.name) for cell in read.approvals] == [
        ("1", "기안", "홍길동"),
        ("2", "검토", "김철수"),
        ("final", "전결", "이영희"),
    ]
    assert (read.regnumber, read.regnumbercode, read.enforcedate) == ("도로정책과-123", "T310101000123", "2026.05.06")
    assert (read.sendinfo.publication_code, read.attach_titles) == ("2NNNNYYNN", ("계획서", "명단"))


def test_letters_the_charset_lacks_go_by_number() -> None:
    data = pubdoc(sheet(title="똠방각하 😀 한글", seal=Seal("관인생략")))
    assert b"&#128512;" in data
    assert validate("pubdoc", data) == []


def test_without_a_decision_there_is_no_pubdoc() -> None:
    with pytest.raises(ValueError, match="decision"):
        pubdoc(sheet(decided_on=None))


TEXT = st.text(max_size=12)


@settings(max_examples=60, deadline=None)
@given(
    TEXT,
    TEXT,
    st.lists(
        st.sampled_from(
            [
                "<p>",
                "<table><tr><td>",
                "가",
                "<b>",
                "<ul><li>",
                "</b>",
                "&amp;",
                "<img src='a.png'>",
                "<th colspan=2>",
                "<caption>나",
                "<p align=justify>",
            ]
        ),
        max_size=12,
    ),
)
def test_whatever_was_written_is_valid(title: str, name: str, body: list[str]) -> None:
    made = sheet(title=title, body="".join(body), sender_names=[name], contact=Contact(zipcode=name, email=title))
    assert validate("pubdoc", pubdoc(made)) == []

"""Official documents: valid on the way out, tolerant on the way in."""

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.formats.dtd import validate
from adapters.formats.findings import FormatError
from adapters.formats.pubdoc import (
    Approval,
    Assist,
    Campaign,
    Image,
    Pubdoc,
    Receipt,
    Seal,
    SendInfo,
    read_pubdoc,
    write_pubdoc,
)
from adapters.formats.xhtml import sanitise

DOCUMENT = Pubdoc(
    "행정안전부", "수신자 참조", "자료 제출 요청", "<p>1. 관련</p>", "행정안전부장관",
    (Approval("1", "사무관", "기안", "홍길동", "2026.05.06", time="10:11:12"),
     Approval("final", "과장", "전결", "김영희", "2026.05.06", Image("sign.gif"))),
    "행정제도과-123", "1310123000123", "2026.05.06",
    SendInfo("30128", "세종 도움6로 42", "044-205-1234", "044-205-8888", "공개", "1NNNNNNNN"),
)  # fmt: skip

plain = st.text(
    st.sampled_from([chr(point) for point in range(0xAC00, 0xD7A4, 11)] + list("AZaz 09.,-()[]<>&\"'·")), max_size=20
)
text = (plain | st.sampled_from(["A\rB", "]]>", "&nbsp;", "ㅤ", "😀", "\u1112\u119e", "a\nb\tc"])).map(str.strip)
maybe = st.none() | text
image = st.builds(Image, src=text.filter(bool), alt=text, width=st.none() | st.just("30mm"), height=st.none())
markup = st.lists(st.tuples(st.sampled_from(["p", "b", "i", "u"]), text), max_size=4).map(
    lambda parts: sanitise(
        "".join(f"<{tag}>{word.replace('&', '&amp;').replace('<', '&lt;')}</{tag}>" for tag, word in parts)
    )[0]
)
assists = st.builds(
    Assist, order=text, signposition=text, type=st.just("협조"), date=text, name=maybe, signimage=st.none(), time=maybe
)
documents = st.builds(
    Pubdoc,
    organ=text, recipient=text, title=text, content=markup, sendername=text,
    approvals=st.lists(st.builds(Approval, order=text, signposition=text, type=text, name=text, date=text,
                                 signimage=st.none() | image, time=maybe), min_size=1, max_size=3).map(tuple),
    regnumber=text, regnumbercode=text, enforcedate=text,
    sendinfo=st.builds(SendInfo, zipcode=text, address=text, telephone=text, fax=text, publication=text, publication_code=text,
                       homeurl=maybe, email=maybe, symbol=st.none() | image, logo=st.none() | image),
    recipient_refer=st.booleans(), via=maybe, body_separate=st.booleans(),
    seal=st.none() | st.builds(Seal, st.booleans(), st.none() | image),
    assists=st.lists(assists | st.builds(Assist, order=text, signposition=text, type=text, date=text, signimage=image),
                     max_size=2).map(tuple),
    receipt=st.none() | st.builds(Receipt, text, text, maybe), campaign=st.none() | st.builds(Campaign, maybe, maybe),
    attach_titles=st.lists(text, max_size=3).map(tuple),
)  # fmt: skip


def codes(findings):
    return [finding.code for finding in findings]


@given(documents)
@settings(deadline=None)
def test_every_document_is_valid_and_reads_back(document):
    data = write_pubdoc(document)
    assert validate("pubdoc", data) == []
    assert read_pubdoc(data) == (document, [])


def test_the_prolog_and_the_charset():
    data = write_pubdoc(DOCUMENT)
    assert data.startswith(
        b'<?xml version="1.0" encoding="euc-kr"?>\n<?xml-stylesheet type="text/xsl" href="siheng.xsl"?>\n'
        b'<!DOCTYPE pubdoc SYSTEM "pubdoc.dtd">\n<pubdoc>'
    )
    assert "행정안전부".encode("cp949") in data


def test_characters_outside_go_out_as_numbers_and_are_reported():
    report = []
    data = write_pubdoc(dataclasses.replace(DOCUMENT, title="자료 😀"), report=report)
    assert b"&#128512;" in data
    assert codes(report) == ["char-by-reference"]
    assert read_pubdoc(data)[0].title == "자료 😀"


@pytest.mark.parametrize("change", [{"approvals": ()}, {"content": "<strong>x</strong>"}, {"content": "<p>x"}])
def test_an_invalid_document_is_not_written(change):
    with pytest.raises(FormatError):
        write_pubdoc(dataclasses.replace(DOCUMENT, **change))


def changed(old, new):
    data = write_pubdoc(DOCUMENT).decode("cp949")
    assert old in data
    return data.replace(old, new).encode("cp949")


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("<telephone>044-205-1234</telephone><fax>", "<email>a@go.kr</email><telephone>044-205-1234</telephone><fax>", ["element-order"]),
        (
            '<signimage><img src="sign.gif" alt=""/></signimage><name>김영희</name>',
            '<name>김영희</name><signimage><img src="sign.gif" alt=""/></signimage>',
            ["element-order"],
        ),
        ('<approval order="1">', '<approval order="1" opinion="yes">', ["attribute-unknown"]),
        ("<p>1. 관련</p>", "<p>1.&nbsp;관련</p>", ["xml-entity-replaced"]),
        ("<p>1. 관련</p>", "<p><strong>1. 관련</strong></p>", ["xhtml-renamed"]),
        ("<p>1. 관련</p>", "<p>1. 관련<br>2. 요청<p>끝.", ["xhtml-unclosed", "xhtml-renamed"]),
        ("<p>1. 관련</p>", "<o:p>관련</o:p><td width=3>", ["xhtml-unclosed", "xhtml-unwrapped", "xhtml-unwrapped"]),
        ('<body separate="false">', "<body>", []),
        ("<enforcedate>2026.05.06</enforcedate>", "", ["element-missing"]),
        (' regnumbercode="1310123000123"', "", ["attribute-missing"]),
        ("자료 제출 요청", "R&D 자료", ["xml-ampersand-bare"]),
    ],
)  # fmt: skip
def test_what_the_field_gets_wrong_is_read_and_reported(old, new, found):
    document, findings = read_pubdoc(changed(old, new))
    assert codes(findings) == found
    assert document.organ == "행정안전부"
    if document.enforcedate and document.regnumbercode:
        assert read_pubdoc(write_pubdoc(document)) == (document, [])


def test_an_unclosed_body_keeps_its_lines():
    document, _ = read_pubdoc(changed("<p>1. 관련</p>", "<p>1. 관련<br>2. 요청<p>끝."))
    assert document.content == "<p>1. 관련</p><p>2. 요청</p><p>끝.</p>"


def test_an_almost_empty_document_names_everything_that_is_missing():
    document, findings = read_pubdoc(b"<pubdoc><head/></pubdoc>")
    assert document.approvals == ()
    assert {finding.severity for finding in findings} == {"reject"}
    assert {"pubdoc/body", "pubdoc/foot", "head/organ", "head/receiptinfo"} <= {finding.field for finding in findings}


def test_other_files_are_refused():
    with pytest.raises(FormatError) as caught:
        read_pubdoc(b"<pack/>")
    assert codes(caught.value.findings) == ["pubdoc-not-a-pubdoc"]


def test_broken_xml_outside_the_body_is_refused():
    with pytest.raises(FormatError) as caught:
        read_pubdoc(changed("</head>", ""))
    assert codes(caught.value.findings) == ["xml-malformed"]

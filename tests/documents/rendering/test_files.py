"""PDF and ODT: what stands on the pages, whatever was written into the document."""

import io
import time
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from pypdf import PdfReader

from documents.domain.signatures import Cell
from documents.rendering.odt import odt
from documents.rendering.pictures import ending_of
from documents.rendering.sheet import Seal, Sheet
from documents.rendering.typesetting import Typesetter
from documents.settings import Settings
from support.documents_sheets import png, sheet


@pytest.fixture(scope="module")
def setter() -> Typesetter:
    return Typesetter(Settings().fonts)


def words(data: bytes) -> str:
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    return " ".join(text.split())


def odt_words(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        assert packed.namelist()[0] == "mimetype"
        for name in ("content.xml", "styles.xml", "META-INF/manifest.xml"):
            etree.fromstring(packed.read(name))
        return " ".join("".join(etree.fromstring(packed.read("content.xml")).itertext()).split())


EVERYTHING = [
    "시험시", "수신자 참조", "도로 점용 실태 점검 결과 알림", "1. 관련: 도로정책과-98", "점검 결과", "전년", "둘째", "2. 명단 1부.",
    "시험시장", "먼시장(민원실장), 가까운시장", "행정사무관", "(의견 있음)", "김철수", "전결", "2026. 5. 6.", "이영희", "협조자", "박민수",
    "도로정책과-123", "30128", "www.example.go.kr", "(044)205-0001", "hong@example.go.kr", "부분공개(5,6)",
]  # fmt: skip


def test_form_1_shows_head_body_and_foot(setter) -> None:
    data = setter.pdf(sheet())
    shown = words(data)
    assert [each for each in EVERYTHING if each.replace(" ", "") not in shown.replace(" ", "")] == []
    pages = PdfReader(io.BytesIO(data)).pages
    assert len(pages[-1].images) == 1
    assert b"pdfaid" in data
    fonts = {str(font.get_object()["/BaseFont"]) for page in pages for font in page["/Resources"]["/Font"].values()}
    assert fonts
    assert all("+" in name for name in fonts)


def test_form_2_shows_number_days_and_boxes(setter) -> None:
    shown = words(setter.pdf(sheet(internal=True, sender_names=[], recipients=[]))).replace(" ", "")
    for each in (
        "생산등록번호도로정책과-123",
        "등록일2026.5.6.",
        "결재일2026.5.6.",
        "부분공개(5,6)",
        "이영희",
        "시험시도로정책과",
    ):
        assert each in shown
    assert "수신" not in shown.replace("수신자참조", "")


def test_the_odt_holds_the_same(setter) -> None:
    shown = odt_words(odt(sheet())).replace(" ", "")
    assert [each for each in EVERYTHING if each.replace(" ", "") not in shown] == []
    assert odt(sheet()) == odt(sheet())
    assert "생산등록번호" in odt_words(odt(sheet(internal=True)))


def test_a_seal_or_its_omission(setter) -> None:
    assert "관인생략" in words(setter.pdf(sheet(seal=Seal("관인생략"))))
    assert "관인생략" in odt_words(odt(sheet(seal=Seal("관인생략"))))


def test_what_is_attached_is_listed_once(setter) -> None:
    body = "<p>보냅니다.</p>"
    shown = words(setter.pdf(sheet(body=body, attached=["계획서", "명단"]))).replace(" ", "")
    assert "붙임1.계획서2.명단끝." in shown
    own = words(setter.pdf(sheet(attached=["계획서", "명단"]))).replace(" ", "")
    assert own.count("붙임") == 1


def test_long_bodies_go_over_pages(setter) -> None:
    rows = "".join(f"<tr><td>{number}</td><td>내용 {number}</td></tr>" for number in range(150))
    data = setter.pdf(sheet(body="<p>Long words of a report. </p>" * 100 + f"<table>{rows}</table>"))
    pages = PdfReader(io.BytesIO(data)).pages
    assert len(pages) > 3
    assert "내용 149" in words(data)


def test_what_was_written_is_never_read_as_typst(setter) -> None:
    text = '#panic("x") $a$ *b* `c` @d <e> \\ = f "g" #sys.inputs #read("/etc/passwd")'
    cells = [Cell("결재", text, text, text)]
    data = setter.pdf(
        sheet(
            title=text,
            agency=text,
            recipient=text,
            body=f"<p>{text.replace('<', '&lt;')}</p>",
            sender_names=[text],
            cells=cells,
        )
    )
    assert '#panic("x")' in words(data)
    assert "root:" not in words(data)


def test_a_broken_or_huge_picture_does_not_stop_the_document(setter) -> None:
    broken = png()[:40] + b"\0" * 40
    assert ending_of(png()) == "png"
    assert ending_of(png(8, 1)[:16] + b"\0\xff\xff\xff\0\xff\xff\xff" + b"\0" * 9) == ""
    assert ending_of(b"<svg onload='x()'/>") == ""
    for data in (broken, b"MZ"):
        made = setter.pdf(sheet(body='<p>글 <img src="a.png" alt="그림 하나"/></p>', pictures={"a.png": data}))
        assert "[그림 하나]" in words(made)


def test_a_sign_without_a_picture_in_any_font_stops_nothing(setter) -> None:
    data = setter.pdf(sheet(title="축하 😀 알림"))
    assert "알림" in words(data)
    assert b"pdfaid" not in data


SPAN = st.sampled_from(
    ["", ' colspan="2"', ' rowspan="3"', ' colspan="0"', ' rowspan="99"', ' colspan="x"', ' colspan="1000" rowspan="2"']
)
CELL = st.builds(
    "<{}{}>{}</td>".format,
    st.sampled_from(["td", "th"]),
    SPAN,
    st.sampled_from(["가", "", "<table><tr><td>안</td></tr></table>", "<ul><li>가</li></ul>"]),
)
ROW = st.lists(CELL, max_size=4).map(lambda cells: f"<tr>{''.join(cells)}</tr>")
ROWS = st.lists(ROW, max_size=4).map("".join)
TABLE = st.builds("<table><thead>{}</thead>{}<tfoot>{}</tfoot></table>".format, ROWS, ROWS, ROWS)
WILD = st.lists(
    st.one_of(
        TABLE,
        st.text(max_size=8),
        st.sampled_from(
            [
                "<ul><li>",
                "<p>",
                "</p>",
                "<b>",
                "<i>",
                "  ",
                "붙임 1. ",
                "가. ",
                "①",
                "\u200b",
                "\x00",
                "<p align=center>",
            ]
        ),
    ),
    max_size=8,
).map("".join)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(WILD, st.text(max_size=10))
def test_any_body_can_be_set(setter, body: str, title: str) -> None:
    made = sheet(title=title, body=body, pictures={})
    assert setter.pdf(made).startswith(b"%PDF-")
    odt_words(odt(made))


def test_the_largest_body_takes_seconds_at_most(setter) -> None:
    made: Sheet = sheet(body="<p>가. 회의를 개최하오니 참석하여 주시기 바랍니다.</p>" * 3_300)
    start = time.perf_counter()
    setter.pdf(made)
    assert time.perf_counter() - start < 10

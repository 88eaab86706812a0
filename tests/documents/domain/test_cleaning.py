"""Pasted text made into the subset: words stay, nothing foreign does."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents.domain.body import problems_of
from documents.domain.cleaning import clean
from documents.domain.layout import check, correct
from documents.domain.markup import parse, text_of

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><title>계획</title><style>p{color:red}</style></head>
<body lang=KO><!--StartFragment--><h1 class=MsoTitle>회의
 개최</h1><p class=MsoNormal style='margin-left:12.5mm;mso-list:l0;text-align:justify'><![if !supportLists]>1.<span>&nbsp;&nbsp;
</span><![endif]>일시: <strong>2026-05-06</strong><o:p></o:p></p><p class=MsoNormal>가<br>나</p><p><br></p>
<table class=MsoTable border=1 style="border:none"><tr style="height:1cm"><td colspan=2 width="50%" onclick="x()"><p align=center>제목</p></td></tr>
<tr><td>하나</td><td rowspan="1"><div>둘</div><div>셋</div></td></tr></table><script>alert(1)</script></body></html>"""


def test_a_word_processors_paste() -> None:
    assert clean(WORD) == (
        "<p>회의 개최</p>"
        '<p align="adjust" style="margin-left: 12.5mm">1. 일시: <b>2026-05-06</b></p>'
        "<p>가</p><p>나</p><p></p>"
        '<table><tbody><tr><td colspan="2" width="50%"><p align="center">제목</p></td></tr>'
        "<tr><td>하나</td><td><p>둘</p><p>셋</p></td></tr></tbody></table>"
    )


@pytest.mark.parametrize(
    ("html", "subset"),
    [
        ("그냥 글", "<p>그냥 글</p>"),
        ("<div><div>가</div>나<div>다</div></div>", "<p>가</p><p>나</p><p>다</p>"),
        ("<b><p>가</p>나<br>다</b>", "<p><b>가</b></p><p><b>나</b></p><p><b>다</b></p>"),
        ("<ul><li>가<li>나<ul><li>다</ul></ul>", "<ul><li>가</li><li><p>나</p><ul><li>다</li></ul></li></ul>"),
        ("<dl><dt>가</dt><dd>나</dd></dl>", "<ul><li>가</li><li>나</li></ul>"),
        ('<a href="javascript:x()">가</a>', "<p>가</p>"),
        ('<a href="https://example.org/?a=1&amp;b">가</a>', '<p><a href="https://example.org/?a=1&amp;b">가</a></p>'),
        ('<img src="data:image/png;base64,AA"><img src="그림 1.png" alt="그림">', '<p><img src="그림 1.png" alt="그림"/></p>'),
        ('<img src="x.png" alt="onload=x()">', '<p><img src="x.png" alt="onload=x()"/></p>'),
        ("H<sub>2</sub>O <s>없음</s> 1 < 2 & 3", "<p>H<sub>2</sub>O 없음 1 &lt; 2 &amp; 3</p>"),
        ("<table><caption>표<p>하나</p></caption><thead><tr><th scope=col>가</th></tr></thead></table>",
         '<table><caption>표 하나</caption><tbody><tr><th scope="col">가</th></tr></tbody></table>'),
        ("<table><tr><td>가<td>나<tr><td>다</table>", "<table><tbody><tr><td>가</td><td>나</td></tr><tr><td>다</td></tr></tbody></table>"),
        ("<table><tfoot><tr><td>합</td></tr></tfoot><tr><td>가</td></tr></table>",
         "<table><tfoot><tr><td>합</td></tr></tfoot><tbody><tr><td>가</td></tr></tbody></table>"),
        ("<p>가<p>나", "<p>가</p><p>나</p>"),
        ("<span style='x'>가</span><font>나</font>", "<p>가나</p>"),
        ("", ""),
    ],
)  # fmt: skip
def test_pieces(html: str, subset: str) -> None:
    assert clean(html) == subset
    assert problems_of(subset) == []


TAGS = ["p", "div", "b", "i", "a", "ul", "ol", "li", "table", "tr", "td", "th", "tbody", "thead", "caption", "span", "h1",
        "script", "style", "img", "br", "sub", "u", "iframe", "o:p", "svg", "blockquote", "col", "colgroup", "dd"]  # fmt: skip
ATTRIBUTES = ["", ' class="x"', ' onclick="y()"', ' href="javascript:1"', " href=https://a.kr", ' src="a.png" alt="src=javascript:1 "',
              " colspan=2", ' style="text-align:center;margin-left:3mm"', ' alt="<b>&quot;\' onx=1"', " src='../x.png'", " align=justify", ' x="', " '"]  # fmt: skip
TOKEN = st.one_of(
    st.builds("<{}{}>".format, st.sampled_from(TAGS), st.sampled_from(ATTRIBUTES)),
    st.builds("</{}>".format, st.sampled_from(TAGS)),
    st.sampled_from(
        [
            "가나",
            " ",
            "\n",
            "&nbsp;",
            "<",
            "&lt;script&gt;",
            "&amp;lt;",
            "<!-- x -->",
            "<![if x]>",
            "1. ",
            "끝.",
            "\u200b",
            '"',
            "'",
            ">",
        ]
    ),
)
HTML = st.builds("".join, st.lists(TOKEN, max_size=40))


@settings(max_examples=200, deadline=None)
@given(HTML)
def test_whatever_comes_in_the_result_is_taken(html: str) -> None:
    subset = clean(html)
    assert problems_of(subset) == []
    assert clean(subset) == subset
    corrected = correct(subset)
    assert problems_of(corrected) == []
    assert [each for each in check("", corrected) if each.must] == []


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["<p>", "</p>", "<div>", "<b>", "<td>", "<tr>", "<table>", "<ul>", "<li>", "<br>", "말씀", " "]
        ),
        max_size=30,
    )
)
def test_words_stay(tokens: list[str]) -> None:
    html = "".join(tokens)
    assert text_of(parse(clean(html))).count("말씀") == html.count("말씀")


@pytest.mark.parametrize("seed", ["<b>", "<p><b>", "<table><tr><td>", "<div>가", "<li>", "<br>", "<ul>", "가 \n"])
def test_cleaning_takes_time_in_proportion(seed: str) -> None:
    start = time.perf_counter()
    clean(seed * (100_000 // len(seed)))
    assert time.perf_counter() - start < 10

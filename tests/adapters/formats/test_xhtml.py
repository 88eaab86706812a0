"""The XHTML subset: whatever comes in, what goes out is valid, stable and loses no text silently."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from adapters.formats.xhtml import sanitise, validate

TAGS = [
    "p", "b", "i", "u", "sub", "sup", "a", "img", "ul", "ol", "li", "table", "caption", "colgroup", "col", "thead", "tfoot",
    "tbody", "tr", "td", "th", "strong", "div", "span", "br", "h1", "font", "em", "dl", "dd", "hr", "center",
]  # fmt: skip
attributes = st.dictionaries(
    st.sampled_from(
        ["id", "class", "align", "style", "href", "src", "onclick", "colspan", "nowrap", "headers", "valign", "scope"]
    ),
    st.sampled_from(
        [
            "x",
            "y",
            "center",
            "adjust",
            "justify",
            "top",
            "row",
            "javascript:alert(1)",
            "a.gif",
            "text-indent:2mm;color:red",
        ]
    ),
    max_size=2,
).map(lambda pairs: "".join(f' {name}="{value}"' for name, value in pairs.items()))
words = st.sampled_from(["가나", " ", "a & b", "<", "1 > 0", "\n", "끝.", "&nbsp;", "\x0b"])


def element(inside):
    return st.builds(lambda tag, attrs, parts, close: f"<{tag}{attrs}>{''.join(parts)}" + (f"</{tag}>" if close else ""),
                     st.sampled_from(TAGS), attributes, st.lists(inside, max_size=3), st.booleans())  # fmt: skip


html = st.lists(st.recursive(words, element, max_leaves=12), max_size=4).map("".join)


@given(html)
@settings(max_examples=400, deadline=None)
def test_any_html_becomes_valid_and_a_second_pass_changes_nothing(source):
    cleaned, _ = sanitise(source)
    assert validate(cleaned) == []
    assert sanitise(cleaned) == (cleaned, [])


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_text_becomes_valid(source):
    cleaned, _ = sanitise(source)
    assert validate(cleaned) == []


@pytest.mark.parametrize(
    ("source", "expected", "codes"),
    [
        ("<p>가</p>", "<p>가</p>", []),
        ("<strong>가</strong>", "<b>가</b>", ["xhtml-renamed"]),
        ("<p>1<br/>2</p>", "<p>1</p><p>2</p>", ["xhtml-renamed"]),
        ("<b>1<br/>2</b>", "<p><b>1</b></p><p><b>2</b></p>", ["xhtml-renamed"]),
        ("<p>열린 문단<p>다음", "<p>열린 문단</p><p>다음</p>", ["xhtml-unclosed"]),
        ("<span>글</span>", "글", ["xhtml-unwrapped"]),
        ("<script>alert(1)</script>글", "글", ["xhtml-dropped"]),
        ('<p align="justify">글</p>', '<p align="adjust">글</p>', []),
        ('<p style="color:red; text-indent: 2mm">글</p>', '<p style="text-indent:2mm">글</p>', []),
        ('<a href="javascript:x">글</a>', "<a>글</a>", ["xhtml-attribute"]),
        ('<a href="java&#10;script:x">글</a>', "<a>글</a>", ["xhtml-attribute"]),
        ('<a href="https://www.go.kr">글</a>', '<a href="https://www.go.kr">글</a>', []),
        ('<img src="seal.gif"/>', '<img src="seal.gif" alt=""/>', []),
        ("<ul>앞<li>하나</li></ul>", "<ul><li>앞</li><li>하나</li></ul>", ["xhtml-moved"]),
        ("<table><tr><td>1<td>2</table>", "<table><tr><td>1</td><td>2</td></tr></table>", ["xhtml-unclosed"]),
        (
            "<table>밖<tr><td>2</td></tr><thead><tr><th>1</th></tr></thead></table>",
            "밖<table><thead><tr><th>1</th></tr></thead><tr><td>2</td></tr></table>",
            ["xhtml-moved"],
        ),
    ],
)  # fmt: skip
def test_examples(source, expected, codes):
    cleaned, findings = sanitise(source)
    assert cleaned == expected
    assert [finding.code for finding in findings] == codes


@pytest.mark.parametrize("source", ["<p><a & b가나", "<table><a & b가나", "<p>1 < 2 & 가나</p><b>끝."])
def test_a_sign_that_begins_no_tag_is_text(source):
    cleaned, _ = sanitise(source)
    text = "".join(etree.fromstring(f"<x>{cleaned}</x>").itertext())
    assert "<" in text
    assert "가나" in text


@given(html)
@example("<table><caption>가나")
@settings(max_examples=200, deadline=None)
def test_text_that_people_read_is_kept(source):
    cleaned, _ = sanitise(source)
    text = "".join(etree.fromstring(f"<x>{cleaned}</x>").itertext())
    for word in ("가나", "끝."):
        assert text.count(word) == source.count(word)


def test_an_image_from_outside_is_left_out_and_named():
    cleaned, findings = sanitise('<img src="http://example.org/spy.gif" alt="x"/>')
    assert cleaned == ""
    assert [(finding.code, finding.severity, finding.params["what"]) for finding in findings] == [
        ("xhtml-attribute", "loss", "img@src")
    ]


def test_deep_markup_does_not_break_the_stack():
    cleaned, _ = sanitise("<b>" * 3000 + "글")
    assert "글" in cleaned
    assert validate(cleaned) == []


@pytest.mark.parametrize("source", ["<p>a&#8;b</p>", '<p id="a&#11;">a</p><p>b&#xFFFE;', "<b>&#0;&#xD800;"])
def test_references_to_characters_xml_cannot_carry_are_left_out(source):
    cleaned, _ = sanitise(source)
    assert validate(cleaned) == []
    assert sanitise(cleaned)[0] == cleaned

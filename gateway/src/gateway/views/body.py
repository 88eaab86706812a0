"""Bodies of documents made safe to show. Whatever a body holds, only the elements of the exchange standard's XHTML subset survive."""

import html
import re
from collections.abc import Mapping

import nh3
from markupsafe import Markup

_TAGS = {
    "p", "br", "hr", "div", "span", "b", "strong", "i", "em", "u", "s", "sub", "sup", "big", "small", "blockquote", "pre",
    "ul", "ol", "li", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6",
    "table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "th", "td",
}  # fmt: skip
_CELL = {"align", "valign", "colspan", "rowspan", "scope"}
_ATTRIBUTES = {
    "p": {"align"},
    "div": {"align"},
    "td": _CELL,
    "th": _CELL,
    "tr": {"align", "valign"},
    "col": {"span"},
    "ol": {"type", "start"},
    "table": {"align", "border"},
    "img": {"src", "alt"},
}
_MARKUP = re.compile(r"<[a-zA-Z/!?]")


def safe_body(body: str, pictures: Mapping[str, str] | None = None) -> Markup:
    """The body as safe HTML; text without markup keeps its lines.

    pictures: address by file name; a picture that is not among them is left out.
    """
    if not _MARKUP.search(body):
        lines = "".join(f"<p>{html.escape(line) or '&nbsp;'}</p>" for line in body.splitlines())
        return Markup(lines)  # noqa: S704 - every line was escaped
    known = pictures or {}

    def allowed(element: str, attribute: str, value: str) -> str | None:
        return known.get(value) if (element, attribute) == ("img", "src") else value

    clean = nh3.clean(
        body,
        tags=_TAGS | ({"img"} if known else set()),
        attributes=_ATTRIBUTES,
        attribute_filter=allowed,
        clean_content_tags={"script", "style", "title"},
        url_schemes=set(),
        link_rel=None,
    )
    return Markup(clean)  # noqa: S704 - what nh3 lets through is safe by its list

"""The XHTML subset of the exchange standard as tables: elements, attributes, values. Read by `clean`.

The same facts stand in `dtd/xhtml4pubdoc.mod`; there they judge, here they guide the repair.
"""

import re
from typing import Final

INLINE: Final = frozenset({"a", "img", "i", "b", "u", "sub", "sup"})
FLOW: Final = INLINE | {"p", "ul", "ol", "table"}
INSIDE_A: Final = INLINE - {"a"}

# What may stand for markup the subset lacks; the reader sees the same.
RENAMED: Final = {
    "strong": "b",
    "em": "i",
    "ins": "u",
    "cite": "i",
    "dfn": "i",
    "div": "p",
    "section": "p",
    "article": "p",
    "blockquote": "p",
    "center": "p",
    "pre": "p",
    "address": "p",
    "h1": "p",
    "h2": "p",
    "h3": "p",
    "h4": "p",
    "h5": "p",
    "h6": "p",
    "dl": "ul",
    "dt": "li",
    "dd": "li",
    "menu": "ul",
    "dir": "ul",
}

# Left out with all they hold: nothing in them is meant to be read.
DROPPED: Final = frozenset(
    {
        "script",
        "style",
        "head",
        "title",
        "meta",
        "link",
        "iframe",
        "object",
        "embed",
        "applet",
        "noscript",
        "template",
        "form",
    }
    | {"input", "select", "textarea", "button", "svg", "math", "audio", "video", "canvas", "frame", "frameset", "base"}
)

_CORE: Final = frozenset({"id", "class"})
_CELL_ALIGN: Final = frozenset({"align", "char", "charoff", "valign"})
_CELL: Final = frozenset({"abbr", "axis", "headers", "scope", "rowspan", "colspan", "nowrap", "width", "height"})

ATTRIBUTES: Final[dict[str, frozenset[str]]] = {
    **dict.fromkeys(("i", "b", "u", "sub", "sup", "ul", "ol", "li"), _CORE),
    "p": _CORE | {"style", "align"},
    "a": _CORE | {"name", "href", "rel", "rev"},
    "img": _CORE | {"src", "alt", "name", "longdesc", "height", "width", "align", "border", "hspace", "vspace"},
    "table": _CORE | {"summary", "width", "height", "border", "cellspacing", "cellpadding", "align"},
    "caption": _CORE | {"align"},
    **dict.fromkeys(("colgroup", "col"), _CORE | _CELL_ALIGN | {"span", "width"}),
    **dict.fromkeys(("thead", "tfoot", "tbody", "tr"), _CORE | _CELL_ALIGN),
    **dict.fromkeys(("th", "td"), _CORE | _CELL_ALIGN | _CELL),
}

_CELL_WORDS: Final = frozenset({"left", "center", "right", "justify", "char"})
_BLOCK_WORDS: Final = frozenset({"left", "center", "right", "adjust"})
_VALIGN: Final = frozenset({"top", "middle", "bottom", "baseline"})

WORDS: Final[dict[tuple[str, str], frozenset[str]]] = {
    ("p", "align"): _BLOCK_WORDS,
    ("table", "align"): _BLOCK_WORDS,
    ("img", "align"): frozenset({"top", "middle", "bottom", "left", "right"}),
    ("caption", "align"): frozenset({"top", "bottom", "left", "right"}),
    **{(tag, "align"): _CELL_WORDS for tag in ("colgroup", "col", "thead", "tfoot", "tbody", "tr", "th", "td")},
    **{(tag, "valign"): _VALIGN for tag in ("colgroup", "col", "thead", "tfoot", "tbody", "tr", "th", "td")},
    **{(tag, "scope"): frozenset({"row", "col", "rowgroup", "colgroup"}) for tag in ("th", "td")},
    **{(tag, "nowrap"): frozenset({"nowrap"}) for tag in ("th", "td")},
}

STYLES: Final = frozenset(
    {
        "text-indent",
        "margin-left",
        "margin-right",
        "margin-top",
        "margin-bottom",
        "font-family",
        "font-size",
        "line-height",
    }
)
STYLE_VALUE: Final = re.compile(r"[\w\s.,'%+-]{1,100}")
SCHEME: Final = re.compile(r"\s*([a-z][a-z0-9+.-]*)\s*:", re.IGNORECASE)
SCHEMES: Final = frozenset({"http", "https", "mailto", "ftp", "tel"})
ID: Final = re.compile(r"[A-Za-z_\uac00-\ud7a3][\w.-]*")

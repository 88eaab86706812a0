"""Text pasted from a word processor or a page made into the subset of the exchange standard: HTML in, subset out.

A tree is rebuilt from nothing: only elements and attributes of the subset are ever written, so whatever came in, the
result is taken (but for its size). Words are kept; marks the subset lacks are replaced or left out.
"""

import unicodedata
from collections.abc import Iterable, Iterator

from documents.domain.attributes import PICTURE, kept
from documents.domain.markup import CELLS, INLINE, Node, parse, serialise

_RENAMED = {"strong": "b", "em": "i", "ins": "u", "cite": "i", "dfn": "i", "dir": "ul", "menu": "ul", "dl": "ul"}
_PARAGRAPHS = frozenset(
    {
        "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "blockquote", "center", "pre", "address",
        "header", "footer", "main", "aside", "figure", "figcaption", "details", "summary", "form", "fieldset", "legend",
    }
)  # fmt: skip
_DROPPED = frozenset(
    {
        "script", "style", "head", "title", "meta", "link", "noscript", "iframe", "object", "embed", "applet", "template",
        "svg", "math", "xml", "select", "button", "audio", "video", "canvas", "colgroup", "col", "input", "base",
    }
)  # fmt: skip
_ITEMS = frozenset({"li", "dt", "dd"})
_GROUPS = ("thead", "tfoot", "tbody")
_BREAK = Node("br")


def clean(html: str) -> str:
    """The text within the subset (xhtml4pubdoc.mod). Cleaning twice is cleaning once.

    Tables keep spans, lists stay lists, headings and blocks become paragraphs, links keep safe addresses, pictures stay
    when they name an attachment. Scripts, styles, classes and everything unknown go; the words inside stay.
    """
    root = parse(html, pasted=True)
    return serialise(Node("", {}, list(_paragraphs(_flow(root.inside), {}))))


def _flow(nodes: "Iterable[Node | str]") -> "list[Node | str]":
    """Texts, marked texts, blocks and breaks in order; blocks are out of all marks."""
    out: list[Node | str] = []
    for each in nodes:
        for piece in [_text(each)] if isinstance(each, str) else _element(each):
            if isinstance(piece, str) and out and isinstance(out[-1], str):
                out[-1] += piece
            elif piece != "":
                out.append(piece)
    return out


def _element(node: Node) -> "Iterator[Node | str]":
    tag = _RENAMED.get(node.tag, node.tag)
    if tag in _DROPPED:
        return
    if tag in {"br", "hr"}:
        yield _BREAK
    elif tag == "img":
        yield from _picture(node)
    elif tag in INLINE:
        yield from _marked(tag, node)
    elif tag in _PARAGRAPHS:
        yield from _paragraphs(_flow(node.inside), kept("p", node.attributes), always=tag == "p")
    elif tag in {"ul", "ol"}:
        yield from _list(tag, node)
    elif tag == "table":
        yield from _table(node)
    elif tag in {*_ITEMS, *CELLS, "tr", "caption", *_GROUPS}:
        yield from _paragraphs(_flow(node.inside), {})
    else:
        yield from _flow(node.inside)


def _picture(node: Node) -> Iterator[Node]:
    attributes = kept("img", node.attributes)
    if PICTURE.match(attributes.get("src", "")):
        yield Node("img", attributes)


def _marked(tag: str, node: Node) -> "Iterator[Node | str]":
    """A mark around each stretch of text inside; around blocks it is given to the texts of paragraphs, else given up."""
    attributes = kept(tag, node.attributes)
    for piece, run in _runs(_flow(node.inside)):
        if piece is None:
            yield from _wrapped(tag, attributes, run)
        elif piece.tag == "p":
            yield Node("p", piece.attributes, list(_wrapped(tag, attributes, piece.inside)))
        else:
            yield piece


def _wrapped(tag: str, attributes: dict[str, str], run: "list[Node | str]") -> "Iterator[Node | str]":
    blank = all(isinstance(each, str) and not each.strip() for each in run)
    if blank or (tag == "a" and (not attributes or any(_has(each, "a") for each in run))):
        yield from run
    else:
        yield Node(tag, attributes, run)


def _has(node: "Node | str", tag: str) -> bool:
    return isinstance(node, Node) and (node.tag == tag or any(_has(each, tag) for each in node.inside))


def _runs(pieces: "list[Node | str]") -> "Iterator[tuple[Node | None, list[Node | str]]]":
    """(None, texts and marks side by side) or (block or break, nothing), in order."""
    run: list[Node | str] = []
    for each in pieces:
        if isinstance(each, str) or each.tag in INLINE or each.tag == "img":
            run.append(each)
            continue
        if run:
            yield None, run
        run = []
        yield each, []
    if run:
        yield None, run


def _paragraphs(pieces: "list[Node | str]", attributes: dict[str, str], *, always: bool = False) -> Iterator[Node]:
    """A paragraph for each line of text, blocks between them. always: an empty one stays, people set them for room."""
    broken = some = False
    for piece, run in _runs(pieces):
        if piece is None and not _is_blank(run):
            yield Node("p", dict(attributes), run)
            broken, some = False, True
        elif piece is _BREAK:
            if broken:
                yield Node("p", dict(attributes))
            broken, some = True, some or broken
        elif piece is not None:
            yield piece
            broken, some = False, True
    if always and not some:
        yield Node("p", dict(attributes))


def _is_blank(run: "list[Node | str]") -> bool:
    return all(isinstance(each, str) and not each.strip() for each in run)


def _list(tag: str, node: Node) -> Iterator[Node]:
    items = []
    for each in node.inside:
        if isinstance(each, Node) and each.tag in _ITEMS:
            items.append(Node("li", {}, _inside(each)))
        elif (inside := [piece for piece in _flow([each]) if piece is not _BREAK]) and not _is_blank(inside):
            items.append(Node("li", {}, _lines(inside)))
    if items:
        yield Node(tag, {}, list(items))


def _inside(node: Node) -> "list[Node | str]":
    return _lines(_flow(node.inside))


def _lines(pieces: "list[Node | str]") -> "list[Node | str]":
    """What stands in a cell or an item: one line as it is, more as paragraphs."""
    if all(piece is None for piece, _ in _runs(pieces)):
        return [] if _is_blank(pieces) else pieces
    made = list(_paragraphs(pieces, {}))
    if len(made) == 1 and made[0].tag == "p" and not made[0].attributes:
        return made[0].inside
    return list(made)


def _table(node: Node) -> Iterator[Node]:
    yield from _paragraphs(_flow(_strays(node)), {})
    caption = next((each for each in _children(node, {"caption"})), None)
    columns = [Node("col", kept("col", each.attributes)) for each in _columns(node)]
    groups = {name: [row for each in _children(node, {name}) for row in _rows(each)] for name in _GROUPS}
    groups["tbody"] += _rows(node)
    heads = [Node(name, {}, list(groups[name])) for name in _GROUPS if groups[name]]
    title = [Node("caption", {}, _only_texts(_flow(caption.inside)))] if caption else []
    if groups["tbody"]:
        yield Node("table", kept("table", node.attributes), [*title, *columns, *heads])
        return
    loose = [row for name in ("thead", "tfoot") for row in groups[name]]
    if loose:
        yield Node("table", kept("table", node.attributes), [*title, *columns, Node("tbody", {}, list(loose))])
    elif title:
        yield from _paragraphs(title[0].inside, {})


def _strays(node: Node) -> "Iterator[Node | str]":
    """What stands in a table beside its parts: browsers show it before the table."""
    for each in node.inside:
        if isinstance(each, str) or each.tag not in {"caption", "col", "colgroup", "tr", *_GROUPS}:
            yield each
        elif each.tag in _GROUPS:
            yield from _strays(each)


def _children(node: Node, tags: set[str]) -> Iterator[Node]:
    return (each for each in node.inside if isinstance(each, Node) and each.tag in tags)


def _columns(node: Node) -> Iterator[Node]:
    yield from _children(node, {"col"})
    for group in _children(node, {"colgroup"}):
        yield from _children(group, {"col"})


def _rows(node: Node) -> list[Node]:
    """Rows with their cells; what stands beside cells becomes a cell, so that its words stay."""
    rows = []
    for row in _children(node, {"tr"}):
        cells = []
        for each in row.inside:
            if isinstance(each, Node) and each.tag in CELLS:
                cells.append(Node(each.tag, kept(each.tag, each.attributes), _inside(each)))
            elif (inside := _lines(_flow([each]))) and not _is_blank(inside):
                cells.append(Node("td", {}, inside))
        if cells:
            rows.append(Node("tr", {}, list(cells)))
    return rows


def _only_texts(pieces: "list[Node | str]") -> "list[Node | str]":
    out: list[Node | str] = []
    for piece, run in _runs(pieces):
        out += (
            run
            if piece is None
            else [" ", *_only_texts(piece.inside)]
            if piece.tag in {"p", "ul", "ol", "li"}
            else [" "]
        )
    return out


def _text(text: str) -> str:
    """Text as one line: new lines are blanks, signs nobody sees go; blanks that hold words together are plain ones."""
    lines = text.replace("\r", "\n").replace("\t", " ").replace("\u00a0", " ").split("\n")
    if len(lines) > 1:
        middle = [stripped for line in lines[1:-1] if (stripped := line.strip())]
        text = " ".join([lines[0].rstrip(" "), *middle, lines[-1].lstrip(" ")])
    else:
        text = lines[0]
    return "".join(each for each in text if unicodedata.category(each) not in {"Cc", "Cf", "Cs", "Co", "Cn"})

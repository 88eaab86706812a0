"""Marked-up text as a tree: string -> ``parse`` -> nodes -> ``serialise`` -> string.

Any string gives a tree: what begins no tag is text, what nobody closed is closed at the end. Reading takes time in
proportion to the length, however a text is twisted; the standard library's HTML reader does not promise that.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import escape, unescape

DEEPEST = 100
INLINE = frozenset({"a", "b", "i", "u", "sub", "sup"})
CELLS = frozenset({"td", "th"})
EMPTY = frozenset({"img", "br", "col", "hr", "input", "meta", "link", "wbr", "area", "base", "source", "embed"})
RAW = frozenset({"script", "style"})
# What a new element ends by itself, up to the element that bounds the search.
_ENDS = {
    "li": ({"li"}, {"ul", "ol"}),
    "td": ({"td", "th"}, {"tr", "table"}),
    "th": ({"td", "th"}, {"tr", "table"}),
    "tr": ({"tr", "caption", "colgroup"}, {"table"}),
    "tbody": ({"thead", "tbody", "tfoot", "caption", "colgroup"}, {"table"}),
    "thead": ({"thead", "tbody", "tfoot", "caption", "colgroup"}, {"table"}),
    "tfoot": ({"thead", "tbody", "tfoot", "caption", "colgroup"}, {"table"}),
}
_TAG = re.compile(r"<(/?)([A-Za-z][^\s/<>\"']*)((?:[^\"'<>]|\"[^\"]*\"|'[^']*')*)>")
_TORN = re.compile(r"<(/?)([A-Za-z][^\s/<>\"']*)([^<>]*)>")
_ATTRIBUTE = re.compile(r"([^\s=/<>\"']+)(?:\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'<>]+))?")


@dataclass(slots=True)
class Node:
    """An element: tag in small letters, attributes, texts and elements inside in order. The root has an empty tag."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    inside: "list[Node | str]" = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Tag:
    name: str
    attributes: dict[str, str]
    closes: bool
    alone: bool


def parse(text: str, *, pasted: bool = False) -> Node:
    """The tree of a text. pasted: written for browsers, where a paragraph ends when the next block begins."""
    root = Node("")
    open_nodes = [root]
    for token in _tokens(text):
        if isinstance(token, str):
            _add_text(open_nodes[-1], token)
        elif token.closes:
            _close(open_nodes, {token.name}, set())
        else:
            _open(open_nodes, token, pasted=pasted)
    return root


def _open(open_nodes: list[Node], tag: _Tag, *, pasted: bool) -> None:
    if tag.name in _ENDS:
        _close(open_nodes, *_ENDS[tag.name])
    if pasted and tag.name not in INLINE and tag.name not in {"span", "font", "br", "img", "strong", "em"}:
        _close(open_nodes, {"p"}, {"table", "td", "th", "li"})
    node = Node(tag.name, tag.attributes)
    if tag.alone or tag.name in EMPTY:
        open_nodes[-1].inside.append(node)
    elif len(open_nodes) <= DEEPEST:
        open_nodes[-1].inside.append(node)
        open_nodes.append(node)


def _close(open_nodes: list[Node], names: set[str], bounds: set[str]) -> None:
    for place in range(len(open_nodes) - 1, 0, -1):
        if open_nodes[place].tag in names:
            del open_nodes[place:]
            return
        if open_nodes[place].tag in bounds:
            return


def _add_text(node: Node, text: str) -> None:
    if node.inside and isinstance(node.inside[-1], str):
        node.inside[-1] += text
    elif text:
        node.inside.append(text)


def _tokens(text: str) -> Iterator[_Tag | str]:
    place, unclosed = 0, False
    endless: set[str] = set()
    while (start := text.find("<", place)) >= 0:
        if start > place:
            yield unescape(text[place:start])
        if text.startswith("<!--", start) and not unclosed:
            end = text.find("-->", start + 4)
            unclosed = end < 0
            place = end + 3 if end >= 0 else start
            if end >= 0:
                continue
        if text[start + 1 : start + 2] in {"!", "?"} and (end := text.find(">", start)) > 0:
            place = end + 1
            continue
        found = _TAG.match(text, start) or _TORN.match(text, start)
        if found is None:
            yield "<"
            place = start + 1
            continue
        tag = _tag(found)
        place = found.end()
        if tag.name in RAW - endless and not tag.closes and not tag.alone:
            place = _raw_end(text, tag.name, place, endless)
        yield tag
    if place < len(text):
        yield unescape(text[place:])


def _tag(found: re.Match[str]) -> _Tag:
    name, rest = found[2].lower(), found[3]
    attributes: dict[str, str] = {}
    for each, value in _ATTRIBUTE.findall(rest):
        bare = value[1:-1] if value[:1] in {'"', "'"} else value
        attributes.setdefault(each.lower(), unescape(bare))
    return _Tag(name, attributes, bool(found[1]), rest.endswith("/"))


def _raw_end(text: str, name: str, place: int, endless: set[str]) -> int:
    """Where the text of a script or style ends; what nobody ended ends at once, so that no words are swallowed."""
    found = re.compile(f"</{name}", re.IGNORECASE).search(text, place)
    if found is None:
        endless.add(name)
        return place
    return found.start()


def serialise(node: Node) -> str:
    """The canonical string of what stands inside a node."""
    out: list[str] = []
    _write(node.inside, out)
    return "".join(out)


def opening(node: Node) -> str:
    """The opening tag of a node, whole."""
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in node.attributes.items())
    return f"<{node.tag}{attributes}{'/' if node.tag in EMPTY else ''}>"


def _write(nodes: "Iterable[Node | str]", out: list[str]) -> None:
    for node in nodes:
        if isinstance(node, str):
            out.append(escape(node, quote=False))
            continue
        out.append(opening(node))
        if node.tag not in EMPTY:
            _write(node.inside, out)
            out.append(f"</{node.tag}>")


def text_of(node: Node) -> str:
    """All words inside a node, without marks."""
    return "".join(each if isinstance(each, str) else text_of(each) for each in node.inside)

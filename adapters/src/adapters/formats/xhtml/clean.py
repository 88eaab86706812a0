"""Any HTML to the XHTML subset of the exchange standard: string in, string and findings out.

A tree is rebuilt element by element by the content models, so that the result is valid whatever came in. Text that
people read is never lost silently: unknown markup is unwrapped, and what is dropped is named in a finding.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Final

import lxml.html
from lxml import etree

from adapters.formats.dtd import validate_element
from adapters.formats.entities import replace_named
from adapters.formats.findings import Finding, FormatError, loss, repair
from adapters.formats.xhtml.attributes import Attributes
from adapters.formats.xhtml.node import Node, serialise
from adapters.formats.xhtml.subset import DROPPED, FLOW, INLINE, INSIDE_A, RENAMED
from adapters.formats.xhtml.tables import rebuild_table
from adapters.formats.xmlsafe import parse_text
from adapters.formats.xmltext import without_controls

MAX_DEPTH: Final = 100
_TAG: Final = re.compile(r"<[^<>]*>")
# A "<" that begins no tag is a sign people wrote ("a < b & c"); the parser would swallow the words behind it.
_SIGN: Final = re.compile(
    r"""<(?!/?[A-Za-z][\w:-]*(?:\s+[^\W\d][\w:.-]*(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>=]+))?)*\s*/?>|!--|!\[CDATA\[|!DOCTYPE|\?)""",
    re.IGNORECASE,
)


def sanitise(html: str) -> tuple[str, list[Finding]]:
    """Turn HTML into the subset.

    Args:
        html: a fragment, well-formed or not; a whole HTML page is accepted and its body taken.

    Returns:
        A canonical string of the subset (a second pass changes nothing) and what was changed: `xhtml-unclosed`,
        `xhtml-renamed`, `xhtml-unwrapped`, `xhtml-moved` (repair), `xhtml-dropped`, `xhtml-attribute` (loss).

    """
    root, findings = _parse(html)
    cleaner = Cleaner()
    nodes = cleaner.flow(root, FLOW, 0)
    return serialise(nodes), [*findings, *cleaner.findings()]


def validate(subset: str) -> list[Finding]:
    """Hold a string against the subset's declarations. Returns nothing when it is valid."""
    try:
        root = parse_text(f"<content>{subset}</content>")
    except FormatError as error:
        return list(error.findings)
    return validate_element("pubdoc", root)


def inner(element: etree._Element) -> str:
    """Give what stands inside a parsed element, in canonical form, without judging it."""
    return serialise(_as_is(element))


def _as_is(element: etree._Element) -> list[Node | str]:
    out: list[Node | str] = [element.text] if element.text else []
    for child in element:
        if isinstance(child.tag, str):
            out.append(Node(child.tag, dict(child.attrib), _as_is(child)))
        if child.tail:
            out.append(child.tail)
    return out


def _parse(html: str) -> tuple[etree._Element, list[Finding]]:
    text, findings = replace_named(without_controls(html))
    try:
        return parse_text(f"<content>{text}</content>"), findings
    except FormatError as error:
        reason = error.findings[0].params.get("reason", "")
    parser = lxml.html.HTMLParser(
        no_network=True, remove_comments=True, remove_pis=True, huge_tree=False, encoding="utf-8"
    )
    text = _SIGN.sub("&lt;", text)
    page = lxml.html.document_fromstring(f"<body>{text}</body>".encode(), parser=parser)
    if any("depth" in entry.message.lower() for entry in parser.error_log):
        # The parser gives up there and would lose the text that follows.
        return _text_only(text), [
            repair("xhtml-unclosed", reason=reason),
            repair("xhtml-unwrapped", what="depth", count="1"),
        ]
    body = page.find("body")
    return (page if body is None else body), [repair("xhtml-unclosed", reason=reason)]


def _text_only(text: str) -> etree._Element:
    holder = etree.Element("content")
    holder.text = unescape(_TAG.sub("", text))
    return holder


class Cleaner:
    """Rebuilds one fragment and counts what it changed."""

    def __init__(self) -> None:
        self._changes: Counter[tuple[str, str]] = Counter()
        self._attributes = Attributes(self.note)

    def note(self, code: str, what: str) -> None:
        """Count a change."""
        self._changes[code, what] += 1

    def findings(self) -> list[Finding]:
        """One finding per kind of change, with how often it happened."""
        losing = {"xhtml-dropped", "xhtml-attribute"}
        return [
            (loss if code in losing else repair)(code, what=what, count=str(count))
            for (code, what), count in self._changes.items()
        ]

    def flow(self, element: etree._Element, allowed: frozenset[str], depth: int) -> list[Node | str]:
        """Rebuild what stands in an element, where only `allowed` elements may stand."""
        out: list[Node | str] = []
        for item in self._pieces(element, depth):
            if isinstance(item, str):
                out.append(item)
            else:
                out += self._element(item, allowed, depth)
        return self._without_breaks(out, allowed)

    def _pieces(self, element: etree._Element, depth: int) -> Iterator[etree._Element | str]:
        if depth > MAX_DEPTH:
            self.note("xhtml-unwrapped", "depth")
            yield "".join(element.itertext())
            return
        if element.text:
            yield element.text
        for child in element:
            if isinstance(child.tag, str):
                yield child
            if child.tail:
                yield child.tail

    def _element(self, element: etree._Element, allowed: frozenset[str], depth: int) -> list[Node | str]:
        raw = etree.QName(element).localname.lower() if "}" in str(element.tag) else str(element.tag).lower()
        if raw in DROPPED:
            self.note("xhtml-dropped", raw)
            return []
        if raw == "br":
            self.note("xhtml-renamed", "br")
            return [Node("br", {}, []), *self.flow(element, allowed, depth + 1)]
        tag = RENAMED.get(raw, raw)
        if tag != raw:
            self.note("xhtml-renamed", raw)
        if tag == "table" and "table" in allowed:
            return rebuild_table(self, element, depth + 1)
        if tag not in allowed or tag == "table":
            self.note("xhtml-unwrapped", raw)
            return self.flow(element, allowed, depth + 1)
        return self._build(tag, element, depth + 1)

    def _build(self, tag: str, element: etree._Element, depth: int) -> list[Node | str]:
        attributes = self._attributes.keep(tag, element)
        if tag == "img":
            image: list[Node | str] = [Node(tag, attributes, [])] if "src" in attributes else []
            return image + self.flow(element, INLINE, depth)
        if tag in {"ul", "ol"}:
            items = self._items(element, depth)
            return [Node(tag, attributes, list(items))] if items else []
        if tag == "p":
            return _paragraph(attributes, self.flow(element, FLOW, depth))
        return self._inline(tag, attributes, element, depth)

    def _inline(self, tag: str, attributes: dict[str, str], element: etree._Element, depth: int) -> list[Node | str]:
        """Build inline markup; where paragraphs stand inside it, they come out and it stays around their neighbours."""
        inside = self.flow(element, FLOW if tag != "a" else FLOW - {"a"}, depth)
        permitted = INSIDE_A if tag == "a" else INLINE
        out: list[Node | str] = []
        for block, run in _runs(inside, permitted):
            if block:
                out += [self._wrap(node, tag, attributes, permitted) for node in run]
            else:
                out.append(Node(tag, attributes, run))
            attributes = _without_id(attributes)
        return out or [Node(tag, attributes, [])]

    def _items(self, element: etree._Element, depth: int) -> list[Node]:
        items: list[Node] = []
        for piece in self._pieces(element, depth):
            if isinstance(piece, str):
                if piece.strip():
                    self.note("xhtml-moved", "text")
                    items.append(Node("li", {}, [piece]))
                continue
            tag = RENAMED.get(str(piece.tag).lower(), str(piece.tag).lower())
            if tag == "li":
                items.append(Node("li", self._attributes.keep("li", piece), self.flow(piece, FLOW, depth + 1)))
            elif inside := self._element(piece, FLOW, depth + 1):
                self.note("xhtml-moved", tag)
                items.append(Node("li", {}, self._without_breaks(inside, FLOW)))
        return items

    def keep(self, tag: str, element: etree._Element) -> dict[str, str]:
        """Give the attributes of the element that may stand on `tag`."""
        return self._attributes.keep(tag, element)

    def _wrap(self, node: Node | str, tag: str, attributes: dict[str, str], permitted: frozenset[str]) -> Node | str:
        """Put inline markup inside a paragraph it stood around; around lists and tables it is given up."""
        if isinstance(node, Node) and node.tag == "p":
            inside = node.inside
            if inside and all(isinstance(each, str) or each.tag in permitted for each in inside):
                return Node("p", node.attributes, [Node(tag, _without_id(attributes), inside)])
        self.note("xhtml-moved", tag)
        return node

    def _without_breaks(self, nodes: list[Node | str], allowed: frozenset[str]) -> list[Node | str]:
        """Put the lines between line breaks into paragraphs where those may stand, else a blank for the break."""
        if not any(isinstance(node, Node) and node.tag == "br" for node in nodes):
            return nodes
        if "p" not in allowed:
            return [" " if isinstance(node, Node) and node.tag == "br" else node for node in nodes]
        out: list[Node | str] = []
        line: list[Node | str] = []
        for node in nodes:
            if isinstance(node, Node) and node.tag == "br":
                out.append(Node("p", {}, line))
                line = []
            elif isinstance(node, Node) and node.tag not in INLINE:
                out += [*_line(line), node]
                line = []
            else:
                line.append(node)
        return out + _line(line)


def _line(nodes: list[Node | str]) -> list[Node | str]:
    """Make a paragraph of what stands after the last break; blanks alone make none."""
    if all(isinstance(node, str) and not node.strip() for node in nodes):
        return nodes
    return [Node("p", {}, nodes)]


def _without_id(attributes: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in attributes.items() if name != "id"}


def _paragraph(attributes: dict[str, str], inside: list[Node | str]) -> list[Node | str]:
    """Make a paragraph; one that holds nothing but plain paragraphs hands its attributes to them."""
    plain = [node for node in inside if isinstance(node, Node) and node.tag == "p" and not node.attributes]
    if not plain or len(plain) != len(inside):
        return [Node("p", attributes, inside)]
    first, *rest = plain
    return [Node("p", attributes, first.inside), *(Node("p", _without_id(attributes), node.inside) for node in rest)]


def _runs(nodes: Iterable[Node | str], permitted: frozenset[str]) -> Iterator[tuple[bool, list[Node | str]]]:
    """Group neighbours into runs that may stand inside inline markup (False) and runs that may not (True)."""
    run: list[Node | str] = []
    kind: bool | None = None
    for node in nodes:
        block = isinstance(node, Node) and node.tag not in permitted
        if kind is not None and block != kind:
            yield kind, run
            run = []
        kind = block
        run.append(node)
    if kind is not None:
        yield kind, run

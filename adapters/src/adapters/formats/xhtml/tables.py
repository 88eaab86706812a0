"""Tables of strangers' HTML put into the order the subset demands: caption, columns, head, foot, rows. Used by `clean`."""

import copy
from collections.abc import Iterator
from typing import TYPE_CHECKING

from lxml import etree

from adapters.formats.xhtml.node import Node
from adapters.formats.xhtml.subset import FLOW, INLINE

if TYPE_CHECKING:
    from adapters.formats.xhtml.clean import Cleaner


def rebuild_table(cleaner: "Cleaner", element: etree._Element, depth: int) -> list[Node | str]:
    """Build a valid table; what cannot stand in one comes before it. A table without cells leaves that and its caption's words."""
    parts = _Parts(cleaner, depth)
    parts.collect(element)
    before = parts.stray
    bodies = _bodies(parts)
    if not bodies:
        cleaner.note("xhtml-unwrapped", "table")
        return [*(parts.caption.inside if parts.caption else ()), *before]
    inside: list[Node | str] = []
    if parts.caption is not None:
        inside.append(parts.caption)
    inside += parts.groups if parts.groups and not parts.columns else [*_spread(parts.groups), *parts.columns]
    inside += [*_section("thead", parts.head), *_section("tfoot", parts.foot), *bodies]
    return [*before, Node("table", cleaner.keep("table", element), inside)]


class _Parts:
    """What was found in a table, by kind."""

    def __init__(self, cleaner: "Cleaner", depth: int) -> None:
        self.cleaner = cleaner
        self.depth = depth
        self.stray: list[Node | str] = []
        self.caption: Node | None = None
        self.groups: list[Node] = []
        self.columns: list[Node] = []
        self.head: tuple[dict[str, str], list[Node]] | None = None
        self.foot: tuple[dict[str, str], list[Node]] | None = None
        self.bodies: list[Node] = []
        self.rows: list[Node] = []

    def collect(self, element: etree._Element) -> None:
        self._text(element.text)
        for child in element:
            if isinstance(child.tag, str):
                self._child(child, child.tag.lower())
            self._text(child.tail)

    def _child(self, child: etree._Element, tag: str) -> None:
        clean = self.cleaner
        if tag == "caption" and self.caption is None:
            self.caption = Node("caption", clean.keep("caption", child), clean.flow(child, INLINE, self.depth))
        elif tag == "colgroup":
            columns = [each for each in child if isinstance(each.tag, str) and each.tag.lower() == "col"]
            inside: list[Node | str] = [self._column(each) for each in columns]
            self.groups.append(Node("colgroup", clean.keep("colgroup", child), inside))
            self._text(child.text)
            for each in child:
                if isinstance(each.tag, str) and each not in columns:
                    self._child(each, each.tag.lower())
                self._text(each.tail)
        elif tag == "col":
            self.columns.append(self._column(child))
        elif tag in {"thead", "tfoot", "tbody"}:
            self._rows_of(child, tag)
        elif tag == "tr":
            self.rows += self._row(child)
        elif tag in {"td", "th"}:
            clean.note("xhtml-moved", tag)
            self.rows.append(Node("tr", {}, [self._cell(child)]))
        else:
            clean.note("xhtml-moved", tag)
            self.stray += clean.flow(_alone(child), FLOW, self.depth)

    def _column(self, element: etree._Element) -> Node:
        """Make a column; what a sender wrongly put inside comes before the table."""
        self.stray += self.cleaner.flow(element, FLOW, self.depth + 1)
        return Node("col", self.cleaner.keep("col", element), [])

    def _rows_of(self, child: etree._Element, tag: str) -> None:
        self._text(child.text)
        rows: list[Node] = []
        for row in child:
            if isinstance(row.tag, str) and row.tag.lower() == "tr":
                rows += self._row(row)
            elif isinstance(row.tag, str):
                self._child(row, row.tag.lower())
            self._text(row.tail)
        attributes = self.cleaner.keep(tag, child)
        if tag == "tbody":
            if rows:
                self.bodies.append(Node("tbody", attributes, list(rows)))
        elif tag == "thead" and self.head is None:
            self.head = (attributes, rows)
        elif tag == "tfoot" and self.foot is None:
            self.foot = (attributes, rows)
        else:
            self.cleaner.note("xhtml-moved", tag)
            self.rows += rows

    def _row(self, element: etree._Element) -> list[Node]:
        cells: list[Node | str] = []
        self._text(element.text)
        for cell in element:
            if isinstance(cell.tag, str) and cell.tag.lower() in {"td", "th"}:
                cells.append(self._cell(cell))
            elif isinstance(cell.tag, str):
                inside = self.cleaner.flow(_alone(cell), FLOW, self.depth)
                self.cleaner.note("xhtml-moved", cell.tag.lower())
                if inside:
                    cells.append(Node("td", {}, inside))
            self._text(cell.tail)
        if not cells:
            self.cleaner.note("xhtml-dropped", "tr")
            return []
        return [Node("tr", self.cleaner.keep("tr", element), cells)]

    def _cell(self, cell: etree._Element) -> Node:
        tag = cell.tag.lower()
        return Node(tag, self.cleaner.keep(tag, cell), self.cleaner.flow(cell, FLOW, self.depth + 1))

    def _text(self, text: str | None) -> None:
        if text and text.strip():
            self.cleaner.note("xhtml-moved", "text")
            self.stray.append(text)


def _alone(child: etree._Element) -> etree._Element:
    """Put a copy of the element into a holder, so that it is cleaned as part of a flow."""
    holder = etree.Element("holder")
    # Not through text: a repaired attribute may have a name that could not be written as XML.
    alone = copy.deepcopy(child)
    alone.tail = None
    holder.append(alone)
    return holder


def _bodies(parts: _Parts) -> list[Node | str]:
    """Give bodies or bare rows, never both: bare rows beside bodies get a body of their own."""
    if parts.bodies and parts.rows:
        return [*parts.bodies, Node("tbody", {}, list(parts.rows))]
    if parts.bodies or parts.rows:
        return [*parts.bodies, *parts.rows]
    for section in (parts.head, parts.foot):
        if section is not None and section[1]:
            rows: list[Node | str] = list(section[1])
            section[1].clear()
            return rows
    return []


def _section(tag: str, section: tuple[dict[str, str], list[Node]] | None) -> Iterator[Node]:
    if section is not None and section[1]:
        yield Node(tag, section[0], list(section[1]))


def _spread(groups: list[Node]) -> Iterator[Node]:
    """Give the columns of groups, for a table that has bare columns too."""
    for group in groups:
        yield from (node for node in group.inside if isinstance(node, Node))

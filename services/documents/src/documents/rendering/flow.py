"""A body as blocks that any writer can set: XHTML subset -> ``blocks_of`` -> plain dicts of paragraphs, lists, tables.

A block is {"k": "p", "runs", "align", "indent", "hang"}, {"k": "list", "ordered", "items"} or {"k": "table", "columns",
"head", "rows", "caption"}; a run is {"t": text, "m": marks} or {"img": name}. Nothing is deeper than a page can show.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from documents.domain.layout.ending import ATTACHED
from documents.domain.layout.items import label_of
from documents.domain.markup import CELLS, INLINE, Node, parse, text_of

Block = dict[str, Any]
_DEEPEST = 4
_MOST_COLUMNS, _MOST_SPAN = 60, 60
_INDENT_BLANKS = " \u00a0\u3000\t\r\n"


class Flow:
    """Makes blocks of one body. pictures: those there are; others show their alternative text."""

    def __init__(self, pictures: Mapping[str, bytes]) -> None:
        self._pictures = pictures
        self._listing = ""

    def blocks(self, node: Node, depth: int = 0, align: str = "") -> list[Block]:
        """Blocks of what stands inside an element."""
        out: list[Block] = []
        runs: list[dict[str, Any]] = []
        for each in node.inside:
            if isinstance(each, str) or each.tag in INLINE or each.tag == "img":
                runs += self._runs(each, "")
                continue
            out += self._paragraph(runs, align, depth)
            runs = []
            out += self._block(each, depth, align)
        return out + self._paragraph(runs, align, depth)

    def _block(self, node: Node, depth: int, align: str) -> list[Block]:
        if depth >= _DEEPEST and node.tag in {"ul", "ol", "table"}:
            text = " ".join(text_of(node).split())
            return self._paragraph([{"t": text, "m": ""}], align, depth)
        if node.tag in {"ul", "ol"}:
            items = [self.blocks(each, depth + 1) for each in _elements(node, {"li"})]
            return [{"k": "list", "ordered": node.tag == "ol", "items": items}] if items else []
        if node.tag == "table":
            return self._table(node, depth)
        if node.tag in {"col", "colgroup", "br"}:
            return []
        own = node.attributes.get("align", "") or align
        inside = self.blocks(node, depth, own)
        if not inside and node.tag == "p":
            return [{"k": "p", "runs": [], "align": "", "indent": "", "hang": ""}]
        return inside

    def _runs(self, piece: Node | str, marks: str) -> Iterator[dict[str, Any]]:
        if isinstance(piece, str):
            text = piece.replace("\r", "").replace("\n", " ").replace("\t", " ")
            if text:
                yield {"t": text, "m": marks}
        elif piece.tag == "img":
            name = piece.attributes.get("src", "")
            yield (
                {"img": name}
                if name in self._pictures
                else {"t": f"[{piece.attributes.get('alt') or name}]", "m": marks}
            )
        else:
            sign = {"sub": "d", "sup": "p", "a": ""}.get(piece.tag, piece.tag if piece.tag in {"b", "i", "u"} else "")
            for each in piece.inside:
                yield from self._runs(each, marks + (sign if sign not in marks else ""))

    def _paragraph(self, runs: list[dict[str, Any]], align: str, depth: int) -> list[Block]:
        if not any("img" in run or run["t"].strip() for run in runs):
            return []
        text = "".join(run.get("t", "\ufffc") for run in runs)
        if depth or align in {"center", "right"}:
            return [{"k": "p", "runs": _stripped(runs), "align": align, "indent": "", "hang": ""}]
        attached = ATTACHED.match(text)
        label = label_of(text, attached.end() if attached else 0)
        if attached:
            rest = len(text[attached.end() :]) - len(text[attached.end() :].lstrip(_INDENT_BLANKS))
            self._listing = text[: attached.end() + rest].lstrip(_INDENT_BLANKS)
            hang = self._listing + (_label_text(text, label.start, label.end) if label else "")
            return [{"k": "p", "runs": _stripped(runs), "align": align, "indent": "", "hang": hang}]
        if label is None:
            kept = _kept_indent(text)
            return [{"k": "p", "runs": _stripped(runs), "align": align, "indent": kept, "hang": ""}]
        indent = self._listing or "\u3000" * (label.level - 1)
        return [
            {
                "k": "p",
                "runs": _stripped(runs),
                "align": align,
                "indent": indent,
                "hang": _label_text(text, label.start, label.end),
            }
        ]

    def _table(self, node: Node, depth: int) -> list[Block]:
        head = [row for group in _elements(node, {"thead"}) for row in _elements(group, {"tr"})]
        rows = [row for row in _rows(node) if row not in head]
        made = [[self._cell(cell, depth) for cell in _elements(row, set(CELLS))] for row in [*head, *rows]]
        columns = _columns(made)
        if not columns:
            return []
        caption = " ".join(" ".join(text_of(each).split()) for each in _elements(node, {"caption"}))
        return [{"k": "table", "columns": columns, "head": len(head), "rows": made, "caption": caption}]

    def _cell(self, cell: Node, depth: int) -> dict[str, Any]:
        return {
            "across": _span(cell, "colspan"),
            "down": _span(cell, "rowspan"),
            "align": cell.attributes.get("align", "center" if cell.tag == "th" else ""),
            "valign": cell.attributes.get("valign", ""),
            "head": cell.tag == "th",
            "blocks": self.blocks(cell, depth + 1),
        }


def blocks_of(body: str, pictures: Mapping[str, bytes]) -> list[Block]:
    """Blocks of a body."""
    return Flow(pictures).blocks(parse(body))


def _elements(node: Node, tags: set[str]) -> list[Node]:
    return [each for each in node.inside if isinstance(each, Node) and each.tag in tags]


def _rows(node: Node) -> list[Node]:
    """Rows as they are read: the foot stands last."""
    rows = [row for each in node.inside if isinstance(each, Node) for row in _group(each)]
    return rows + [row for group in _elements(node, {"tfoot"}) for row in _elements(group, {"tr"})]


def _group(node: Node) -> list[Node]:
    if node.tag == "tr":
        return [node]
    return _elements(node, {"tr"}) if node.tag in {"tbody", "thead"} else []


def _span(cell: Node, name: str) -> int:
    value = cell.attributes.get(name, "1")
    return min(max(int(value), 1), _MOST_SPAN) if value.isascii() and value.isdigit() else 1


def _columns(rows: list[list[dict[str, Any]]]) -> int:
    """Number of columns; spans that reach beyond the last row or over each other are cut so that every cell has room."""
    taken: set[tuple[int, int]] = set()
    columns = 0
    for number, row in enumerate(rows):
        place = 0
        for cell in row:
            while (number, place) in taken:
                place += 1
            cell["down"] = min(cell["down"], len(rows) - number)
            cell["across"] = min(cell["across"], max(_MOST_COLUMNS - place, 1))
            while cell["across"] > 1 and any((number, place + step) in taken for step in range(cell["across"])):
                cell["across"] -= 1
            cell["x"], cell["y"] = place, number
            taken |= {(number + down, place + step) for down in range(cell["down"]) for step in range(cell["across"])}
            place += cell["across"]
            columns = max(columns, place)
    return columns


def _stripped(runs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without the blanks a paragraph begins and ends with: its place is set, not typed."""
    out = [dict(run) for run in runs]
    for order, strip in ((range(len(out)), str.lstrip), (range(len(out) - 1, -1, -1), str.rstrip)):
        for place in order:
            if "img" in out[place]:
                break
            out[place]["t"] = strip(out[place]["t"], _INDENT_BLANKS)
            if out[place]["t"]:
                break
    return [run for run in out if "img" in run or run["t"]]


def _kept_indent(text: str) -> str:
    """Blanks people typed before a line of running text, at most a third of the line."""
    return text[: len(text) - len(text.lstrip(" \u00a0\u3000"))].replace("\u00a0", " ")[:24]


def _label_text(text: str, start: int, end: int) -> str:
    rest = text[end:]
    return text[start:end] + (rest[: len(rest) - len(rest.lstrip(" \u00a0"))].replace("\u00a0", " ")[:4] or "")

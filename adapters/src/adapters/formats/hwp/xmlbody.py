"""Paragraphs in XML, of HWPX (OWPML, KS X 6101) and of HWPML, which name the same things differently, to blocks.

Names are compared in lower case, `_NAMES` says which stand for one: text runs, characters, tables, rows, cells, lists.
"""

import re
from collections.abc import Callable, Iterable
from typing import Final, TypeAlias

from lxml import etree

from adapters.formats.hwp import autonumber
from adapters.formats.hwp.build import ListBuilder
from adapters.formats.hwp.model import Block, Cell, NoteRole, Paragraph, Table
from adapters.formats.hwp.numbering import Headings
from adapters.formats.hwp.reading import Reading

_NAMES: Final = {
    "text": "run", "char": "t", "table": "tbl", "row": "tr", "cell": "tc", "paralist": "sublist", "secdef": "secpr",
    "checkbutton": "checkbtn", "radiobutton": "radiobtn", "button": "btn",
}  # fmt: skip
_NOTES: Final[dict[str, NoteRole]] = {
    "header": "header", "footer": "footer", "footnote": "footnote", "endnote": "endnote", "hiddencomment": "comment",
    "fieldbegin": "comment", "masterpage": "master",
}  # fmt: skip
_SIGNS: Final = {"tab": "\t", "linebreak": "\n", "nbspace": "\u00a0", "fwspace": " ", "hyphen": "-", "hypen": "-"}
_SILENT: Final = frozenset({
    "linesegarray", "linesegs", "coldef", "colpr", "fieldend", "bookmark", "shapecomment", "pagenum", "newnum",
    "pagehiding", "pagenumctrl", "pageoddeven", "indexmark",
})  # fmt: skip
_FORMS: Final = frozenset({"checkbtn", "radiobtn", "btn", "combobox", "listbox", "edit", "scrollbar"})
_WORDS: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")

Element: TypeAlias = etree._Element  # noqa: SLF001 - lxml has no other name for the type
MasterPages: TypeAlias = Callable[[str], Element | None]


def name_of(element: Element, known: dict[object, str] = {}) -> str:  # noqa: B006 - a cache of a few hundred names
    """Give an element's name as this module compares it."""
    tag = element.tag
    name = known.get(tag)
    if name is None:
        local = str(tag).rpartition("}")[2].lower()
        name = _NAMES.get(local, local)
        if len(known) < 2000:
            known[tag] = name
    return name


def attribute(element: Element, *names: str) -> str:
    """Give the first of these attributes that is there; empty when none is."""
    return next((value for name in names if (value := element.get(name)) is not None), "")


def digits_of(name: str) -> str:
    """Give the name of a kind of digits as OWPML writes it: HWPML joins the words (`HangulSyllable`)."""
    return name if name.isupper() else _WORDS.sub("_", name).upper()


class XmlBody:
    """Reads the sections of one document; the headings count through all of them."""

    def __init__(self, reading: Reading, headings: Headings, master: MasterPages | None = None) -> None:
        self._reading = reading
        self._headings = headings
        self._master = master

    def section(self, element: Element) -> tuple[Block, ...]:
        """Make the blocks of a section element."""
        return tuple(self._paragraphs(element))

    def _paragraphs(self, parents: Element | Iterable[Element]) -> list[Block]:
        builder = ListBuilder()
        for child in parents:
            if name_of(child) == "p":
                self._paragraph(child, builder)
            else:
                builder.blocks += self._paragraphs(child)
        return builder.blocks

    def _paragraph(self, element: Element, builder: ListBuilder) -> None:
        shape = attribute(element, "paraPrIDRef", "ParaShape")
        numbered = shape.isdecimal() and int(shape) in self._headings.shapes
        builder.begin(self._headings.label(int(shape)) if numbered and self._bears_text(element) else "")
        for child in element:
            if name_of(child) == "run":
                self._run(child, builder)
            elif name_of(child) not in _SILENT:
                self._one(child, builder)
        builder.end()

    def _bears_text(self, element: Element) -> bool:
        """Tell whether HWP 5 would keep text for the paragraph: only such a one counts."""
        return any(len(run) for run in element if name_of(run) == "run")

    def _run(self, element: Element, builder: ListBuilder) -> None:
        for child in element:
            if name_of(child) == "t":
                self._characters(child, builder)
            else:
                self._one(child, builder)

    def _characters(self, element: Element, builder: ListBuilder) -> None:
        if element.text:
            builder.text(element.text)
        for child in element:
            if sign := _SIGNS.get(name_of(child)):
                builder.text(sign)
            elif len(child):
                self._one(child, builder)
            elif child.text:
                builder.text(child.text)
            if child.tail:
                builder.text(child.tail)

    def _one(self, element: Element, builder: ListBuilder) -> None:
        """Read whatever stands beside characters."""
        name = name_of(element)
        if name in _SILENT:
            return
        if name == "ctrl":
            for child in element:
                self._one(child, builder)
        elif name == "tbl":
            self._table(element, builder)
        elif name in _NOTES:
            builder.note(_NOTES[name], self._paragraphs(each for each in element if name_of(each) == "sublist"))
        elif name == "autonum":
            builder.added(_number(element))
        elif name == "compose":
            builder.added(_composed(element))
        elif name == "dutmal":
            builder.added(_ruby(element))
        elif name == "secpr":
            self._definition(element, builder)
        else:
            self._reading.objects += 1
            self._object(element, builder)

    def _definition(self, element: Element, builder: ListBuilder) -> None:
        outline = attribute(element, "outlineShapeIDRef", "OutlineShape")
        if outline.isdecimal():
            self._headings.outline = int(outline)
        for child in element:
            if name_of(child) != "masterpage":
                continue
            page = self._master(attribute(child, "idRef")) if self._master and child.get("idRef") else child
            if page is not None:
                builder.note("master", self._paragraphs(page))

    def _table(self, element: Element, builder: ListBuilder) -> None:
        rows: list[tuple[Cell, ...]] = []
        for child in element:
            name = name_of(child)
            if name == "tr":
                row = tuple(self._cell(each, len(rows), at) for at, each in enumerate(child) if name_of(each) == "tc")
                if row:
                    rows.append(row)
            elif name in {"caption", "shapeobject"}:
                self._object(element if name == "caption" else child, builder, only="caption")
        if rows:
            builder.put(Table(tuple(rows)))

    def _cell(self, element: Element, row: int, column: int) -> Cell:
        places = {name_of(child): child for child in element}
        address = places.get("celladdr", element)
        spans = places.get("cellspan", element)
        return Cell(
            tuple(self._paragraphs(each for each in element if name_of(each) in {"sublist", "p"})),
            _count(attribute(address, "rowAddr", "RowAddr"), row),
            _count(attribute(address, "colAddr", "ColAddr"), column),
            max(1, _count(attribute(spans, "rowSpan", "RowSpan"), 1)),
            max(1, _count(attribute(spans, "colSpan", "ColSpan"), 1)),
        )

    def _object(self, element: Element, builder: ListBuilder, only: str = "") -> None:
        """Read an object: what it says, then its caption."""
        captions: list[Element] = []
        self._parts(element, builder, captions, only)
        for caption in captions:
            builder.box("caption", self._paragraphs(caption))

    def _parts(self, element: Element, builder: ListBuilder, captions: list[Element], only: str) -> None:
        name = name_of(element)
        if name in _FORMS:
            builder.added(" ".join(_form(element)))
        elif name == "textart" and (drawn := attribute(element, "text", "Text")):
            builder.box("drawn-text", [Paragraph(drawn)])
        for child in element:
            each = name_of(child)
            if each == "caption":
                captions.append(child)
            elif only:
                continue
            elif each == "drawtext":
                builder.box("text-box", self._paragraphs(child))
            elif each == "script":
                builder.equation([Paragraph("".join(child.itertext()))])
            elif each in {"sublist", "p"}:
                builder.box("text-box", self._paragraphs((child,)))
            elif len(child) or each in _FORMS or each == "textart":
                self._parts(child, builder, captions, only)


def _count(value: str, otherwise: int) -> int:
    return int(value) if value.isdecimal() and len(value) < 7 else otherwise


def _number(element: Element) -> str:
    form = next((child for child in element if name_of(child) == "autonumformat"), element)
    return autonumber.of_element(
        attribute(element, "numType", "NumberType"),
        attribute(element, "num", "Number"),
        digits_of(attribute(form, "type", "Type") or "DIGIT"),
        attribute(form, "prefixChar", "PrefixChar"),
        attribute(form, "suffixChar", "SuffixChar"),
    )


def _composed(element: Element) -> str:
    if text := attribute(element, "composeText"):
        return text.lstrip("\u3000")
    return "".join(text for child in element if name_of(child) == "composetext" for text in child.itertext())


def _ruby(element: Element) -> str:
    parts = {name_of(child): "".join(child.itertext()) for child in element}
    text, gloss = parts.get("maintext", ""), parts.get("subtext", "")
    return f"{text}({gloss})" if gloss else text


def _form(element: Element) -> list[str]:
    """Give the words of a form object: its caption and typed text (as the HWP 5 reader does), not what might be chosen."""
    words = [attribute(element, "caption", "Caption"), attribute(element, "selectedValue")]
    if name_of(element) == "combobox" and not words[1]:
        items = (child for child in element if name_of(child) == "listitem")
        words += [attribute(child, "displayText") or attribute(child, "value") for child in items][:1]
    words += ["".join(child.itertext()) for child in element.iter() if name_of(child) == "run" and child is not element]
    return [word for word in words if word.strip()]

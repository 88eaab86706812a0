"""Headings of XML documents: `header.xml` of HWPX and HEAD of HWPML to numberings, bullets and the shapes that use them."""

from typing import Final

from adapters.formats.hwp.numbering import LONGEST, Heading, Headings, Level
from adapters.formats.hwp.xmlbody import Element, attribute, digits_of, name_of

_KINDS: Final = {"OUTLINE": "outline", "NUMBER": "number", "BULLET": "bullet"}
_MOST_LEVELS: Final = 10
_WANTED: Final = tuple("{*}" + name for name in ("paraPr", "PARASHAPE", "numbering", "NUMBERING", "bullet", "BULLET"))


def headings_of(head: Element) -> Headings:
    """Collect the definitions below an element."""
    shapes: dict[int, Heading] = {}
    numberings: dict[int, list[Level]] = {}
    bullets: dict[int, str] = {}
    for element in head.iter(*_WANTED):
        name = name_of(element)
        if name in {"parapr", "parashape"}:
            identity = attribute(element, "id", "Id")
            if identity.isdecimal() and (heading := _heading(element)):
                shapes[int(identity)] = heading
        elif name == "numbering":
            identity = attribute(element, "id", "Id")
            if identity.isdecimal():
                numberings[int(identity)] = [_level(child) for child in element if name_of(child) == "parahead"][
                    :_MOST_LEVELS
                ]
        elif name == "bullet":
            identity = attribute(element, "id", "Id")
            if identity.isdecimal():
                bullets[int(identity)] = attribute(element, "char", "Char").strip("\0")[:LONGEST]
    return Headings(shapes, numberings, bullets)


def _heading(element: Element) -> Heading | None:
    """Read a heading element (HWPX) or the attributes of the shape itself (HWPML)."""
    of = next((child for child in element if name_of(child) == "heading"), element)
    kind = _KINDS.get(attribute(of, "type", "HeadingType").upper())
    number = attribute(of, "idRef", "Heading")
    level = attribute(of, "level", "Level")
    if kind is None:
        return None
    return Heading(kind, int(number) if number.isdecimal() else 0, int(level) if level.isdecimal() else 0)


def _level(element: Element) -> Level:
    start = attribute(element, "start", "Start")
    return Level(
        "".join(element.itertext())[:LONGEST],
        digits_of(attribute(element, "numFormat", "NumFormat") or "DIGIT"),
        int(start) if start.isdecimal() and 0 < len(start) < 7 and int(start) else 1,
    )

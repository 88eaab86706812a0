"""What a body may hold: the XHTML subset of the exchange standard (xhtml4pubdoc.mod), at most 256 kB."""

import html
import re

from chassis.errors import Problem

LARGEST = 256 * 1024
SOURCE = "xhtml4pubdoc.mod"
FIELD = "document.body"
ELEMENTS = frozenset(
    "p ul ol li a img b i u sub sup table caption thead tfoot tbody tr th td col colgroup".split()  # noqa: SIM905 - a table
)
# A tag ends at the next angle bracket: each piece of a body is looked at once, however it is twisted.
_TAG = re.compile(r"<(/?[A-Za-z][^<>]*|[!?][^<>]*)(>?)")
_NAME = re.compile(r"/?([A-Za-z][A-Za-z0-9:]*|[!?])")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_HANDLER = re.compile(r"(?:^|[\s/\"'])(on[a-z]+)\s*=", re.IGNORECASE)
_LINK = re.compile(r"(?:href|src)\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'>]+)", re.IGNORECASE)
_INVISIBLE = re.compile(r"[\x00-\x20]+")
_SCHEMES = ("javascript", "vbscript", "data")


def problems_of(body: str) -> list[Problem]:
    """Everything that keeps a body from being taken, each once; empty: it is within the subset."""
    if len(body.encode()) > LARGEST:
        return [Problem("body-too-large", {"limit": str(LARGEST)}, FIELD)]
    foreign: set[str] = set()
    active: set[str] = set()
    broken = False
    for tag, end in _TAG.findall(body):
        name = _NAME.match(tag)
        foreign |= {name[1].lower()} - ELEMENTS if name else set()
        attributes = _QUOTED.sub('""', tag)
        # A bracket or a quote inside a value would let the rest of the tag pass as text.
        broken = broken or not end or "'" in attributes or '"' in attributes.replace('""', "")
        active |= {found.lower() for found in _HANDLER.findall(attributes)} | _schemes(tag)
    problems = [Problem("body-element-foreign", {"element": each}, FIELD, SOURCE) for each in sorted(foreign)]
    problems += [Problem("body-active-content", {"found": each}, FIELD, SOURCE) for each in sorted(active)]
    if broken:
        problems.append(Problem("body-not-well-formed", {}, FIELD, SOURCE))
    return problems


def _schemes(tag: str) -> set[str]:
    """Schemes of links that run something, however they are written: entities and blanks do not hide them."""
    links = (_INVISIBLE.sub("", html.unescape(value.strip("\"'"))).lower() for value in _LINK.findall(tag))
    return {scheme for link in links for scheme in _SCHEMES if link.startswith(scheme + ":")}

"""What a body may hold: the XHTML subset of the exchange standard (xhtml4pubdoc.mod), at most 256 kB."""

import re

from chassis.errors import Problem

LARGEST = 256 * 1024
SOURCE = "xhtml4pubdoc.mod"
ELEMENTS = frozenset(
    "p ul ol li a img b i u sub sup table caption thead tfoot tbody tr th td col colgroup".split()  # noqa: SIM905 - a table
)
_TAG = re.compile(r"<\s*/?\s*([A-Za-z][A-Za-z0-9]*|[!?])")
_ACTIVE = re.compile(r"<[^>]*\s(on[a-z]+)\s*=|(?:href|src)\s*=\s*[\"']?\s*(javascript|data|vbscript):", re.IGNORECASE)


def problems_of(body: str) -> list[Problem]:
    """Everything that keeps a body from being taken; empty: it is within the subset."""
    if len(body.encode()) > LARGEST:
        return [Problem("body-too-large", {"limit": str(LARGEST)}, "document.body")]
    foreign = sorted({tag.lower() for tag in _TAG.findall(body)} - ELEMENTS)
    problems = [Problem("body-element-foreign", {"element": tag}, "document.body", SOURCE) for tag in foreign]
    active = _ACTIVE.search(body)
    if active:
        problems.append(Problem("body-active-content", {"found": active[1] or active[2]}, "document.body", SOURCE))
    return problems

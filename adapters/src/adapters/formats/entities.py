"""Named character references of HTML: which names may be met without a declaration, and their replacement.

Data goes from the raw text of an XML file to the same text with characters in place of names; only the three sets the
exchange standard names (Latin 1, symbol, special) are known. Nothing here ever expands a declared entity.
"""

import html.entities
import re
from typing import Final

from adapters.formats.findings import Finding, repair

_XML_NAMES: Final = frozenset({"amp", "lt", "gt", "quot", "apos"})
_CHARACTERS: Final = {
    name: chr(point) for name, point in html.entities.name2codepoint.items() if name not in _XML_NAMES
}

# Sections in which an ampersand is plain text come first, so that they are passed over; the open-ended second halves
# keep the search linear when a section never ends.
_REFERENCE: Final = re.compile(
    r"<!\[CDATA\[(?:.*?\]\]>|.*)|<!--(?:.*?-->|.*)|<\?(?:.*?\?>|.*)"
    r"|&(?:#(?:[0-9]{1,7}|x[0-9A-Fa-f]{1,6});|(?P<name>[A-Za-z][A-Za-z0-9]{0,31});|(?P<bare>))",
    re.DOTALL,
)


def replace_named(text: str) -> tuple[str, list[Finding]]:
    """Replace HTML names by their characters and repair bare ampersands, outside CDATA, comments and instructions.

    Returns:
        The text and one finding per kind: `xml-entity-replaced` (names), `xml-ampersand-bare` (count).

    """
    if "&" not in text:
        return text, []
    names: set[str] = set()
    bare = 0

    def character(match: re.Match[str]) -> str:
        nonlocal bare
        name = match["name"]
        if name is None and match["bare"] is None:
            return match.group()
        if name in _XML_NAMES:
            return match.group()
        if name in _CHARACTERS:
            names.add(name)
            return _CHARACTERS[name]
        bare += 1
        return "&amp;" + match.group()[1:]

    replaced = _REFERENCE.sub(character, text)
    findings = [repair("xml-entity-replaced", names=" ".join(sorted(names)))] if names else []
    if bare:
        findings.append(repair("xml-ampersand-bare", count=str(bare)))
    return replaced, findings


def is_character(name: str, value: str) -> bool:
    """Tell whether an internal declaration only gives a known HTML name its own character (`nbsp`, `&#160;`)."""
    char = _CHARACTERS.get(name)
    return char is not None and html.unescape(value) in {char, f"&{name};"}

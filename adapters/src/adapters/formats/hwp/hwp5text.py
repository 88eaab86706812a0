"""HWP 5 paragraph text: UTF-16 with control characters in it, to runs of text and places of objects.

Source: Hancom, "Hwp Document File Formats 5.0" revision 1.3, section 3.2.3, table 6. A control character takes one unit, or
eight when it is a tab, a field end or an object; objects come in the order of the paragraph's control headers.
"""

import re
from collections.abc import Iterator
from typing import Final

# The objects: these have a control header. The other wide ones (4 to 9, 19, 20) have none.
_OBJECTS: Final = frozenset(map(chr, (1, 2, 3, 11, 12, 14, 15, 16, 17, 18, 21, 22, 23)))
_WIDE: Final = re.compile("[\x01-\x09\x0b\x0c\x0e-\x17](?s:.{7})?")
_ANY_CONTROL: Final = re.compile("[\x00-\x1f]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_PLAIN: Final = {
    0: None, 10: "\n", 13: None, 24: "-", 25: None, 26: None, 27: None, 28: None, 29: None, 30: "\u00a0", 31: " ",
}  # fmt: skip
OBJECT: Final = "\x0b"


def runs(data: bytes) -> Iterator[str]:
    """Give the text in runs; `OBJECT` alone stands for the next object."""
    text = decode(data)
    if not _ANY_CONTROL.search(text):
        yield text
        return
    place = 0
    for match in _WIDE.finditer(text):
        if match.start() > place:
            yield text[place : match.start()].translate(_PLAIN)
        mark = text[match.start()]
        if mark == "\t":
            yield "\t"
        elif mark in _OBJECTS:
            yield OBJECT
        place = match.end()
    if place < len(text):
        yield text[place:].translate(_PLAIN)


def decode(data: bytes) -> str:
    """Decode UTF-16; each unit is one place while surrogates in control payloads could otherwise merge two."""
    text = data[: len(data) & ~1].decode("utf-16-le", "surrogatepass")
    if len(text) * 2 < len(data) & ~1 and _ANY_CONTROL.search(text):
        return "".join(map(chr, memoryview(data[: len(data) & ~1]).cast("H")))
    return text


def tidy(text: str) -> str:
    """Join surrogates that belong together and drop those that are alone."""
    if _SURROGATE.search(text) is None:
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")

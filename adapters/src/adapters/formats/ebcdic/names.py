"""Names of EBCDIC pages, in the many spellings met, to their `Page`."""

import re
from functools import cache
from typing import Final

from adapters.formats.ebcdic import tables
from adapters.formats.ebcdic.page import Page

_PYTHON: Final = (37, 273, 500, 1026, 1140)
_KOREAN: Final = (933, 1364)
# ASCII is here so that a host's file converted by a transfer can be read with its copybook.
_PLAIN: Final = {"ascii": "ascii", "us-ascii": "ascii", "latin-1": "latin-1", "iso-8859-1": "latin-1"}
_NUMBER: Final = re.compile(r"(?:cp|ibm|ccsid|ebcdic-cp-)?[-_ ]?0*(\d{2,4})", re.IGNORECASE)
NAMES: Final = tuple(
    f"cp{number:03d}" for number in sorted({*_PYTHON, *_KOREAN, *tables.latin()})
) + tuple(_PLAIN)  # fmt: skip


@cache
def page(name: str) -> Page:
    """Give the page of a name such as `cp933`, `IBM-933`, `ibm1364`, `CCSID 500`, `cp1047`, `ascii`.

    Raises:
        LookupError: no such page.

    """
    if (plain := _PLAIN.get(name.lower())) is not None:
        return Page(plain, _of_codec(plain), space=b" ")
    match = _NUMBER.fullmatch(name.strip())
    number = int(match[1]) if match else 0
    if number in _KOREAN:
        table = tables.korean(f"ibm{number}")
        return Page(f"cp{number}", table.single, table.double, table.one_way)
    if number in _PYTHON:
        return Page(f"cp{number:03d}", _of_codec(f"cp{number:03d}"))
    if number in tables.latin():
        return Page(f"cp{number:03d}", tables.latin()[number])
    raise LookupError(name)


def _of_codec(codec: str) -> str:
    return "".join(bytes([byte]).decode(codec, "replace").replace("\ufffd", "\ufffe") for byte in range(256))

"""Small files that unpack, expand or nest without end: archives, XML, compressed sections. None of them may be accepted.

`BOMBS` gives each by name; every target is handed every one, for a sender names his files as he likes.
"""

import io
import zipfile
import zlib
from collections.abc import Callable, Mapping
from typing import Final

from adapters.contract import Item
from tools.hangul import SAMPLE, compound, hwp5, xmlkinds

# More than any limit there is, and some 100 kB when packed.
_INFLATED: Final = 64 << 20
_BLOCK: Final = bytes(1 << 20)


def _zip(name: str, *, size: int = _INFLATED, copies: int = 1) -> bytes:
    """Pack members of noughts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number in range(copies):
            member = name if not number else f"{number}-{name}"
            info = zipfile.ZipInfo(member)
            info.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(info, "w") as stream:
                for _ in range(size // copies >> 20 or 1):
                    stream.write(_BLOCK)
    return out.getvalue()


def _deflated() -> bytes:
    packer = zlib.compressobj(1, wbits=-15)
    return b"".join([packer.compress(_BLOCK) for _ in range(_INFLATED >> 20)]) + packer.flush()


def _with_section(name: str, content: bytes) -> bytes:
    return xmlkinds.zipped(xmlkinds.members(SAMPLE) | {name: content})


def _laughs(root: str, levels: int = 12) -> bytes:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, levels))
    return f'<?xml version="1.0"?><!DOCTYPE {root} [<!ENTITY e0 "aaaaaaaaaa">{entities}]><{root}>&e{levels - 1};</{root}>'.encode()


def _quadratic(root: str) -> bytes:
    return f'<!DOCTYPE {root} [<!ENTITY a "{"a" * 50_000}">]><{root}>{"&a;" * 20_000}</{root}>'.encode()


_SHEET: Final = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
_MAKERS: Final[Mapping[str, Callable[[], bytes]]] = {
    "zip": lambda: _zip("Contents/section0.xml"),
    "zip-many": lambda: _zip("x.xml", size=30 << 20, copies=60),
    "zip-in-zip": lambda: xmlkinds.zipped({"a.zip": _zip("b.xml", size=20 << 20)}),
    "xlsx-sheet": lambda: _zip("xl/worksheets/sheet1.xml"),
    "xlsx-strings": lambda: _zip("xl/sharedStrings.xml"),
    "xlsx-laughs": lambda: xmlkinds.zipped({"xl/worksheets/sheet1.xml": _laughs("worksheet"), "xl/workbook.xml": _laughs("workbook")}),
    "xlsx-far": lambda: xmlkinds.zipped({"xl/worksheets/sheet1.xml": f'{_SHEET}<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'.encode()}),
    "ods-content": lambda: _zip("content.xml"),
    "hwpx-laughs": lambda: _with_section("Contents/section0.xml", _laughs("hs:sec")),
    "hwp5-section": lambda: compound.write(hwp5.streams(SAMPLE, compressed=True) | {"BodyText/Section0": _deflated()}),
    "laughs": lambda: _laughs("pack"),
    "laughs-exchange": lambda: _laughs("EXCHANGE"),
    "quadratic": lambda: _quadratic("pack"),
    "external": lambda: b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><pack>&x;</pack>',
    "parameter": lambda: b'<!DOCTYPE a [<!ENTITY % p SYSTEM "http://127.0.0.1:1/x.dtd">%p;]><pack/>',
    "deep": lambda: b"<a>" * 300_000,
    "deep-closed": lambda: b"<p>" * 100_000 + b"</p>" * 100_000,
    "attributes": lambda: b"<pack " + b" ".join(b'a%d=""' % n for n in range(60_000)) + b"/>",
    "namespaces": lambda: b"<pack " + b" ".join(b'xmlns:a%d="u%d"' % (n, n) for n in range(20_000)) + b"/>",
    "one-line": lambda: b"," * 3_000_000,
    "quote-open": lambda: b'"' + b"a\r\n" * 200_000,
    "nul": lambda: bytes(3_000_000),
    "quotes": lambda: b'"' * 2_000_001,
}  # fmt: skip


def bombs() -> Mapping[str, Item]:
    """Give all of them, each as an item of one file of three usual names."""
    return {name: _item(make()) for name, make in _MAKERS.items()}


def _item(data: bytes) -> Item:
    name = "x.xlsx" if data[:2] == b"PK" else "x.xml"
    return Item(name, {name: data})

"""What a file is that is called a spreadsheet: told by its bytes, never by its name. Bytes -> xlsx, xls, or why it is neither.

Web systems hand out HTML tables and CSV under the name .xls, which Excel opens with a warning: they are named as what they are.
"""

import re
from typing import Final, Literal

from adapters.formats.findings import FormatError, reject
from adapters.formats.hwp import compound

_ZIP: Final = b"PK\x03\x04"
_MARKUP: Final = re.compile(rb"\s*<(?:!doctype\s+html|html|head|meta|body|style|table|center|div)\b", re.IGNORECASE)
_SHEET_XML: Final = b"urn:schemas-microsoft-com:office:spreadsheet"
_HEAD: Final = 4096
# Word, MIME archives of a web page, PDF and what else comes under the name.
_OTHERS: Final = {
    b"%PDF": "PDF",
    b"{\\rtf": "RTF",
    b"MIME-Version": "MHTML",
    b"HWP Document File": "HWP 3",
    b"\x09\x00\x04\x00": "BIFF2",
    b"\x09\x02\x06\x00": "BIFF3",
    b"\x09\x04\x06\x00": "BIFF4",
    b"\x09\x08\x10\x00": "BIFF",
}


def kind_of(data: bytes) -> Literal["xlsx", "xls"]:
    """Tell the container. Raises FormatError: `sheet-is-html`, `sheet-is-text`, `sheet-unreadable`, `file-empty`."""
    if not data.strip(b"\0 \r\n\t"):
        raise FormatError([reject("file-empty")])
    if data.startswith(_ZIP):
        return "xlsx"
    if data.startswith(compound.SIGNATURE):
        return "xls"
    bare = data.removeprefix(b"\xef\xbb\xbf")
    head = bare[:_HEAD]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = head.decode("utf-16", "replace")
        bare = head = text.encode()
    if _MARKUP.match(head) or (b"<html" in head.lower() and b"<" in head[:64]):
        raise FormatError([reject("sheet-is-html")])
    if _SHEET_XML in head:
        raise FormatError([reject("sheet-unreadable", reason="SpreadsheetML 2003")])
    if head.lstrip().startswith(b"<?xml"):
        raise FormatError([reject("sheet-unreadable", reason="XML")])
    for begin, name in _OTHERS.items():
        if head.startswith(begin):
            raise FormatError([reject("sheet-unreadable", reason=name)])
    if (separator := _separator(head)) is not None:
        raise FormatError([reject("sheet-is-text", separator=separator)])
    raise FormatError([reject("sheet-unreadable", reason=data[:8].hex(" "))])


def _separator(head: bytes) -> str | None:
    """Give the sign that parts the cells of a text; None when the bytes are no text."""
    if b"\0" in head or head.lstrip().startswith(b"<"):
        return None
    lines = [line for line in head.splitlines() if line.strip()]
    if not lines:
        return None
    counts = {name: lines[0].count(sign) for name, sign in (("TAB", b"\t"), (",", b","), (";", b";"), ("|", b"|"))}
    best = max(counts, key=lambda name: counts[name])
    if not counts[best]:
        return None
    for codec in ("utf-8", "cp949"):
        try:
            lines[0].decode(codec)
        except UnicodeDecodeError:
            continue
        return best
    return None

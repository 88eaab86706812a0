"""BODY of an `exchange.xml` to the body of a document, and back: HTML or plain lines in, the XHTML subset out."""

import re
from typing import Final

from adapters.formats.findings import Finding
from adapters.formats.xhtml import sanitise
from adapters.formats.xmltext import text

_MARKUP: Final = re.compile(r"<[A-Za-z/!?]|&(?:#\d+|#x[0-9A-Fa-f]+|amp|lt|gt|quot|apos|nbsp);")


def read(raw: str, findings: list[Finding]) -> str:
    """Give the subset for a BODY; plain text becomes a paragraph a line, blank lines stay as empty ones."""
    if not raw.strip():
        return ""
    if _MARKUP.search(raw) is None:
        return "".join(
            f"<p>{text(line.rstrip())}</p>" if line.strip() else "<p/>" for line in raw.strip("\r\n").splitlines()
        )
    body, found = sanitise(raw.strip())
    findings += found
    return body

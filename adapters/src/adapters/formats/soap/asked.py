"""How a call was asked, told from its first bytes without reading it: an answer or a fault goes out in the same generation.

A call that cannot be read at all has to be refused in words its sender's toolkit reads, too.
"""

import re
from dataclasses import dataclass
from typing import Final

from adapters.formats.soap.model import Style, Version

_LOOKED_AT: Final = 64 * 1024
_NEWER: Final = b"http://www.w3.org/2003/05/soap-envelope"
_ENCODED: Final = re.compile(rb"[\s:]encodingStyle\s*=\s*[\"']http://")
_OPERATION: Final = re.compile(
    rb"<(?:[\w.-]+:)?Body(?:\s[^<>]*)?>\s*<(?:[\w.-]+:)?([A-Za-z_][\w.-]{0,79})[\s/>]", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Asked:
    """Version and style of a call, and its operation as far as it can be seen."""

    version: Version = "1.1"
    style: Style = "document"
    operation: str = ""


def asked(content_type: str, body: bytes = b"") -> Asked:
    """Tell how a call was asked. body: may be missing or broken."""
    head = body[:_LOOKED_AT]
    newer = _NEWER in head or (not head and "application/soap+xml" in content_type.lower())
    operation = _OPERATION.search(head)
    return Asked(
        "1.2" if newer else "1.1",
        "rpc" if _ENCODED.search(head) else "document",
        operation[1].decode("ascii") if operation else "",
    )

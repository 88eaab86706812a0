"""COBOL records: a copybook to a layout, bytes to values and back. Agency-free; EBCDIC pages come from `formats.ebcdic`.

`parse` reads the copybook; `Codec` reads and writes one kind of record; `HostFile` a file of them, framed by `Framing`.
"""

from adapters.formats.copybook.codec import Choice, Codec, Place
from adapters.formats.copybook.fields import Rules, Value
from adapters.formats.copybook.file import HostFile, HostRecord
from adapters.formats.copybook.framing import HOST, LINES, Framing, join, split
from adapters.formats.copybook.rows import HostRows, Trailer
from adapters.formats.copybook.source import CopybookError
from adapters.formats.copybook.tree import Node, parse

__all__ = [
    "HOST",
    "LINES",
    "Choice",
    "Codec",
    "CopybookError",
    "Framing",
    "HostFile",
    "HostRecord",
    "HostRows",
    "Node",
    "Place",
    "Rules",
    "Trailer",
    "Value",
    "join",
    "parse",
    "split",
]

"""What the calls of one system look like: operations, their leaves, lists and files. Made of a manifest, used by `calls` and `wsdl`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from adapters.formats.soap.model import Style, Version

# Parts of an item that holds one message: the body as it came over HTTP, and its Content-Type.
BODY: Final = "body"
TYPE: Final = "content-type"
# The value that says in which generation of toolkits a message was written; the answer goes out in the same.
GENERATION: Final = "@generation"
GENERATIONS: Final[Mapping[str, tuple[Style, Version]]] = {
    "rpc-1.1": ("rpc", "1.1"),
    "document-1.1": ("document", "1.1"),
    "rpc-1.2": ("rpc", "1.2"),
    "document-1.2": ("document", "1.2"),
}
# Leaves of a file beside its bytes.
FILE_NAME, FILE_SIZE, FILE_TYPE, FILE_TITLE, CONTENT = "fileName", "fileSize", "mediaType", "title", "content"


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value. name: path of elements, dotted. type: of XML Schema, without prefix. label: for people."""

    name: str
    type: str = "string"
    required: bool = False
    label: str = ""


@dataclass(frozen=True, slots=True)
class Lines:
    """Several of a kind. name: path. entry: element of each.

    rows: they are handed on one by one; else as a text, a line each, its cells parted by tabs.
    """

    name: str
    entry: str
    leaves: tuple[Leaf, ...]
    rows: bool = False
    required: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """One operation. table: of the manifest. files: path of the attachments; empty: it has none. inside: element around it all."""

    table: str
    operation: str
    leaves: tuple[Leaf, ...]
    lists: tuple[Lines, ...] = ()
    files: str = ""
    file_entry: str = "attachment"
    inside: str = ""


@dataclass(frozen=True, slots=True)
class Service:
    """All calls of one system. namespaces: the first is written, the others are taken, too. title: for people."""

    name: str
    namespaces: tuple[str, ...]
    calls: Sequence[Call]
    title: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """A file of a call. name: as announced. title: may be empty."""

    name: str
    data: bytes
    media_type: str
    title: str = ""


@dataclass(slots=True)
class Tree:
    """Named members at their paths, in the order they were put."""

    members: dict[str, Any] = field(default_factory=dict)

    def put(self, path: str, value: Any) -> None:
        """Put a value at a dotted path."""
        *above, last = path.split(".")
        at = self.members
        for name in above:
            at = at.setdefault(name, {})
        at[last] = value

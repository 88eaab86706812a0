"""Codec of SOAP calls for the table engine: one message is one row, its values by dotted paths of elements.

Item of `body` and `content-type` -> `read` -> message -> row (`project.title`, lists, files) and back, in the generation of
toolkits the row names. A file alone is an item, too: then its first line says whether it has parts.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from adapters.formats.findings import Finding, FormatError, reject
from adapters.formats.rows import Cell, Row, Values
from adapters.formats.soap.files import read_files, written_files
from adapters.formats.soap.flat import Flat
from adapters.formats.soap.model import Message, Part
from adapters.formats.soap.places import places
from adapters.formats.soap.read import read
from adapters.formats.soap.shape import BODY, CONTENT, GENERATION, GENERATIONS, TYPE, Call, Service, Tree
from adapters.formats.soap.values import read_leaf, written_leaf
from adapters.formats.soap.write import write

# Value of a row that holds its files.
FILES: Final = "@files"
_SHORT: Final = 60
_XML: Final = "text/xml"


class SoapCalls:
    """The codec of one system's calls."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self._calls = {call.operation: call for call in service.calls}
        self._tables = {call.table: call for call in service.calls}

    def read(self, parts: Mapping[str, bytes], findings: list[Finding]) -> Iterator[Row]:
        """Read a message. Raises FormatError when it is none, or none of ours."""
        part, body, content_type = _body_of(parts)
        message = read(body, content_type)
        call = self._call_of(message)
        noticed = list(message.findings)
        values: dict[str, Any] = {GENERATION: f"{message.style}-{message.version}"}
        flat = Flat(call, noticed)
        values |= flat.values(message.values)
        values[FILES] = read_files(flat.files, message.attachments, noticed)
        del findings
        yield Row(1, part, 0, body, values, tuple(noticed), call.table)

    def _call_of(self, message: Message) -> Call:
        if message.fault is not None:
            raise FormatError([reject("soap-fault-inside", reason=message.fault.reason[:200])])
        if message.demanded:
            raise FormatError([reject("soap-header-demanded", name=message.demanded[0][:_SHORT])])
        call = self._calls.get(message.operation)
        if call is None:
            known = ", ".join(self._calls)
            raise FormatError([reject("soap-operation-unknown", operation=message.operation[:_SHORT], known=known)])
        if message.namespace not in self.service.namespaces:
            wanted = self.service.namespaces[0]
            raise FormatError([reject("soap-namespace-unknown", namespace=message.namespace[:120], wanted=wanted)])
        return call

    def settle(self, values: Values, table: str) -> tuple[Values, list[Finding]]:
        """Tell what a reader would find: the message is written and read."""
        try:
            parts = self.write([(table, values)], "")
            row = next(self.read(parts, []))
        except FormatError as error:
            return values, list(error.findings)
        return row.values, [*self._lost(values, row.values, table), *row.findings]

    def _lost(self, values: Values, again: Values, table: str) -> list[Finding]:
        """Name the leaves that XML cannot carry as they are."""
        out = []
        for leaf in self._tables[table].leaves:
            before, after = str(values.get(leaf.name) or ""), str(again.get(leaf.name) or "")
            if before != after and before.strip():
                out.append(reject("value-not-carried", leaf.name, value=before[:_SHORT]))
        return out

    def write(self, rows: Sequence[tuple[str, Values]], name: str) -> Mapping[str, bytes]:
        """Write a message. Raises FormatError."""
        del name
        if len(rows) != 1:
            raise FormatError([reject("soap-one-call", count=str(len(rows)))])
        [(table, values)] = rows
        style, version = GENERATIONS.get(str(values.get(GENERATION)), GENERATIONS["document-1.1"])
        tree, attachments = self._tree(self._tables[table], values, encoded=style == "rpc")
        namespace = self.service.namespaces[0]
        message = Message(self._tables[table].operation, namespace, tree, version, style, attachments=attachments)
        body, content_type = write(message)
        return {BODY: body, TYPE: content_type.encode()}

    def _tree(self, call: Call, values: Values, *, encoded: bool) -> tuple[Mapping[str, Any], Mapping[str, Part]]:
        tree = Tree()
        for leaf in call.leaves:
            value = values.get(leaf.name)
            if leaf.name != GENERATION and value is not None and value != "":
                tree.put(leaf.name, written_leaf(value, leaf.type))
        for lines in call.lists:
            entries = Flat.entries_of(lines, values.get(lines.name))
            if entries:
                tree.put(lines.name, entries if encoded else {lines.entry: entries})
        found: Any = values.get(FILES) or ()
        listed, attachments = written_files(found)
        if listed and not call.files:
            raise FormatError([reject("value-not-carried", "attachments", value=str(len(listed)))])
        if listed:
            tree.put(call.files, listed if encoded else {call.file_entry: listed})
        return {call.inside: tree.members} if call.inside else tree.members, attachments

    def cells(self, raw: bytes, part: str) -> Sequence[Cell]:
        """Show the leaves of a message beside their bytes."""
        del part
        out: list[Cell] = []
        numbers: dict[tuple[str, ...], int] = {}
        types = {leaf.name: leaf.type for call in self.service.calls for leaf in call.leaves}
        lists = [(f"{lines.name}[", lines) for call in self.service.calls for lines in call.lists]
        within = {(mark, leaf.name): leaf.type for mark, lines in lists for leaf in lines.leaves}
        for place in places(raw):
            name = ".".join(self._named(place.path, numbers))
            mark, _, leaf = name.partition("[")
            kind = types.get(name) or within.get((f"{mark}[", leaf.partition("].")[2]), "string")
            if place.path[-1:] == (CONTENT,) and len(place.raw) > _SHORT:
                # The bytes of a file are no reading matter.
                out.append(Cell(name, place.offset, place.raw[:_SHORT], place.text[:_SHORT]))
                continue
            out.append(Cell(name, place.offset, place.raw, read_leaf(place.text, kind)))
        return out or [Cell(BODY, 0, raw[:_SHORT], None)]

    def _named(self, path: tuple[str, ...], numbers: dict[tuple[str, ...], int]) -> Iterator[str]:
        """Leave out the element around the call, and number the entries of lists by how often their first leaf came."""
        if path and any(call.inside == path[0] for call in self.service.calls):
            path = path[1:]
        at = next((len(one) for one in self._list_paths() if path[: len(one)] == one), 0)
        if not at or len(path) <= at:
            yield from path
            return
        numbers[path] = numbers.get(path, 0) + 1
        yield from path[: at - 1]
        yield f"{path[at - 1]}[{numbers[path]}]"
        yield from path[at + 1 :]

    def _list_paths(self) -> list[tuple[str, ...]]:
        named = [lines.name for call in self.service.calls for lines in call.lists]
        return [tuple(name.split(".")) for name in (*named, *(call.files for call in self.service.calls if call.files))]

    def is_complete(self, names: Sequence[str]) -> bool:
        """Tell whether an item is whole: a directory with both parts, or a file alone."""
        return TYPE in names or len(names) <= 1


def _body_of(parts: Mapping[str, bytes]) -> tuple[str, bytes, str]:
    """Give the name of the body's part, the body and its content type. Raises FormatError."""
    if BODY in parts:
        said = parts.get(TYPE, b"").decode("latin-1").strip()
        return BODY, parts[BODY], said or content_type_of(parts[BODY])
    if len(parts) != 1:
        raise FormatError([reject("part-missing", BODY, name=BODY)])
    [(name, body)] = parts.items()
    return name, body, content_type_of(body)


def content_type_of(body: bytes) -> str:
    """Make up a content type: what begins with a boundary has parts."""
    first = body[:200].lstrip(b"\r\n").split(b"\n", 1)[0].strip()
    if first.startswith(b"--") and b'"' not in first:
        return f'multipart/related; boundary="{first[2:].decode("latin-1")}"'
    return _XML

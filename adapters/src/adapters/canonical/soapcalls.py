"""SOAP calls out of a manifest: the codec of `[layout]` and the tables of fields, and the table engine with files beside.

Entries of a table: `field` is the dotted path of elements, `type` that of XML Schema (`string`, `dateTime`, `date`, `decimal`,
`long`, `boolean`); days want `forms = ["YYYY-MM-DD"]`, moments `["YYYY-MM-DD hh:mm:ss"]`, Korean time, whatever came.
`[layout]`: `namespace`, `also` (older namespaces), `inside` (element around the values), `files` (path of the attachments),
`file_entry`; `[layout.operations]` operation of each table; `[layout.lists]` path -> `entry` (element) and `table` (its fields):
steps where `[[record]]` says `repeats`, else the lines of a text. A table's `@generation` is `rpc-1.1`, `document-1.1`, ...
"""

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from adapters.canonical.tabular import TabularAdapter
from adapters.canonical.tabular.records import Kind
from adapters.contract import Decoded, Encoded, FieldView, Item, Outgoing, Record
from adapters.formats.findings import Finding, FormatError, reject, rejected
from adapters.formats.pack import content_type_for
from adapters.formats.rows import DETAIL
from adapters.formats.soap.calls import FILES, SoapCalls
from adapters.formats.soap.files import PLAIN
from adapters.formats.soap.shape import Call, File, Leaf, Lines, Service
from adapters.formats.soap.values import TYPES
from adapters.formats.soap.wsdl import describe
from adapters.formats.xmltext import text, without_controls
from adapters.manifest import Manifest
from onnara.exchange.v1.events_pb2 import ResultReported
from onnara.exchange.v1.official_document_pb2 import Attachment

_FOLDERS: Final = re.compile(r"^.*[\\/]")
_MOST_NAME: Final = 100


def soap_calls(manifest: Manifest) -> "SoapAdapter":
    """Make the adapter. Raises ManifestError, ValueError, KeyError or TypeError when the layout is none."""
    return SoapAdapter(manifest, SoapCalls(service_of(manifest)))


def service_of(manifest: Manifest) -> Service:
    """Give the calls a manifest describes. Raises ValueError, KeyError or TypeError."""
    layout = manifest.tables["layout"]
    calls = [_call_of(manifest, layout, table, operation) for table, operation in layout["operations"].items()]
    return Service(manifest.name, (layout["namespace"], *layout.get("also", ())), calls, manifest.title["ko"])


def _call_of(manifest: Manifest, layout: Mapping[str, Any], table: str, operation: str) -> Call:
    entries = _entries(manifest, table)
    fields = {entry["field"]: bool(entry.get("required")) for entry in entries}
    records = manifest.tables.get("record", ())
    repeats: Mapping[str, str] = next(
        (each.get("repeats", {}) for each in records if each.get("table", DETAIL) == table), {}
    )
    lists = tuple(
        Lines(
            path,
            said["entry"],
            _leaves(_entries(manifest, repeats.get(path) or said["table"])),
            path in repeats,
            fields.get(path, False),
        )
        for path, said in layout.get("lists", {}).items()
        if path in repeats or path in fields
    )
    listed = {lines.name for lines in lists}
    leaves = _leaves(entry for entry in entries if entry["field"] not in listed)
    # Attachments are of documents: an answer has none.
    files = layout.get("files", "") if table == DETAIL else ""
    return Call(
        table, operation, leaves, lists, files, layout.get("file_entry", "attachment"), layout.get("inside", "")
    )


def _entries(manifest: Manifest, table: str) -> Sequence[Mapping[str, Any]]:
    found: Sequence[Mapping[str, Any]] = manifest.mapping if table == DETAIL else manifest.tables[table]
    return found


def _leaves(entries: Iterable[Mapping[str, Any]]) -> tuple[Leaf, ...]:
    out = []
    for entry in entries:
        kind = entry.get("type", "string")
        if kind not in TYPES:
            raise ValueError(f"{entry['field']}: type {kind} is none of {', '.join(sorted(TYPES))}")
        out.append(Leaf(entry["field"], kind, bool(entry.get("required")), entry.get("label", "")))
    return tuple(out)


class SoapAdapter(TabularAdapter):
    """The table engine for calls, one message an item, whose files are the document's attachments."""

    def __init__(self, manifest: Manifest, codec: SoapCalls) -> None:
        super().__init__(manifest, codec)
        self.service = codec.service
        lists = (leaf for call in codec.service.calls for lines in call.lists for leaf in lines.leaves)
        self._labels = {leaf.name: leaf.label for leaf in lists if leaf.label} | self._labels
        self._kind_of = {kind.table_name: kind for kind in self.kinds}

    def decode(self, item: Item) -> Decoded:
        """Translates a message. Raises FormatError when it is none, or none of ours."""
        if not any(item.parts.values()):
            raise FormatError([reject("file-empty", item.name)])
        findings: list[Finding] = []
        records = []
        for row in self._codec.read(item.parts, findings):
            files: Any = row.values.get(FILES) or ()
            records.append(_with_files(self._kind_of[row.table].record(row, {}), files))
        return Decoded(records, tuple(findings))

    def encode(self, messages: Sequence[Outgoing]) -> Encoded:
        """Translates messages, each to a call of its own."""
        items: list[Item] = []
        carried: list[tuple[int, ...]] = []
        findings: list[Finding] = []
        refused: dict[int, tuple[Finding, ...]] = {}
        for index, outgoing in enumerate(messages):
            try:
                items.append(self._call(outgoing, findings, {item.name for item in items}))
                carried.append((index,))
            except FormatError as error:
                refused[index] = tuple(each for each in error.findings if each.severity == "reject")
        return Encoded(items, tuple(findings), refused, carried)

    def wsdl(self, address: str) -> bytes:
        """Describe the operations others call, and those they are called with. address: where the first are served."""
        answers = {kind.table_name for kind in self.kinds if kind.form is ResultReported}
        asking = [call.operation for call in self.service.calls if call.table not in answers]
        return describe(self.service, asking, address)

    def typed(self, value: str, view: FieldView, record: bytes) -> bytes:
        """Write a value as XML has it. By number every character stands in every charset; CDATA knows no numbers."""
        if record[: view.offset].endswith(b"<![CDATA["):
            return without_controls(value).replace("]]>", "").encode()
        return text(without_controls(value)).encode("ascii", "xmlcharrefreplace")

    def _call(self, outgoing: Outgoing, findings: list[Finding], taken: Collection[str]) -> Item:
        kind = next((each for each in self.kinds if isinstance(outgoing.message, each.form)), None)
        if kind is None or kind.form.DESCRIPTOR.name not in self.manifest.writes:
            raise FormatError([reject("message-not-carried", kind=outgoing.message.DESCRIPTOR.name)])
        bare: Any = kind.form()
        bare.CopyFrom(outgoing.message)
        files: list[File] = []
        if "document" in kind.form.DESCRIPTOR.fields_by_name:
            files = _files_of(bare.document.attachments, outgoing.blobs)
            bare.document.ClearField("attachments")
        values, _, found = kind.values(bare)
        if rejected(found):
            raise FormatError(found)
        whole: dict[str, Any] = {**values, FILES: files}
        parts = self._codec.write([(kind.table_name, whole)], "")
        self._judge(kind, parts, outgoing.message)
        findings += found
        return Item(_name(outgoing.name or kind.named(values) or self.name, taken), parts)

    def _judge(self, kind: Kind, parts: Mapping[str, bytes], message: Any) -> None:
        """Refuse attachments that would not be read as they were. Raises FormatError."""
        wanted = list(message.document.attachments) if "document" in kind.form.DESCRIPTOR.fields_by_name else []
        if not wanted:
            return
        [record] = self.decode(Item("", parts)).records
        got: Any = record.message
        for before, after in zip(wanted, got.document.attachments if got else (), strict=False):
            if before != after:
                raise FormatError([reject("value-not-carried", "attachments", value=before.name[:60])])
        if got is None or len(wanted) != len(got.document.attachments):
            raise FormatError([*record.findings, reject("value-not-carried", "attachments", value=str(len(wanted)))])


def _with_files(record: Record, files: Sequence[File]) -> Record:
    """Put the files of a call into its document."""
    message: Any = record.message
    if message is None or not files:
        return record
    blobs = {}
    for file in files:
        sha256 = hashlib.sha256(file.data).digest()
        shown = _FOLDERS.sub("", unicodedata.normalize("NFC", file.name)).strip() or "unnamed"
        blobs[sha256] = file.data
        message.document.attachments.add(
            sha256=sha256,
            size=len(file.data),
            media_type=content_type_for(shown) if file.media_type == PLAIN else file.media_type,
            name=shown,
            raw_name=file.name if file.name != shown else "",
            title=file.title,
        )
    record.blobs = blobs
    return record


def _files_of(attachments: Iterable[Attachment], blobs: Mapping[bytes, bytes]) -> list[File]:
    """Give a document's attachments as files. Raises FormatError when the bytes of one are not there."""
    out = []
    for each in attachments:
        if each.sha256 not in blobs:
            raise FormatError([reject("attachment-missing", "attachments", name=each.name)])
        out.append(File(each.raw_name or each.name, blobs[each.sha256], each.media_type or PLAIN, each.title))
    return out


def _name(wanted: str, taken: Collection[str]) -> str:
    """Make a name that folders and callers take alike."""
    plain = "".join(char if char.isascii() and (char.isalnum() or char in "-_") else "-" for char in wanted)[
        :_MOST_NAME
    ]
    number, name = 1, plain or "call"
    while name in taken:
        number += 1
        name = f"{plain[: _MOST_NAME - 6]}-{number}"
    return name

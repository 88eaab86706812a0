"""The link's adapter: message directories (or a bare `exchange.xml`) to requests and answers, and back."""

from collections.abc import Mapping, Sequence

from google.protobuf.message import Message

from adapters.agencies.enara import views
from adapters.agencies.enara.cards import Cards
from adapters.agencies.enara.lines import Lines
from adapters.agencies.enara.reading import Reading
from adapters.agencies.enara.writing import Writing
from adapters.canonical.table import Table
from adapters.contract import Decoded, Encoded, FieldView, Item, Outgoing, Record
from adapters.formats.exchange import Request, read_exchange
from adapters.formats.findings import Finding, FormatError, reject, rejected, repair
from adapters.manifest import Manifest
from onnara.exchange.v1.events_pb2 import RequestReceived, ResultReported

MAIN, LAST = "exchange.xml", "eof.inf"


def create(manifest: Manifest) -> "EnaraAdapter":
    """Make the adapter of a manifest."""
    return EnaraAdapter(manifest)


class EnaraAdapter:
    """Translates messages of the link."""

    def __init__(self, manifest: Manifest) -> None:
        self.name = manifest.name
        self.mapping_version = manifest.mapping_version
        parts = Table(manifest.mapping), Lines(manifest.tables), Cards(manifest.tables["codes"])
        self._reading = Reading(manifest, *parts)
        self._writing = Writing(manifest, *parts)
        self._labels = {entry["field"]: entry["label"] for entry in manifest.mapping}

    def decode(self, item: Item) -> Decoded:
        """Translates one message. Raises FormatError when its `exchange.xml` is missing or is none."""
        parts = {
            name.lower() if name.lower() in {MAIN, LAST, "header.inf"} else name: data
            for name, data in item.parts.items()
        }
        bare = (MAIN not in parts and tuple(parts) == (item.name,)) or (item.name == MAIN and len(parts) == 1)
        part = item.name if bare else MAIN
        data = parts.get(part)
        if data is None:
            raise FormatError([reject("part-missing", part, name=MAIN)])
        if not data:
            raise FormatError([reject("file-empty", part)])
        exchange, found = read_exchange(data)
        findings = list(found)
        if not bare:
            if LAST not in parts:
                findings.append(reject("part-missing", LAST, name=LAST))
            if "header.inf" not in parts:
                findings.append(repair("part-missing", "header.inf", name="header.inf"))
        blobs: dict[bytes, bytes] = {}
        message: Message
        direction = exchange.direction
        if isinstance(direction, Request):
            key, message, blobs = self._reading.request(exchange, direction, parts, findings, bare=bare)
        else:
            key, message = self._reading.result(exchange, direction, findings)
        if rejected(findings):
            return Decoded([Record(1, part, 0, data, key, None, tuple(findings))])
        return Decoded([Record(1, part, 0, data, key, message, tuple(findings), blobs)])

    def encode(self, messages: Sequence[Outgoing]) -> Encoded:
        """Translates requests and answers into directories, one a message; two never get one name."""
        items: dict[str, Item] = {}
        findings: list[Finding] = []
        refused: dict[int, tuple[Finding, ...]] = {}
        for index, outgoing in enumerate(messages):
            noticed: list[Finding] = []
            try:
                item = self._item(outgoing, noticed)
            except FormatError as error:
                refused[index] = error.findings
                continue
            findings += noticed
            name = item.name if outgoing.name else _free(item.name, items)
            items[name] = Item(name, item.parts)
        return Encoded(list(items.values()), tuple(findings), refused)

    def _item(self, outgoing: Outgoing, findings: list[Finding]) -> Item:
        message = outgoing.message
        if isinstance(message, RequestReceived):
            return self._writing.request(outgoing, message, findings)
        if isinstance(message, ResultReported):
            return self._writing.result(outgoing, message, findings)
        raise FormatError([reject("message-not-carried", kind=message.DESCRIPTOR.name)])

    def fields(self, record: bytes, part: str) -> Sequence[FieldView]:
        """Shows the elements and attributes that hold something, beside their bytes."""
        del part
        return views.fields(record, self._labels)

    def is_complete(self, names: Sequence[str]) -> bool:
        """True when the directory has its `eof.inf`, which is written last, and an `exchange.xml`."""
        return {MAIN, LAST} <= {name.lower() for name in names}


def _free(name: str, taken: Mapping[str, object]) -> str:
    """Give the name, with the next free number of five digits at its end when it is taken."""
    stem, number = name[:-5], int(name[-5:])
    while name in taken:
        number = number % 99_999 + 1
        name = f"{stem}{number:05d}"
    return name

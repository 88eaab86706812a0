"""The relay's adapter: a pack's bytes to `DocumentArrived` or `DeliveryReported`, and back to a pack valid to the letter."""

import dataclasses
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from adapters.agencies.relay import quirks, views
from adapters.agencies.relay.acknowledgements import Acknowledgements
from adapters.agencies.relay.reading import Reading
from adapters.agencies.relay.steps import Steps
from adapters.agencies.relay.writing import Writing
from adapters.canonical.table import Table
from adapters.contract import Decoded, Encoded, FieldView, Item, Outgoing, Record
from adapters.formats.dtd import validate
from adapters.formats.findings import Finding, FormatError, reject, rejected
from adapters.formats.koreantime import parse_stamp
from adapters.formats.pack import CARRIES_PUBDOC, Pack, pack_file_name, read_pack, write_pack
from adapters.manifest import Manifest
from onnara.exchange.v1.events_pb2 import (
    DeliveryReported,
    DispatchRequested,
    DocumentArrived,
    ReceiptReported,
    RequestReceived,
)
from onnara.exchange.v1.official_document_pb2 import OfficialDocument

# Above this a pack is held against its document type without its contents: their Base64 is letters the type cannot judge.
WHOLE_BYTES = 1024 * 1024


def create(manifest: Manifest) -> "RelayAdapter":
    """Make the adapter of a manifest."""
    return RelayAdapter(manifest)


class RelayAdapter:
    """Translates packs."""

    def __init__(self, manifest: Manifest) -> None:
        self.name = manifest.name
        self.mapping_version = manifest.mapping_version
        table, steps = Table(manifest.mapping), Steps(manifest.tables["step"])
        self._aliases = manifest.codes("type_alias")
        self._reading = Reading(manifest, table, steps)
        self._writing = Writing(manifest, table, steps)
        self._acknowledgements = Acknowledgements(manifest)
        self._labels = {entry["field"]: entry["label"] for entry in manifest.mapping}

    def decode(self, item: Item) -> Decoded:
        """Translates a pack. Raises FormatError when it is no pack."""
        records = []
        for number, (part, data) in enumerate(item.parts.items(), 1):
            if not data:
                raise FormatError([reject("file-empty", part)])
            records.append(self._record(number, part, item.name, data))
        if not records:
            raise FormatError([reject("file-empty", item.name)])
        return Decoded(records)

    def _record(self, number: int, part: str, name: str, data: bytes) -> Record:
        pack, found = read_pack(data, aliases=self._aliases)
        findings = list(found)
        blobs: dict[bytes, bytes] = {}
        if pack.doc_type in CARRIES_PUBDOC:
            arrived = self._reading.message(pack, name, findings, blobs)
            key = arrived.origin.natural_key if arrived else ""
            message: DocumentArrived | DeliveryReported | None = arrived
        else:
            message = report = self._acknowledgements.message(pack, name, findings)
            key = report.report_id
        if rejected(findings):
            message, blobs = None, {}
        return Record(number, part, 0, data, key, message, tuple(findings), blobs)

    def encode(self, messages: Sequence[Outgoing]) -> Encoded:
        """Translates messages into packs, one a message; whatever would not be valid is refused."""
        items: list[Item] = []
        findings: list[Finding] = []
        refused: dict[int, tuple[Finding, ...]] = {}
        taken: set[str] = set()
        for index, outgoing in enumerate(messages):
            noticed: list[Finding] = []
            try:
                items.append(self._item(outgoing, noticed, taken))
            except FormatError as error:
                refused[index] = error.findings
            findings += noticed
        return Encoded(items, tuple(findings), refused)

    def _item(self, outgoing: Outgoing, findings: list[Finding], taken: set[str]) -> Item:
        message = outgoing.message
        if isinstance(message, DispatchRequested) and len(message.deliveries) != 1:
            raise FormatError(
                [reject("message-not-carried", "deliveries", kind=f"DispatchRequested*{len(message.deliveries)}")]
            )
        if isinstance(message, DispatchRequested | DocumentArrived | OfficialDocument):
            pack = self._writing.pack(outgoing, findings)
        elif isinstance(message, RequestReceived):
            raise FormatError(_request_refused(message))
        else:
            pack = self._acknowledgements.pack(outgoing, findings)
        data = write_pack(pack, unencodable="substitute", report=findings)
        judged = data if len(data) <= WHOLE_BYTES else write_pack(_without_data(pack), unencodable="substitute")
        if faults := validate("pack", judged):
            raise FormatError(faults)
        name = f"{outgoing.name}.xml" if outgoing.name else _name(pack, message, taken)
        taken.add(name)
        return Item(name, {name: data})

    def encode_receipt(self, receipt: ReceiptReported, arrival: DeliveryReported) -> DeliveryReported | None:
        """Make the acknowledgement of an acceptance, a return or a request to send again; None for other acts."""
        return self._acknowledgements.receipt(receipt, arrival)

    def fields(self, record: bytes, part: str) -> Sequence[FieldView]:
        """Shows the header's elements and the document's beside their bytes."""
        del part
        return views.fields(record, self._labels)

    def is_complete(self, names: Sequence[str]) -> bool:
        """Single files are always complete: the relay renames them when they are."""
        del names
        return True


def _request_refused(message: RequestReceived) -> list[Finding]:
    """Say why a request is no pack: first that nobody has registered its document, as long as that is so."""
    findings = [reject("message-not-carried", kind=message.DESCRIPTOR.name)]
    if not quirks.registration_code(message.document.registration):
        findings.insert(0, reject("not-registered", "registration"))
    return findings


def _without_data(pack: Pack) -> Pack:
    return dataclasses.replace(pack, contents=tuple(dataclasses.replace(each, data=b"") for each in pack.contents))


def _name(pack: Pack, message: object, taken: AbstractSet[str]) -> str:
    """Build the name of a pack nobody named: of its own codes and date, with the first free number from 00 on.

    Raises:
        FormatError: `pack-file-name-invalid` when all hundred numbers of that second are taken.

    """
    receiver = message.receiver_code if isinstance(message, DocumentArrived) else ""
    digits = "".join(char for char in pack.date if char.isdigit())
    when, receiver = parse_stamp(digits), receiver or pack.receive_ids[0]
    return next(
        name for number in range(101) if (name := pack_file_name(pack.send_id, receiver, when, number)) not in taken
    )

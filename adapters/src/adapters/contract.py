"""What an adapter is: a pure translator between an agency's bytes and canonical messages.

Item (what arrived as one) -> decode -> Record (one canonical message or reasons) ... and back: message -> encode -> Item.
The runtime owns files, databases and the broker; an adapter owns only the translation, so an operator can try it on a
sample without the stack, and it can run in a worker process.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from google.protobuf.message import Message

from adapters.formats.findings import Finding
from onnara.exchange.v1.events_pb2 import DeliveryReported, ReceiptReported


@dataclass(frozen=True, slots=True)
class Item:
    """What arrives or leaves as one: a file (one part, named as the item) or a directory of files that belong together."""

    name: str
    parts: Mapping[str, bytes]

    @property
    def size(self) -> int:
        """Bytes of all parts."""
        return sum(map(len, self.parts.values()))


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field of a record beside the bytes it was read from.

    offset: bytes from the start of the record. value: None when it could not be read.
    binary: the bytes are no ASCII whatever they look like (EBCDIC, packed numbers): to be shown in hexadecimal.
    """

    name: str
    label: str
    offset: int
    raw: bytes
    value: str | None
    findings: tuple[Finding, ...] = ()
    binary: bool = False


# Not frozen, as to guard it would cost a tenth of the time a record takes.
@dataclass(slots=True)
class Record:
    """One record of an item: a canonical message, or the findings that forbid it. Nobody changes one that was made.

    message: RequestReceived, DocumentArrived, DeliveryReported or ResultReported of onnara.exchange.v1, with only
    ``system``, ``natural_key``, ``notification`` and ``agency_code`` of its origin filled in; the runtime adds the rest.
    None when a finding rejects the record.
    natural_key: the adapter's own identity of the record; empty: file hash and ordinal identify it.
    blobs: bytes of attachments by SHA-256.
    """

    ordinal: int
    part: str
    offset: int
    raw: bytes
    natural_key: str
    message: Message | None
    findings: tuple[Finding, ...] = ()
    blobs: Mapping[bytes, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decoded:
    """All records of an item, and what was noticed about the item as a whole. in = accepted + rejected, always."""

    records: Sequence[Record]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A canonical message to encode, with the attachments' bytes and the name the item has to bear.

    message: DispatchRequested (one delivery), DocumentArrived, RequestReceived, ResultReported or DeliveryReported.
    name: file or directory name without extension where the transport needs a fixed one; empty: the adapter's choice.
    """

    message: Message
    blobs: Mapping[bytes, bytes] = field(default_factory=dict)
    name: str = ""


@dataclass(frozen=True, slots=True)
class Encoded:
    """Items to hand to the transport, what was noticed, and which messages (by index) could not be encoded and why.

    carried: for each item the indexes of the messages in it; empty: not told apart.
    """

    items: Sequence[Item]
    findings: tuple[Finding, ...] = ()
    rejected: Mapping[int, tuple[Finding, ...]] = field(default_factory=dict)
    carried: Sequence[tuple[int, ...]] = ()


class Adapter(Protocol):
    """One agency's translator. Instances hold only their manifest: no state, no I/O."""

    name: str
    mapping_version: int

    def decode(self, item: Item) -> Decoded:
        """Translates an item. Raises FormatError when nothing of it can be read."""
        ...

    def encode(self, messages: Sequence[Outgoing]) -> Encoded:
        """Translates messages back; what cannot be said in the agency's format is rejected, never invented."""
        ...

    def fields(self, record: bytes, part: str) -> Sequence[FieldView]:
        """Shows a record's fields beside their bytes."""
        ...

    def is_complete(self, names: Sequence[str]) -> bool:
        """True when a directory with these file names is whole; for single files always true."""
        ...


@runtime_checkable
class TellsReceipts(Protocol):
    """What an adapter may be able to do beside: tell a sender what became of a document after it was read (접수, 반송).

    Most formats have no word for it; then the sender hears nothing more.
    """

    def encode_receipt(self, receipt: ReceiptReported, arrival: DeliveryReported) -> DeliveryReported | None:
        """The acknowledgement to send, in the terms ``encode`` takes; None when the format has none for this act.

        arrival: that of the document's arrival, with the addresses of both sides.
        """
        ...


@runtime_checkable
class DescribesCalls(Protocol):
    """What an adapter of called operations may be able to do beside: describe them for those who write a client."""

    def wsdl(self, address: str) -> bytes:
        """The description (WSDL 1.1). address: where the operations are served."""
        ...


@runtime_checkable
class PutsFields(Protocol):
    """What an adapter may be able to do beside: say how a value a person typed stands in a field's place (XML escapes it)."""

    def typed(self, value: str, view: FieldView, record: bytes) -> bytes:
        """The bytes to put where the field's are now. record: those of the whole record."""
        ...

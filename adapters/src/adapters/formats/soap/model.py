"""What a SOAP message says, without its XML: names, plain values, attachments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, Self, TypeAlias

from adapters.formats.findings import Finding

Version = Literal["1.1", "1.2"]
Style = Literal["rpc", "document"]

ENVELOPES: Final[Mapping[str, Version]] = {
    "http://schemas.xmlsoap.org/soap/envelope/": "1.1",
    "http://www.w3.org/2003/05/soap-envelope": "1.2",
}
ENCODINGS: Final[Mapping[Version, str]] = {
    "1.1": "http://schemas.xmlsoap.org/soap/encoding/",
    "1.2": "http://www.w3.org/2003/05/soap-encoding",
}
# 1999 and 2000/10 are what toolkits of that time still send.
INSTANCES: Final = (
    "http://www.w3.org/2001/XMLSchema-instance",
    "http://www.w3.org/1999/XMLSchema-instance",
    "http://www.w3.org/2000/10/XMLSchema-instance",
)
SCHEMA: Final = "http://www.w3.org/2001/XMLSchema"
# Of our own operations and answers.
EXCHANGE: Final = "urn:onnara:exchange"
XOP: Final = "http://www.w3.org/2004/08/xop/include"


@dataclass(frozen=True, slots=True)
class Reference:
    """A value that stands in an attachment. content_id: without angle brackets."""

    content_id: str


class Typed(str):
    """A text with its type of XML Schema, which the SOAP encoding says beside it."""

    __slots__ = ("type",)
    type: str

    def __new__(cls, text: str, kind: str) -> Self:
        """Make it. kind: without prefix."""
        made = super().__new__(cls, text)
        made.type = kind
        return made


Value: TypeAlias = "str | Reference | Sequence[Value] | Mapping[str, Value] | None"
"""Text as sent, null, an attachment, an array, or named members in their order."""


@dataclass(frozen=True, slots=True)
class Part:
    """An attachment. name: as announced, may be empty."""

    data: bytes
    media_type: str = "application/octet-stream"
    name: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """What went wrong there. code: without prefix, "Client" and "Server" also for 1.2's Sender and Receiver.

    problems: code, field and sentence of each thing that is wrong, for faults of ours; those of others are in `detail`.
    """

    code: str
    reason: str
    detail: str = ""
    problems: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """A call or an answer.

    operation: local name of the element in the body. namespace: its own. headers: leaves of the header by local name.
    attachments: by content id. demanded: header blocks that must be understood. fault: set when the body holds one; then there is neither operation nor values.
    """

    operation: str
    namespace: str
    values: Mapping[str, Value]
    version: Version = "1.1"
    style: Style = "document"
    headers: Mapping[str, str] = field(default_factory=dict)
    attachments: Mapping[str, Part] = field(default_factory=dict)
    fault: Fault | None = None
    findings: tuple[Finding, ...] = ()
    demanded: tuple[str, ...] = ()


def text_of(value: Value) -> str:
    """A leaf's text, trimmed; empty for null and for what is no leaf."""
    return value.strip() if isinstance(value, str) else ""


def many(value: Value) -> Sequence[Value]:
    """A list in any case: toolkits send one thing alone where several would be an array, and nothing for none."""
    if value is None:
        return ()
    if isinstance(value, list | tuple):
        return value
    return (value,)

"""A `Message` to SOAP bytes and their content type, in the style and version the other side speaks."""

from collections.abc import Iterator, Mapping
from typing import Final

from adapters.formats import xmltext
from adapters.formats.soap import mime
from adapters.formats.soap.model import (
    ENCODINGS,
    ENVELOPES,
    EXCHANGE,
    INSTANCES,
    SCHEMA,
    XOP,
    Fault,
    Message,
    Reference,
    Typed,
    Value,
    Version,
)

_ENVELOPE: Final[Mapping[Version, str]] = {version: space for space, version in ENVELOPES.items()}
_TYPES: Final[Mapping[Version, str]] = {"1.1": "text/xml", "1.2": "application/soap+xml"}
_FAULTS: Final = {"Client": "Sender", "Server": "Receiver"}


def write(message: Message, *, charset: str = "utf-8") -> tuple[bytes, str]:
    """Write a call, an answer or a fault; answers the body and its content type.

    Args:
        message: as `read` gives it; findings are not written.
        charset: of the envelope; a character it lacks goes out as a numeric reference.

    """
    version = message.version
    content = _fault(message.fault, version) if message.fault else _call(message)
    header = "".join(f"<h:{name}>{xmltext.text(text)}</h:{name}>" for name, text in message.headers.items())
    head = f'<soap:Header xmlns:h="urn:onnara:header">{header}</soap:Header>' if header else ""
    document = (
        f'<?xml version="1.0" encoding="{charset}"?>'
        f'<soap:Envelope xmlns:soap="{_ENVELOPE[version]}" xmlns:xsi="{INSTANCES[0]}" xmlns:xsd="{SCHEMA}" '
        f'xmlns:enc="{ENCODINGS[version]}">{head}<soap:Body>{content}</soap:Body></soap:Envelope>'
    )
    envelope = document.encode(charset, "xmlcharrefreplace")
    content_type = f"{_TYPES[version]}; charset={charset}"
    if not message.attachments:
        return envelope, content_type
    optimized = message.style == "document" and any(map(_is_referred, message.values.values()))
    return mime.together(envelope, content_type, message.attachments, optimized=optimized)


def _is_referred(value: Value) -> bool:
    """Whether something of a value stands in an attachment."""
    if isinstance(value, Mapping):
        return any(map(_is_referred, value.values()))
    if isinstance(value, list | tuple):
        return any(map(_is_referred, value))
    return isinstance(value, Reference)


def _call(message: Message) -> str:
    encoded = message.style == "rpc"
    inner = "".join(_members(message.values, encoded=encoded))
    style = f' soap:encodingStyle="{ENCODINGS[message.version]}"' if encoded else ""
    if encoded:
        return f'<m:{message.operation} xmlns:m="{xmltext.attribute(message.namespace)}"{style}>{inner}</m:{message.operation}>'
    return f'<{message.operation} xmlns="{xmltext.attribute(message.namespace)}">{inner}</{message.operation}>'


def _members(values: Mapping[str, Value], *, encoded: bool) -> Iterator[str]:
    for name, value in values.items():
        if isinstance(value, list | tuple) and not encoded:
            # Several of one name, as document/literal has it; arrays are of the encoding.
            for each in value:
                yield _element(name, each, encoded=encoded)
        else:
            yield _element(name, value, encoded=encoded)


def _element(name: str, value: Value, *, encoded: bool) -> str:
    if value is None:
        return f'<{name} xsi:nil="true"/>'
    if isinstance(value, str):
        said = value.type if isinstance(value, Typed) else "string"
        kind = f' xsi:type="xsd:{said}"' if encoded else ""
        return f"<{name}{kind}>{xmltext.text(xmltext.without_controls(value))}</{name}>"
    if isinstance(value, Reference):
        address = f"cid:{xmltext.attribute(value.content_id)}"
        if encoded:
            return f'<{name} href="{address}"/>'
        return f'<{name}><xop:Include xmlns:xop="{XOP}" href="{address}"/></{name}>'
    if isinstance(value, Mapping):
        return f"<{name}>{''.join(_members(value, encoded=encoded))}</{name}>"
    items = "".join(_element("item", each, encoded=encoded) for each in value)
    return f'<{name} xsi:type="enc:Array" enc:arrayType="xsd:anyType[{len(value)}]">{items}</{name}>'


def _fault(fault: Fault, version: Version) -> str:
    code, reason = fault.code or "Server", xmltext.text(xmltext.without_controls(fault.reason))
    inner = "".join(map(_problem, fault.problems))
    if fault.detail:
        inner = (
            f'<o:message xmlns:o="{EXCHANGE}">{xmltext.text(xmltext.without_controls(fault.detail))}</o:message>{inner}'
        )
    if version == "1.1":
        more = f"<detail>{inner}</detail>" if inner else ""
        # A language beside the sentence: WS-I Basic Profile 1.1, R1016.
        return (
            f'<soap:Fault><faultcode>soap:{code}</faultcode><faultstring xml:lang="ko">{reason}</faultstring>'
            f"{more}</soap:Fault>"
        )
    more = f"<soap:Detail>{inner}</soap:Detail>" if inner else ""
    return (
        f"<soap:Fault><soap:Code><soap:Value>soap:{_FAULTS.get(code, code)}</soap:Value></soap:Code>"
        f'<soap:Reason><soap:Text xml:lang="ko">{reason}</soap:Text></soap:Reason>{more}</soap:Fault>'
    )


def _problem(problem: tuple[str, str, str]) -> str:
    names = ("code", "field", "reason")
    said = (
        f"<o:{name}>{xmltext.text(xmltext.without_controls(word))}</o:{name}>"
        for name, word in zip(names, problem, strict=True)
    )
    return f'<o:problem xmlns:o="{EXCHANGE}">{"".join(said)}</o:problem>'

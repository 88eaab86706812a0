"""SOAP bytes to a `Message`: either version, either style, values put together from wherever the envelope keeps them."""

from collections.abc import Mapping
from typing import Final

from lxml import etree

from adapters.formats import xmlsafe
from adapters.formats.findings import Finding, FormatError, loss, reject, repair
from adapters.formats.soap import mime
from adapters.formats.soap.model import (
    ENCODINGS,
    ENVELOPES,
    INSTANCES,
    XOP,
    Fault,
    Message,
    Reference,
    Style,
    Value,
    Version,
)

MOST_VALUES: Final = 200_000
MOST_DEPTH: Final = 60
_CODES: Final = {"Sender": "Client", "Receiver": "Server"}


def read(data: bytes, content_type: str = "text/xml") -> Message:
    """Read a call or an answer.

    Args:
        data: the body as it came over HTTP.
        content_type: its header, which may name a boundary.

    Raises:
        FormatError: no XML, no SOAP envelope, nothing in the body, references in a circle or to nowhere, too much.

    """
    parcel = mime.apart(data, content_type)
    root, prepared = xmlsafe.parse(parcel.envelope, files=True)
    version = ENVELOPES.get(_namespace(root))
    if version is None and _local(root) == "Envelope":
        raise FormatError([*prepared.findings, reject("soap-version-unknown", namespace=_namespace(root)[:120])])
    if version is None or _local(root) != "Envelope":
        raise FormatError([*prepared.findings, reject("soap-envelope-missing", root=_local(root)[:60])])
    findings = list(prepared.findings)
    body = _child(root, "Body")
    entries = [each for each in body if isinstance(each.tag, str)] if body is not None else []
    if not entries:
        raise FormatError([*findings, reject("soap-body-empty")])
    header = _child(root, "Header")
    headers, demanded = _headers_of(header), _demanded(header, _namespace(root))
    first = _root_entry(entries, version)
    if _local(first) == "Fault" and _namespace(first) in ENVELOPES:
        fault = _fault(first)
        return Message("", "", {}, version, "document", headers, parcel.parts, fault, tuple(findings))
    reading = _Reading(body, version, parcel.parts, findings)
    # Some toolkits say on the envelope how all of it is encoded.
    reading.encoded = any(
        name.endswith("}encodingStyle") for each in (root, entries[0].getparent()) for name in each.attrib
    )
    value = reading.value(first, 0)
    empty = value is None or (isinstance(value, str) and not value.strip())
    values = value if isinstance(value, Mapping) else {} if empty else {"value": value}
    style: Style = "rpc" if reading.encoded or len(entries) > 1 else "document"
    reading.report_unused()
    return Message(
        _local(first), _namespace(first), values, version, style, headers, parcel.parts, None, tuple(findings), demanded
    )


class _Reading:
    """Reads the values of one body; counts them, for references can make much of little."""

    def __init__(
        self, body: etree._Element, version: Version, parts: Mapping[str, object], findings: list[Finding]
    ) -> None:
        self._encoding = ENCODINGS[version]
        self._by_id = {each.get("id"): each for each in body.iter() if isinstance(each.tag, str) and each.get("id")}
        self._open: list[str] = []
        self._count = 0
        self._parts = parts
        self._used: set[str] = set()
        self._findings = findings
        self.encoded = False
        """True when something of the SOAP encoding was met."""

    def value(self, element: etree._Element, depth: int) -> Value:
        self._count += 1
        if self._count > MOST_VALUES or depth > MOST_DEPTH:
            raise FormatError([reject("soap-too-large", limit=str(MOST_VALUES), depth=str(MOST_DEPTH))])
        # Most elements have no attributes at all.
        if element.attrib:
            self._note_encoding(element)
            if _is_nil(element):
                return None
            address = element.get("href") or element.get(f"{{{self._encoding}}}ref") or element.get("ref") or ""
            if address and (address.startswith("#") or address in self._by_id):
                return self._referred(address.removeprefix("#"), depth)
            if address.startswith("cid:"):
                return self._attached(address[4:])
        children = [each for each in element if isinstance(each.tag, str)]
        if len(children) == 1 and children[0].tag == f"{{{XOP}}}Include":
            return self._attached((children[0].get("href") or "").removeprefix("cid:"))
        if not children:
            return element.text or ""
        if (element.text or "").strip() or any((each.tail or "").strip() for each in children):
            self._findings.append(loss("soap-mixed-content", _local(element)))
        if self._is_array(element):
            return [self.value(each, depth + 1) for each in children]
        return self._members(children, depth)

    def _members(self, children: list[etree._Element], depth: int) -> Value:
        members: dict[str, list[Value]] = {}
        for child in children:
            members.setdefault(_local(child), []).append(self.value(child, depth + 1))
        return {name: found[0] if len(found) == 1 else found for name, found in members.items()}

    def _referred(self, name: str, depth: int) -> Value:
        target = self._by_id.get(name)
        if target is None:
            raise FormatError([reject("soap-reference-missing", name=name[:60])])
        if name in self._open:
            raise FormatError([reject("soap-reference-circle", name=name[:60])])
        self.encoded = True
        self._open.append(name)
        value = self.value(target, depth + 1)
        self._open.pop()
        return value

    def _attached(self, name: str) -> Value:
        if name not in self._parts:
            raise FormatError([reject("soap-attachment-missing", name=name[:120])])
        self._used.add(name)
        return Reference(name)

    def _is_array(self, element: etree._Element) -> bool:
        kind = next((value for name, value in element.attrib.items() if name.endswith("}type")), "")
        named = any(name.endswith(("}arrayType", "}itemType", "}arraySize")) for name in element.attrib)
        return named or kind.rpartition(":")[2] == "Array" or element.tag == f"{{{self._encoding}}}Array"

    def _note_encoding(self, element: etree._Element) -> None:
        if any(name.endswith("}encodingStyle") for name in element.attrib):
            self.encoded = True

    def report_unused(self) -> None:
        """Attachments that no value names are kept and told of."""
        for name in self._parts:
            if name not in self._used:
                self._findings.append(repair("soap-attachment-unnamed", name=name[:120]))


def _root_entry(entries: list[etree._Element], version: Version) -> etree._Element:
    """The call itself: with the SOAP encoding, values that others refer to stand beside it."""
    encoding = ENCODINGS[version]
    for entry in entries:
        if entry.get(f"{{{encoding}}}root") != "0" and not entry.get("id"):
            return entry
    return entries[0]


def _fault(element: etree._Element) -> Fault:
    code = _text(element, "faultcode") or _text(element, "Code", "Value")
    local = code.rpartition(":")[2]
    reason = _text(element, "faultstring") or _text(element, "Reason", "Text")
    detail = _child(element, "detail") if _child(element, "detail") is not None else _child(element, "Detail")
    words = " ".join(" ".join(detail.itertext()).split()) if detail is not None else ""
    return Fault(_CODES.get(local, local), reason, words)


def _text(element: etree._Element, *path: str) -> str:
    found: etree._Element | None = element
    for name in path:
        found = _child(found, name) if found is not None else None
    return (found.text or "").strip() if found is not None else ""


def _headers_of(header: etree._Element | None) -> dict[str, str]:
    if header is None:
        return {}
    leaves = (each for each in header.iter() if isinstance(each.tag, str) and not len(each))
    return {_local(each): (each.text or "").strip() for each in leaves if each is not header}


def _demanded(header: etree._Element | None, space: str) -> tuple[str, ...]:
    """Name the blocks that whoever reads the message has to understand, or refuse it (SOAP 1.1, 4.2.3)."""
    blocks = [each for each in header if isinstance(each.tag, str)] if header is not None else []
    return tuple(_local(each) for each in blocks if each.get(f"{{{space}}}mustUnderstand") in {"1", "true"})


_NULLS: Final = tuple(f"{{{space}}}{name}" for space in INSTANCES for name in ("nil", "null"))


def _is_nil(element: etree._Element) -> bool:
    return any(element.get(name) in {"1", "true"} for name in _NULLS)


def _child(element: etree._Element, name: str) -> etree._Element | None:
    return next((each for each in element if isinstance(each.tag, str) and _local(each) == name), None)


def _local(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _namespace(element: etree._Element) -> str:
    return str(element.tag)[1:].partition("}")[0] if str(element.tag).startswith("{") else ""

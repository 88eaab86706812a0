"""WSDL 1.1 of a system's calls, document/literal: what a client of today is generated from, when its own was lost.

`Service` -> text of XML. Two port types: `Requests`, which is served here, with `collect` and `confirm` beside the system's own
operations, and `Answers`, which the system serves when it wants to be called.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from adapters.formats.soap.model import EXCHANGE
from adapters.formats.soap.shape import (
    CONTENT,
    FILE_NAME,
    FILE_SIZE,
    FILE_TITLE,
    FILE_TYPE,
    GENERATION,
    Call,
    Leaf,
    Service,
    Tree,
)
from adapters.formats.xmltext import attribute, text

_FILE: Final = (
    (FILE_NAME, "string", 1),
    (FILE_TITLE, "string", 0),
    (FILE_TYPE, "string", 0),
    (FILE_SIZE, "long", 0),
    (CONTENT, "base64Binary", 1),
)
_HTTP: Final = "http://schemas.xmlsoap.org/soap/http"
_BINDINGS: Final = (("Soap11", "soap"), ("Soap12", "soap12"))
_OWN: Final[Mapping[str, str]] = {
    "stored": '<xs:element name="name" type="xs:string"/><xs:element name="records" type="xs:int"/><xs:element name="waiting" type="xs:int"/>',
    "collect": '<xs:element name="most" type="xs:int" minOccurs="0"/>',
    "collected": '<xs:element name="item" minOccurs="0" maxOccurs="unbounded"><xs:complexType><xs:sequence><xs:element name="name" type="xs:string"/><xs:element name="contentType" type="xs:string"/><xs:element name="content" type="xs:base64Binary"/></xs:sequence></xs:complexType></xs:element>',
    "confirm": '<xs:element name="name" type="xs:string" minOccurs="0" maxOccurs="unbounded"/>',
    "confirmed": '<xs:element name="count" type="xs:int"/>',
}


def describe(service: Service, asking: Iterable[str], address: str) -> bytes:
    """Write the description. asking: operations others call; the rest are calls of ours. address: where they are served."""
    own = service.namespaces[0]
    known = set(asking)
    here = [call for call in service.calls if call.operation in known]
    there = [call for call in service.calls if call.operation not in known]
    pairs = [(f"t:{call.operation}", "o:stored") for call in here] + [
        ("o:collect", "o:collected"),
        ("o:confirm", "o:confirmed"),
    ]
    answers = [(f"t:{call.operation}", f"t:{call.operation}Response") for call in there]
    schema = "".join(map(_element, service.calls)) + "".join(
        f'<xs:element name="{call.operation}Response"><xs:complexType/></xs:element>' for call in there
    )
    words = "".join(
        f'<xs:element name="{name}"><xs:complexType><xs:sequence>{inner}</xs:sequence></xs:complexType></xs:element>'
        for name, inner in _OWN.items()
    )
    written = (
        f'<?xml version="1.0" encoding="utf-8"?><wsdl:definitions name="{attribute(service.name)}" targetNamespace="{attribute(own)}" '
        f'xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" '
        f'xmlns:soap12="http://schemas.xmlsoap.org/wsdl/soap12/" xmlns:xs="http://www.w3.org/2001/XMLSchema" '
        f'xmlns:t="{attribute(own)}" xmlns:o="{EXCHANGE}"><wsdl:documentation>{text(service.title)}</wsdl:documentation>'
        f"<wsdl:types>{_schema(own, schema)}{_schema(EXCHANGE, words)}</wsdl:types>"
        f"{_messages([*pairs, *answers])}{_port_type('Requests', pairs)}{_port_type('Answers', answers) if answers else ''}"
        f"{_bindings('Requests', pairs)}{_bindings('Answers', answers) if answers else ''}"
        f'<wsdl:service name="{attribute(service.name)}">{_ports(address)}</wsdl:service></wsdl:definitions>'
    )
    return written.encode()


def _schema(namespace: str, inner: str) -> str:
    return f'<xs:schema targetNamespace="{attribute(namespace)}" elementFormDefault="qualified">{inner}</xs:schema>'


def _element(call: Call) -> str:
    tree = Tree()
    for leaf in call.leaves:
        if leaf.name != GENERATION:
            tree.put(leaf.name, leaf)
    for lines in call.lists:
        tree.put(lines.name, (lines.entry, "".join(map(_leaf, lines.leaves)), lines.required))
    if call.files:
        files = "".join(
            f'<xs:element name="{name}" type="xs:{kind}" minOccurs="{least}"/>' for name, kind, least in _FILE
        )
        tree.put(call.files, (call.file_entry, files, False))
    inner = _members(tree.members)
    if call.inside:
        inner = (
            f'<xs:element name="{call.inside}"><xs:complexType><xs:all>{inner}</xs:all></xs:complexType></xs:element>'
        )
        return f'<xs:element name="{call.operation}"><xs:complexType><xs:sequence>{inner}</xs:sequence></xs:complexType></xs:element>'
    return f'<xs:element name="{call.operation}"><xs:complexType><xs:all>{inner}</xs:all></xs:complexType></xs:element>'


def _members(members: Mapping[str, Any]) -> str:
    """Say the elements of a part; their order is free."""
    out = []
    for name, member in members.items():
        if isinstance(member, Leaf):
            out.append(_leaf(member))
        elif isinstance(member, tuple):
            entry, inner, required = member
            least = "" if required else ' minOccurs="0"'
            out.append(
                f'<xs:element name="{name}"{least}><xs:complexType><xs:sequence><xs:element name="{entry}" minOccurs="0" maxOccurs="unbounded">'
                f"<xs:complexType><xs:all>{inner}</xs:all></xs:complexType></xs:element></xs:sequence></xs:complexType></xs:element>"
            )
        else:
            least = "" if _demands(member) else ' minOccurs="0"'
            out.append(
                f'<xs:element name="{name}"{least}><xs:complexType><xs:all>{_members(member)}</xs:all></xs:complexType></xs:element>'
            )
    return "".join(out)


def _demands(members: Mapping[str, Any]) -> bool:
    return any(
        each.required if isinstance(each, Leaf) else isinstance(each, dict) and _demands(each)
        for each in members.values()
    )


def _leaf(leaf: Leaf) -> str:
    name = leaf.name.rpartition(".")[2]
    least = "" if leaf.required else ' minOccurs="0" nillable="true"'
    said = (
        f"<xs:annotation><xs:documentation>{text(leaf.label)}</xs:documentation></xs:annotation>" if leaf.label else ""
    )
    return f'<xs:element name="{name}" type="xs:{leaf.type}"{least}>{said}</xs:element>'


def _messages(pairs: Iterable[tuple[str, str]]) -> str:
    names = dict.fromkeys(name for pair in pairs for name in pair)
    return "".join(
        f'<wsdl:message name="{name.partition(":")[2]}"><wsdl:part name="parameters" element="{name}"/></wsdl:message>'
        for name in names
    )


def _port_type(name: str, pairs: Iterable[tuple[str, str]]) -> str:
    inner = "".join(
        f'<wsdl:operation name="{asked.partition(":")[2]}"><wsdl:input message="t:{asked.partition(":")[2]}"/>'
        f'<wsdl:output message="t:{answer.partition(":")[2]}"/></wsdl:operation>'
        for asked, answer in pairs
    )
    return f'<wsdl:portType name="{name}">{inner}</wsdl:portType>'


def _bindings(port_type: str, pairs: Iterable[tuple[str, str]]) -> str:
    listed = list(pairs)
    out = []
    for name, prefix in _BINDINGS:
        body = f'<{prefix}:body use="literal"/>'
        inner = "".join(
            f'<wsdl:operation name="{asked.partition(":")[2]}"><{prefix}:operation soapAction="" style="document"/>'
            f"<wsdl:input>{body}</wsdl:input><wsdl:output>{body}</wsdl:output></wsdl:operation>"
            for asked, _ in listed
        )
        out.append(
            f'<wsdl:binding name="{port_type}{name}" type="t:{port_type}"><{prefix}:binding style="document" transport="{_HTTP}"/>{inner}</wsdl:binding>'
        )
    return "".join(out)


def _ports(address: str) -> str:
    return "".join(
        f'<wsdl:port name="{name}" binding="t:Requests{name}"><{prefix}:address location="{attribute(address)}"/></wsdl:port>'
        for name, prefix in _BINDINGS
    )

"""SOAP: both versions, both styles, references, arrays, attachments, faults; what is hostile or broken is refused with a reason."""

import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.formats.findings import FormatError
from adapters.formats.soap import mime
from adapters.formats.soap.model import Fault, Message, Part, Reference, many, text_of
from adapters.formats.soap.read import MOST_VALUES, read
from adapters.formats.soap.write import write

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
ENCODED = f"""<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="{SOAP}" xmlns:xsd="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Header><wsse:Security
 xmlns:wsse="urn:wsse"><wsse:Username>most</wsse:Username></wsse:Security></soapenv:Header><soapenv:Body>
<ns1:submitApproval soapenv:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/" xmlns:ns1="urn:most:approval">
<request href="#id0"/><signers xsi:type="soapenc:Array" soapenc:arrayType="xsd:string[2]"
 xmlns:soapenc="http://schemas.xmlsoap.org/soap/encoding/"><item>김나래</item><item>이준호</item></signers>
<memo xsi:nil="true"/></ns1:submitApproval>
<multiRef id="id0" soapenc:root="0" xsi:type="ns2:Request" xmlns:ns2="urn:most:approval"
 xmlns:soapenc="http://schemas.xmlsoap.org/soap/encoding/"><title xsi:type="xsd:string">연구과제 협약 체결</title>
<owner href="#id1"/></multiRef>
<multiRef id="id1" soapenc:root="0" xmlns:soapenc="http://schemas.xmlsoap.org/soap/encoding/"><name>김나래</name></multiRef>
</soapenv:Body></soapenv:Envelope>"""


def body(inner: str) -> bytes:
    return f'<e:Envelope xmlns:e="{SOAP}"><e:Body>{inner}</e:Body></e:Envelope>'.encode()


def code_of(data: bytes, content_type: str = "text/xml") -> str:
    with pytest.raises(FormatError) as raised:
        read(data, content_type)
    return raised.value.findings[-1].code


def test_rpc_encoded_with_references_arrays_and_null() -> None:
    message = read(ENCODED.encode())
    assert (message.operation, message.namespace, message.style) == ("submitApproval", "urn:most:approval", "rpc")
    assert message.headers == {"Username": "most"}
    assert message.values == {
        "request": {"title": "연구과제 협약 체결", "owner": {"name": "김나래"}},
        "signers": ["김나래", "이준호"],
        "memo": None,
    }
    assert message.findings == ()


@pytest.mark.parametrize(("declared", "real"), [("UTF-8", "cp949"), ("EUC-KR", "cp949"), ("euc-kr", "utf-8")])
def test_what_is_declared_is_not_believed(declared: str, real: str) -> None:
    message = read(ENCODED.replace("UTF-8", declared).encode(real))
    assert message.values["signers"] == ["김나래", "이준호"]
    assert bool(message.findings) == (declared != "EUC-KR")


def test_document_literal_repeats_names() -> None:
    message = read(body('<r xmlns="urn:x"><step><who>a</who></step><step><who>b</who></step><one>1</one></r>'))
    assert message.style == "document"
    assert message.values == {"step": [{"who": "a"}, {"who": "b"}], "one": "1"}
    assert [text_of(each) for each in many(message.values["one"])] == ["1"]
    assert many(None) == ()


def test_faults_of_both_versions() -> None:
    for version in ("1.1", "1.2"):
        fault = Fault("Client", "제목이 없습니다 <title>", "코드 title-missing")
        data, content_type = write(Message("", "", {}, version=version, fault=fault))
        again = read(data, content_type)
        assert (again.fault, again.version, again.operation) == (fault, version, "")


def test_with_attachments() -> None:
    binary = bytes(range(256)) + b"\r\n--not-the-boundary\r\n\r\n" + b"\r\n"
    parts = {"body@most": Part(binary, "application/x-hwp", "계획서.hwp"), "b": Part(b"", "text/plain")}
    for style in ("rpc", "document"):
        values = {"title": "t", "file": Reference("body@most"), "other": Reference("b")}
        data, content_type = write(Message("submit", "urn:x", values, style=style, attachments=parts))
        again = read(data, content_type)
        assert (again.values, again.attachments, again.style, again.findings) == (values, parts, style, ())
        assert write(again) == (data, content_type)


def test_parts_as_old_toolkits_send_them() -> None:
    text = (
        "preamble\n--B\nContent-Type: text/xml\n\n" + body('<r><f href="cid:1"/></r>').decode() + "\n--B\n"
        "Content-ID: <1>\nContent-Transfer-Encoding: base64\n\nQUJD\nREVG\n--B\n\nno header\n--B--\nepilogue"
    )
    message = read(text.encode(), 'multipart/related; boundary="B"')
    assert message.attachments["1"].data == b"ABCDEF"
    assert message.attachments["part-2"].data == b"no header"
    assert [finding.code for finding in message.findings] == ["soap-attachment-unnamed"]


def test_what_is_refused() -> None:
    circle = '<r href="#a"/><x id="a"><y href="#a"/></x>'
    assert code_of(body(circle)) == "soap-reference-circle"
    assert code_of(body('<r><y href="#no"/></r>')) == "soap-reference-missing"
    assert code_of(body('<r><y href="cid:no"/></r>')) == "soap-attachment-missing"
    assert code_of(body("")) == "soap-body-empty"
    assert code_of(b"<html/>") == "soap-envelope-missing"
    assert code_of(b"") == "xml-empty"
    assert code_of(body("<r>")) == "xml-malformed"
    assert code_of(b"x", "multipart/related; boundary=B") == "mime-boundary-missing"
    assert code_of(b"--B\n" + b"x" * 20000, "multipart/related; boundary=B") == "mime-part-malformed"
    assert code_of(b"--B--\n", "multipart/related; boundary=B") == "mime-root-missing"
    assert code_of(b"--B\n\nx\n" * 300, "multipart/related; boundary=B") == "mime-too-many-parts"
    assert code_of(body("<a>" * 100 + "</a>" * 100)) == "soap-too-large"
    assert (
        code_of(b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + body("<r>&a;</r>"))
        == "xml-entity-forbidden"
    )


def test_references_that_multiply_are_stopped() -> None:
    doubling = "".join(f'<x id="n{at}"><a href="#n{at + 1}"/><b href="#n{at + 1}"/></x>' for at in range(40))
    assert code_of(body(f'<r href="#n0"/>{doubling}<x id="n40">end</x>')) == "soap-too-large"
    assert MOST_VALUES < 1 << 40


NAMES = st.text(string.ascii_letters, min_size=1, max_size=8)
TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), max_size=20
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | TEXTS,
    lambda inner: st.lists(inner, min_size=2, max_size=3) | st.dictionaries(NAMES, inner, min_size=1, max_size=3),
    max_leaves=8,
)


def plainly(value: Any, *, encoded: bool) -> Any:
    """What document/literal can say of a value: an array inside an array has no name of its own there."""
    if isinstance(value, dict):
        return {name: plainly(each, encoded=encoded) for name, each in value.items()}
    if isinstance(value, list):
        return [plainly(each, encoded=encoded) for each in value if encoded or not isinstance(each, list)] or None
    return value


@given(
    NAMES,
    st.dictionaries(NAMES, VALUES, max_size=4),
    st.sampled_from(["1.1", "1.2"]),
    st.sampled_from(["rpc", "document"]),
)
def test_what_is_written_is_read(operation: str, values: dict[str, Any], version: Any, style: Any) -> None:
    encoded = style == "rpc"
    wanted = plainly(values, encoded=encoded)
    if not encoded and any(isinstance(each, list) and len(each) == 1 for each in _lists(wanted)):
        return
    data, content_type = write(Message(operation, "urn:x", wanted, version=version, style=style))
    again = read(data, content_type)
    assert (again.operation, again.values, again.version) == (operation, wanted, version)


def _lists(value: Any) -> list[Any]:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [value, *(each for part in inner for each in _lists(part))]


@given(
    st.binary(max_size=300),
    st.sampled_from(["text/xml", 'multipart/related; boundary="B"', "multipart/related", "\x00"]),
)
def test_any_bytes_end_read_or_refused(data: bytes, content_type: str) -> None:
    for each in (data, b"--B\r\n" + data + b"\r\n--B--", body("<r/>") + data):
        try:
            read(each, content_type)
        except FormatError as error:
            refused = error.findings
        else:
            continue
        assert refused


@pytest.mark.parametrize("charset", ["utf-8", "cp949"])
def test_file_names_in_raw_bytes(charset: str) -> None:
    head = 'Content-ID: <1>\r\nContent-Disposition: attachment; filename="계획서.hwp"'.encode(charset)
    data = b"--B\r\n\r\n" + body('<r href="cid:1"/>') + b"\r\n--B\r\n" + head + b"\r\n\r\nx\r\n--B--"
    assert read(data, "multipart/related; boundary=B").attachments["1"].name == "계획서.hwp"


def test_a_boundary_inside_a_line_is_none() -> None:
    parcel = mime.apart(b"--B\r\n\r\nx --B y\r\n--B--\r\n", "multipart/related; boundary=B")
    assert parcel.envelope == b"x --B y"


def test_a_file_name_in_a_charset_that_is_none_refuses_the_part() -> None:
    parts = {"f1": Part(b"x", "application/x-hwp", "a.hwp")}
    data, content_type = write(Message("a", "urn:a", {"file": Reference("f1")}, attachments=parts))
    spoiled = data.replace(b"filename*=UTF-8''a.hwp", b"filename*=ut\0f-8''a.hwp")
    assert spoiled != data
    assert code_of(spoiled, content_type) == "mime-part-malformed"

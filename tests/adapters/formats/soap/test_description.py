"""The description (WSDL) of calls: it is one, and what is written here is what it promises; how a call was asked is seen from outside."""

from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from adapters import catalogue
from adapters.contract import DescribesCalls
from adapters.formats.soap.asked import Asked, asked
from adapters.formats.soap.model import EXCHANGE, Message, Style, Typed, Version
from adapters.formats.soap.write import write
from adapters.formats.soap.wsdl import describe

ADAPTER: Any = catalogue.load("most_projects")
SAMPLES = Path(str(catalogue.folder("most_projects"))) / "samples"
XS = "{http://www.w3.org/2001/XMLSchema}schema"


def schemas() -> dict[str, etree.XMLSchema]:
    """The compiled types of the description, by namespace."""
    described = etree.fromstring(ADAPTER.wsdl("https://approval.gov.example/most?a=1&b=2"))
    return {each.get("targetNamespace"): etree.XMLSchema(each) for each in described.iter(XS)}


def first_in_body(body: bytes) -> Any:
    begun, end = body.index(b"<soap:Envelope"), body.index(b"</soap:Envelope>") + len(b"</soap:Envelope>")
    return etree.fromstring(body[begun:end])[-1][0]


@pytest.mark.parametrize("case", ["generations/in/C3", "newer/out/MOST-2026-BS-0301-1"])
def test_requests_are_as_the_description_says(case: str) -> None:
    body = (SAMPLES / case / "body").read_bytes()
    # Content in a part is described as what it is when it stands inside (XOP 2.1).
    request = first_in_body(body)
    for content in request.iter("{urn:most:projects:approval}content"):
        content.remove(content[0])
    schemas()["urn:most:projects:approval"].assertValid(request)


def test_answers_are_as_the_description_says() -> None:
    written = sorted((SAMPLES / "answer" / "in").glob("*-2026-NR-*/body"))
    assert written
    for path in written:
        schemas()["urn:most:projects:approval"].assertValid(first_in_body(path.read_bytes()))


@pytest.mark.parametrize(
    "answer",
    [
        Message("stored", EXCHANGE, {"name": "a", "records": Typed("1", "int"), "waiting": Typed("0", "int")}),
        Message("collected", EXCHANGE, {"item": [{"name": "a", "contentType": "text/xml", "content": "YQ=="}] * 2}),
        Message("collected", EXCHANGE, {}),
        Message("confirmed", EXCHANGE, {"count": Typed("2", "int")}),
    ],
)
def test_our_own_operations_are_described(answer: Message) -> None:
    schemas()[EXCHANGE].assertValid(first_in_body(write(answer)[0]))


def test_everything_named_in_the_description_is_there() -> None:
    assert isinstance(ADAPTER, DescribesCalls)
    described = etree.fromstring(ADAPTER.wsdl("https://approval.gov.example/most?a=1&b=2"))
    names: dict[str, set[str]] = {}
    for each in described.iter():
        if isinstance(each.tag, str) and each.get("name"):
            names.setdefault(etree.QName(each).localname, set()).add(each.get("name"))
    for each in described.iter("{*}input", "{*}output"):
        if each.get("message"):
            assert each.get("message").partition(":")[2] in names["message"]
    for each in described.iter("{*}part"):
        assert each.get("element").partition(":")[2] in names["element"]
    for each in described.iter("{*}port"):
        assert each.get("binding").partition(":")[2] in names["binding"]
    assert {each.get("location") for each in described.iter("{*}address")} == {
        "https://approval.gov.example/most?a=1&b=2"
    }


def test_a_service_that_only_asks_has_no_answers() -> None:
    service = ADAPTER.service
    described = describe(service, [call.operation for call in service.calls], "http://x/")
    assert b"Answers" not in described
    assert b"reportResult" in described


@pytest.mark.parametrize("version", ["1.1", "1.2"])
@pytest.mark.parametrize("style", ["rpc", "document"])
def test_how_a_call_was_asked_is_seen_without_reading_it(style: Style, version: Version) -> None:
    body, content_type = write(Message("submitProject", "urn:a", {"a": "b"}, version, style))
    assert asked(content_type, body) == Asked(version, style, "submitProject")
    assert asked(content_type).version == version


@pytest.mark.parametrize("body", [b"", b"\x00" * 100, b"<html/>", "<가 encodingStyle=".encode("cp949")])
def test_what_is_no_call_is_answered_in_the_older_way(body: bytes) -> None:
    assert asked("text/xml", body) == Asked()

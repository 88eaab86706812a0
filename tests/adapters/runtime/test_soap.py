"""Systems that call us with SOAP: what they send is stored before it is answered; what waits is collected and confirmed."""

import asyncio
import base64
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest

from adapters.formats.soap.model import Message, Style, Version, many
from adapters.formats.soap.shape import BODY, TYPE
from adapters.runtime.decoding import Decoder
from adapters.runtime.endpoints import Endpoint, Endpoints
from adapters.runtime.intake import Intake
from adapters.runtime.mappings import Mapping, shipped_text
from adapters.runtime.soapfront import SoapFront
from adapters.runtime.transports.folders import put_all
from adapters.runtime.transports.soap import Account, as_item
from support.runtime import AGENCY, Runtime
from support.soap_caller import PROJECT, as_shipped, call, front, project, served


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    made = Decoder()
    yield made
    made.close()


@pytest.fixture
def account(tmp_path: Path) -> Account:
    (tmp_path / "password").write_text("secret\n", encoding="utf-8")
    return Account("most", tmp_path / "password")


async def test_a_message_is_on_the_disk_before_it_is_answered(
    runtime: Runtime, tmp_path: Path, account: Account
) -> None:
    endpoint = served(tmp_path, account)
    async with front(runtime.decoder, endpoint) as client:
        answer = await call(client, project("2026-NR-0001"), **{"Message-Id": "M-1"})
        assert (answer.operation, answer.values["records"], answer.values["waiting"]) == ("stored", "1", "0")
        name = str(answer.values["name"])
        assert name.startswith("M-1-")
        assert sorted(path.name for path in (tmp_path / "in" / name).iterdir()) == [BODY, TYPE]
        assert (await call(client, project("2026-NR-0001"), **{"Message-Id": "M-1"})).values == answer.values
        # The same name for something else replaces nothing; a name that is a path is none.
        other = await call(client, project("2026-NR-0002"), **{"Message-Id": "M-1"})
        assert other.values["name"] != name
        nameless = await call(client, project("2026-NR-0003"), **{"Message-Id": "../../etc/passwd"})
        assert len(str(nameless.values["name"])) == 32
    assert len(list((tmp_path / "in").iterdir())) == 3
    intake = Intake(endpoint, runtime.database, runtime.blobs, runtime.decoder, lambda _: AGENCY)
    assert await intake.scan_once() == 3
    assert await runtime.states() == {"in-flight": 3}
    assert list((tmp_path / "in").iterdir()) == []
    async with front(runtime.decoder, endpoint) as client:
        # Asked again, wrapped otherwise, after it was taken.
        again = replace(project("2026-NR-0001"), headers={"attempt": "2"})
        assert (await call(client, again, **{"Message-Id": "M-1"})).values == answer.values
    assert list((tmp_path / "in").iterdir()) == []


async def test_the_same_message_at_the_same_time_is_stored_once(
    decoder: Decoder, tmp_path: Path, account: Account
) -> None:
    async with front(decoder, served(tmp_path, account)) as client:
        answers = await asyncio.gather(*(call(client, project("2026-NR-0009")) for _ in range(5)))
    assert len({str(answer.values["name"]) for answer in answers}) == 1
    assert len(list((tmp_path / "in").iterdir())) == 1


@pytest.mark.parametrize("version", ["1.1", "1.2"])
@pytest.mark.parametrize("style", ["rpc", "document"])
async def test_answers_and_faults_are_of_the_generation_of_the_question(
    decoder: Decoder, tmp_path: Path, account: Account, style: Style, version: Version
) -> None:
    async with front(decoder, served(tmp_path, account)) as client:
        question = replace(project("2026-NR-0001"), style=style, version=version)
        answer = await call(client, question)
        wanted = "stored" if style == "document" else "submitProjectResponse"
        assert (answer.operation, answer.style, answer.version) == (wanted, style, version)
        fault = await call(client, replace(question, values={"request": {"project": {"number": "2026-NR-0001"}}}))
        assert (fault.version, fault.fault and fault.fault.code) == (version, "Client")


async def test_the_mapping_in_force_decides_at_the_door(decoder: Decoder, tmp_path: Path, account: Account) -> None:
    endpoint = served(tmp_path, account)
    text = shipped_text(endpoint).replace("[codes.programs]", '[codes.programs]\nXX = "시험사업"')
    new = Mapping("most_projects", 2, text.replace("mapping_version = 1", "mapping_version = 2"))

    async def later(_: Endpoint) -> Mapping:
        return new

    call_of = project("2026-NR-0001", project={**PROJECT, "program": "XX"})
    async with front(decoder, endpoint) as client:
        assert (await call(client, call_of)).fault is not None
    async with front(decoder, endpoint, later) as client:
        assert (await call(client, call_of)).operation == "stored"


async def test_a_database_that_does_not_answer_is_no_fault_of_the_caller(
    decoder: Decoder, tmp_path: Path, account: Account
) -> None:
    async def away(_: Endpoint) -> Mapping:
        raise asyncpg.InterfaceError("away")

    async with front(decoder, served(tmp_path, account), away) as client:
        fault = (await call(client, project("2026-NR-0001"))).fault
        assert fault is not None
        assert fault.code == "Server"
        assert (await client.get("/most?wsdl")).status_code == 503
    assert not (tmp_path / "in").exists()


async def test_a_password_is_made_up_where_there_is_none(decoder: Decoder, tmp_path: Path) -> None:
    account = Account("most", tmp_path / "keys" / "most.password")
    app = SoapFront(Endpoints([served(tmp_path, account)]), decoder, as_shipped)
    async with front(decoder, served(tmp_path, account)) as client:
        assert (await client.post("/most", content=b"")).status_code == 401
        app.make_passwords()
        made = account.password()
        app.make_passwords()
        assert (account.password(), len(made), account.password_file.stat().st_mode & 0o777) == (made, 32, 0o600)
        assert (await client.post("/most", content=b"", auth=("most", made))).status_code == 500


async def test_a_folder_that_cannot_be_written_stops_nothing(decoder: Decoder, tmp_path: Path) -> None:
    (tmp_path / "keys").write_bytes(b"in the way of the folder")
    endpoint = served(tmp_path, Account("most", tmp_path / "keys" / "most.password"))
    SoapFront(Endpoints([endpoint]), decoder, as_shipped).make_passwords()
    async with front(decoder, endpoint) as client:
        assert (await client.post("/most", content=b"")).status_code == 401


async def test_the_description_is_there_for_anybody(decoder: Decoder, tmp_path: Path, account: Account) -> None:
    async with front(decoder, served(tmp_path, account)) as client:
        found = await client.get("/most?wsdl", auth=None)
        assert (found.status_code, found.headers["content-type"]) == (200, "text/xml; charset=utf-8")
        assert f'location="{client.base_url}/most"' in found.text
        assert (await client.get("/other?wsdl", auth=None)).status_code == 404
    plain = served(tmp_path, account, "mpb_budget")
    async with front(decoder, plain) as client:
        assert (await client.get("/most?wsdl", auth=None)).status_code == 405


async def test_what_waits_is_collected_until_it_is_confirmed(
    decoder: Decoder, tmp_path: Path, account: Account
) -> None:
    async with front(decoder, served(tmp_path, account)) as client:
        assert (await call(client, Message("collect", "urn:onnara:exchange", {}))).values == {}
        put_all(tmp_path / "out", [as_item(f"R{n}", f"<r{n}/>".encode(), "text/xml") for n in range(3)])
        for _ in range(2):
            found = await call(client, Message("collect", "urn:onnara:exchange", {"most": "2"}))
            items = many(found.values["item"])
            assert [each["name"] for each in items] == ["R0", "R1"]
            assert base64.b64decode(items[0]["content"]) == b"<r0/>"
        names = {"name": ["R0", "R1", "../in", "nobody"]}
        assert (await call(client, Message("confirm", "urn:onnara:exchange", names))).values == {"count": "2"}
        [rest] = many((await call(client, Message("collect", "urn:onnara:exchange", {}))).values["item"])
        assert rest["name"] == "R2"
    assert sorted(path.name for path in (tmp_path / "out-confirmed").iterdir()) == ["R0", "R1"]

"""SFTP and tables: a real SFTP server and a real table, from where items are taken once and to which they go whole."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import asyncpg
import asyncssh
import msgspec
import pytest
import pytest_asyncio

from adapters.contract import Item
from adapters.runtime.endpoints import Endpoint, read_endpoints
from adapters.runtime.intake import Intake
from adapters.runtime.transports.contract import Handed, TransportError
from adapters.runtime.transports.polledtable import PolledTable
from adapters.runtime.transports.sftp import SftpFolders, SftpServer
from adapters.runtime.transports.tables import Tables
from adapters.runtime.transports.writtentable import WrittenTable
from support.runtime import AGENCY, Runtime, make_batch

FOLDERS = {"inbox": "in", "taken": "taken", "error": "error", "outbox": "out"}


@pytest_asyncio.fixture
async def there(tmp_path: Path) -> AsyncIterator[tuple[Path, SftpServer]]:
    """Another machine: its disk, and how to reach it."""
    disk, keys = tmp_path / "there", tmp_path / "keys"
    for folder in (disk / "in", keys):
        folder.mkdir(parents=True)
    host_key, own_key = (asyncssh.generate_private_key("ssh-ed25519") for _ in range(2))
    own_key.write_private_key(keys / "own")
    own_key.write_public_key(keys / "own.pub")

    def chrooted(channel: asyncssh.SSHServerChannel) -> asyncssh.SFTPServer:
        return asyncssh.SFTPServer(channel, chroot=str(disk))

    connections: list[asyncssh.SSHServerConnection] = []

    class Known(asyncssh.SSHServer):
        def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
            connections.append(conn)

    server = await asyncssh.listen(
        "127.0.0.1",
        0,
        server_factory=Known,
        server_host_keys=[host_key],
        authorized_client_keys=str(keys / "own.pub"),
        sftp_factory=chrooted,
    )
    line = f"[127.0.0.1]:{server.get_port()} {host_key.export_public_key().decode()}"
    (keys / "known").write_text(line, encoding="utf-8")
    yield disk, SftpServer("127.0.0.1", "onnara", keys / "known", server.get_port(), keys / "own")
    server.close()
    await server.wait_closed()
    for connection in connections:
        connection.abort()
        await connection.wait_closed()


def always(_: object) -> bool:
    return True


async def test_what_lies_on_another_machine_is_taken_once(runtime: Runtime, there: tuple[Path, SftpServer]) -> None:
    disk, server = there
    (disk / "in" / "A.DAT").write_bytes(make_batch(5))
    (disk / "in" / "B.DAT.part").write_bytes(b"half")
    endpoint = replace(runtime.budget, transport=SftpFolders(server, **FOLDERS))
    intake = Intake(endpoint, runtime.database, runtime.blobs, runtime.decoder, lambda _: AGENCY)
    assert await intake.scan_once() == 0  # it may still grow
    assert await intake.scan_once() == 1
    assert await runtime.states() == {"in-flight": 5}
    assert [path.name for path in (disk / "taken").iterdir()] == ["A.DAT"]
    (disk / "in" / "A.DAT").write_bytes(make_batch(5))
    (disk / "in" / "C.DAT").write_bytes(b"no batch at all")
    for _ in range(2):
        await intake.scan_once()
    assert await runtime.states() == {"in-flight": 5, "quarantined": 1}
    assert sorted(path.name for path in (disk / "taken").iterdir()) == ["A.DAT", "A.DAT.2"]
    assert [path.name for path in (disk / "error").iterdir()] == ["C.DAT"]
    assert [path.name for path in (disk / "in").iterdir()] == ["B.DAT.part"]


async def test_a_file_that_grows_waits(there: tuple[Path, SftpServer]) -> None:
    disk, server = there
    source = SftpFolders(server, **FOLDERS).source(always)
    path = disk / "in" / "A.DAT"
    for size in (10, 20, 30):
        path.write_bytes(b"x" * size)
        assert await source.names() == []
    assert await source.names() == ["A.DAT"]
    path.unlink()
    assert await source.read("A.DAT") is None
    await source.close()


async def test_items_appear_there_whole_and_replace_themselves(there: tuple[Path, SftpServer]) -> None:
    disk, server = there
    target = SftpFolders(server, **FOLDERS).target()
    file = Item("a.xml", {"a.xml": b"one"})
    folder = Item("message", {"exchange.xml": b"<x/>", "eof.inf": b""})
    for _ in range(2):
        assert await target.put([file, folder]) == Handed()
    await target.put([Item("a.xml", {"a.xml": b"two"}), Item("message", {"exchange.xml": b"<y/>"})])
    found = {str(path.relative_to(disk / "out")): path.read_bytes() for path in (disk / "out").rglob("*.xml")}
    assert found == {"a.xml": b"two", "message/exchange.xml": b"<y/>"}
    assert not [path for path in (disk / "out").rglob("*") if "tmp" in path.name or path.name == "eof.inf"]
    await target.close()


async def test_a_machine_with_another_key_or_none_is_not_talked_to(
    there: tuple[Path, SftpServer], tmp_path: Path
) -> None:
    _, server = there
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    (tmp_path / "other").write_text(f"[127.0.0.1]:{server.port} {other}", encoding="utf-8")
    (tmp_path / "password").write_text("wrong\n", encoding="utf-8")
    cases = (
        (replace(server, known_hosts=tmp_path / "other"), "the key of the other machine is not the known one"),
        (replace(server, key_file=None, password_file=tmp_path / "password"), "signing in was refused"),
        (replace(server, port=1), "ConnectionRefusedError"),
    )
    for wrong, reason in cases:
        source = SftpFolders(wrong, **FOLDERS).source(always)
        with pytest.raises(TransportError) as raised:
            await source.names()
        await source.close()
        assert raised.value.reason == reason
    missing = SftpFolders(server, inbox="nowhere", taken="taken").source(always)
    with pytest.raises(TransportError, match="No such file"):
        await missing.names()
    await missing.close()


async def test_a_line_that_broke_is_made_anew(there: tuple[Path, SftpServer]) -> None:
    disk, server = there
    source = SftpFolders(server, **FOLDERS).source(always)
    (disk / "in" / "A.DAT").write_bytes(b"x")
    await source.names()
    broken = source.line._connection
    broken.abort()
    await broken.wait_closed()
    names = []
    for _ in range(3):
        try:
            names = await source.names()
        except TransportError:
            continue
        if names:
            break
    assert names == ["A.DAT"]
    await source.close()


ROWS = """
CREATE TABLE appr_request (
    req_no char(12) PRIMARY KEY, title varchar(200), amount numeric(15, 2), due date,
    made_at timestamp NOT NULL DEFAULT now(), picture bytea, send_yn char(1) NOT NULL DEFAULT 'N');
CREATE TABLE appr_result (req_no char(12) PRIMARY KEY, status_cd varchar(2), decided_at timestamp, step_cnt integer);
"""
POLLED = PolledTable("appr_request", ("req_no",), "send_yn", "N", "Y", "E", ("made_at",))
WRITTEN = WrittenTable("appr_result", ("req_no",))


@pytest_asyncio.fixture
async def their_database(runtime: Runtime, tmp_path: Path) -> AsyncIterator[tuple[asyncpg.Connection, Tables]]:
    url = runtime.database_address.url("owner")
    connection = await asyncpg.connect(url)
    await connection.execute("CREATE SCHEMA theirs; SET search_path TO theirs;" + ROWS)
    (tmp_path / "url").write_text(url.replace("postgresql://", "postgresql+asyncpg://", 1) + "\n", encoding="utf-8")
    polled, written = replace(POLLED, table="theirs.appr_request"), replace(WRITTEN, table="theirs.appr_result")
    yield connection, Tables(tmp_path / "url", polled, written)
    await connection.close()


async def test_rows_that_wait_are_taken_as_they_are(their_database: tuple[asyncpg.Connection, Tables]) -> None:
    connection, tables = their_database
    insert = "INSERT INTO appr_request (req_no, title, amount, due, made_at, picture) VALUES ($1, $2, $3, $4, $5, $6)"
    moment = datetime(2026, 5, 6, 10, 15, 0, 5)
    await connection.execute(insert, "R1", "제목 ", Decimal("12.50"), date(9999, 12, 31), moment, b"\x00\xff")
    await connection.execute(insert, "R0", None, None, None, moment.replace(year=2027), None)
    source = tables.source(always)
    names = await source.names()
    assert names == ["theirs.appr_request-R1.json", "theirs.appr_request-R0.json"]
    item = await source.read(names[0])
    assert item is not None
    assert msgspec.json.decode(item.parts[names[0]]) == {
        "req_no": "R1          ",
        "title": "제목 ",
        "amount": "12.50",
        "due": "9999-12-31",
        "made_at": "2026-05-06 10:15:00.000005",
        "picture": "00ff",
    }
    assert await source.read(names[0]) == item
    await source.put_away(names[0], unreadable=False)
    assert await source.read(names[1]) is not None
    await source.put_away(names[1], unreadable=True)
    assert await source.read(names[0]) is None
    assert await source.names() == []
    rows = await connection.fetch("SELECT req_no, send_yn FROM appr_request ORDER BY req_no")
    assert [tuple(row) for row in rows] == [("R0          ", "E"), ("R1          ", "Y")]
    await source.close()


async def test_rows_are_written_once_and_replaced_and_a_bad_one_delays_none(
    their_database: tuple[asyncpg.Connection, Tables],
) -> None:
    connection, tables = their_database
    target = tables.target()

    def row(number: str, status: str, moment: str | None = "2026-05-06 10:15:00", steps: str | None = "3") -> Item:
        values = {"req_no": number, "status_cd": status, "decided_at": moment, "step_cnt": steps}
        return Item(number, {number: msgspec.json.encode(values)})

    refused = (
        await target.put([row("R1", "P"), row("R2", "too long"), row("R3", "C", "no day"), row("R4", "C", None)])
    ).refused
    assert "too long" in refused[1]
    assert refused[2].startswith("decided_at")
    assert await target.put([row("R1", "C", steps=None)]) == Handed()
    found = await connection.fetch("SELECT * FROM appr_result ORDER BY req_no")
    assert [tuple(each)[1] for each in found] == ["C", "C"]
    await connection.execute("ALTER TABLE appr_result RENAME COLUMN step_cnt TO steps")
    await target.close()
    with pytest.raises(TransportError, match="no column 'step_cnt'"):
        await target.put([row("R5", "P")])
    await connection.execute("DROP TABLE appr_result")
    with pytest.raises(TransportError, match="no such table"):
        await target.put([row("R5", "P")])
    await target.close()


async def test_intake_pauses_while_the_broker_does_not_take_what_waits(runtime: Runtime) -> None:
    intake = Intake(runtime.budget, runtime.database, runtime.blobs, runtime.decoder, lambda _: AGENCY, backlog=8)
    for number in range(3):
        runtime.drop(f"{number}.DAT", make_batch(5, first=1 + 5 * number))
    await intake.scan_once()
    await intake.scan_once()
    assert await runtime.states() == {"in-flight": 15}
    runtime.drop("3.DAT", make_batch(5, first=16))
    for _ in range(3):
        assert await intake.scan_once() == 0
    await runtime.database.pool.execute("DELETE FROM outbox")
    for _ in range(2):
        await intake.scan_once()
    assert await runtime.states() == {"in-flight": 20}


ENDPOINT = """
[[endpoint]]
name = "coast"
adapter = "mpb_budget"
agency_code = "Z400000"
"""


@pytest.mark.parametrize(
    ("rest", "problem"),
    [
        ('inbox = "in"', "the folders inbox and taken are needed"),
        ('inboks = "in"', "unknown key 'inboks'"),
        ('inbox = "in"\n[endpoint.sftp]\nhost = "h"\nuser = "u"', "known_hosts"),
        (
            'inbox = "in"\n[endpoint.sftp]\nhost = "h"\nuser = "u"\nport_ = 2\nknown_hosts = "k"',
            "endpoint.sftp.port_|sftp.port_",
        ),
        ('inbox = "in"\n[endpoint.database]\nurl_file = "u"', "neither folders"),
        ('[endpoint.database]\nurl_file = "u"\n[endpoint.database.polled]\ntable = "t"', "database.polled"),
    ],
)
def test_a_wrong_endpoint_is_named(tmp_path: Path, rest: str, problem: str) -> None:
    path = tmp_path / "endpoints.toml"
    path.write_text(ENDPOINT + rest, encoding="utf-8")
    with pytest.raises(ValueError, match=rf"endpoint 1 \(coast\).*({problem})"):
        read_endpoints(path, tmp_path)


def test_endpoints_of_every_kind_are_read(tmp_path: Path) -> None:
    path = tmp_path / "endpoints.toml"
    sftp = '[endpoint.sftp]\nhost = "h"\nuser = "u"\nknown_hosts = "known"\nkey_file = "key"\n'
    database = '[endpoint.database]\nurl_file = "u"\n[endpoint.database.written]\ntable = "t"\nkey = ["k"]\n'
    texts = [f'inbox = "in"\ntaken = "taken"\n{sftp}', database, 'outbox = "out"']
    path.write_text(
        "".join(ENDPOINT.replace("coast", f"e{n}") + text + "\n" for n, text in enumerate(texts)), encoding="utf-8"
    )
    found: list[Endpoint] = list(read_endpoints(path, tmp_path).all)
    assert [each.direction for each in found] == ["in", "out", "out"]
    assert found[0].transport == SftpFolders(
        SftpServer("h", "u", tmp_path / "known", key_file=tmp_path / "key"), inbox="in", taken="taken"
    )
    assert found[1].transport == Tables(tmp_path / "u", written=WrittenTable("t", ("k",)))

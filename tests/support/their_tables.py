"""A local government's database: the tables of `local_administration`, a role of ours with the rights README asks for, and rows."""

import asyncio
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg

from adapters import catalogue
from adapters.runtime.endpoints import Endpoint
from adapters.runtime.intake import Intake
from adapters.runtime.transports.polledtable import LineTable, PolledTable, TableSource
from adapters.runtime.transports.tables import Tables
from adapters.runtime.transports.writtentable import WrittenTable
from adapters.runtime.troubles import Troubles
from support.runtime import AGENCY, Runtime

ROOT = Path(__file__).parents[2]
POLLED = PolledTable(
    "sgg.tb_appr_req",
    ("req_no",),
    "send_yn",
    "N",
    "Y",
    "E",
    ("req_dtm",),
    needed=("titl", "cn", "line_cnt"),
    without=("chg_dtm",),
    lines=(LineTable("sgg.tb_appr_line", {"req_no": "req_no"}, ("line_seq",), "line_cnt"),),
)
WRITTEN = WrittenTable("sgg.tb_appr_rslt", ("req_no", "state_cd"))
_REQUEST = """
INSERT INTO sgg.tb_appr_req (req_no, sgg_cd, dept_cd, biz_gb, titl, cn, open_gb, req_dtm, line_cnt)
VALUES ($1, '5710000', '5710178', ' WLF', $2, '첫 줄', '1NNNNNNNN', $3::text::timestamp, $4)
"""
_LINE = "INSERT INTO sgg.tb_appr_line (req_no, line_seq, role_cd, sign_id, sign_dtm) VALUES ($1, $2, $3, $4, $5)"
SIGNERS = (("1", "CJ000101", "20261123091000"), ("2", "CJ000102", "0" * 14), ("5", "CJ000103", "0" * 14))


@dataclass
class TheirDatabase:
    """Their side, as its owner sees it. url_file: address that our role connects with."""

    connection: asyncpg.Connection
    admin: asyncpg.Connection
    name: str
    role: str
    url_file: Path
    admin_url: str

    def endpoint(self, name: str = "local-administration", **change: Any) -> Endpoint:
        """The connection as an operator would write it. change: settings of the polled table."""
        return Endpoint(
            name,
            "local_administration",
            "5710000",
            Tables(self.url_file, replace(POLLED, **change), WRITTEN, seconds=2.0),
            (),
            name,
        )

    async def ask(self, number: str, title: str = "결재 요청", at: str = "2026-11-23 09:10:00", lines: int = 3) -> None:
        """A request as their program writes it: header and lines in one transaction."""
        async with self.connection.transaction():
            await self.connection.execute(_REQUEST, number, title, at, 3)
            await self.add_lines(number, lines)

    async def add_lines(self, number: str, count: int, begin: int = 0) -> None:
        """Lines of a request, from one on."""
        for at, signer in list(enumerate(SIGNERS, 1))[begin : begin + count]:
            await self.connection.execute(_LINE, number, str(at), *signer)

    async def states(self) -> Mapping[str, str]:
        """What stands in the column of states, by request."""
        rows = await self.connection.fetch("SELECT rtrim(req_no) AS number, send_yn FROM sgg.tb_appr_req ORDER BY 1")
        return {row["number"]: row["send_yn"] for row in rows}

    async def second(self) -> asyncpg.Connection:
        """One more connection of their own programs."""
        return await asyncpg.connect(_url_of(self.admin_url, self.name))

    async def close_doors(self, *, closed: bool) -> None:
        """Their server goes down for us, or comes back."""
        await self.admin.execute(f'ALTER DATABASE "{self.name}" ALLOW_CONNECTIONS {not closed}')
        if closed:
            await self.hang_up()

    async def hang_up(self) -> None:
        """Ends our connections to them."""
        await self.admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1", self.role)

    async def remove(self) -> None:
        """Everything of theirs but the database."""
        await self.hang_up()
        await self.connection.execute(f'DROP SCHEMA sgg CASCADE; DROP OWNED BY "{self.role}"; DROP ROLE "{self.role}"')
        await self.connection.close()
        await self.admin.close()


def grants(role: str) -> str:
    """The rights as the adapters' README tells their administrator to give them."""
    text = (ROOT / "adapters" / "README.md").read_text("utf-8")
    found = re.search(r"```sql\n(.*?CREATE ROLE onnara_link.*?)```", text, re.DOTALL)
    assert found, "README no longer says which rights are needed"
    assert (Path(str(catalogue.folder("local_administration"))) / "grants.sql").read_text("utf-8").endswith(found[1])
    return found[1].replace("onnara_link", role)


def _url_of(admin_url: str, database: str) -> str:
    return urlsplit(admin_url)._replace(path=f"/{database}").geturl()


async def their_database(admin_url: str, name: str, folder: Path) -> TheirDatabase:
    """Fills an empty database of theirs, and writes a file with the address of our role."""
    role = f"{name}_link"
    admin = await asyncpg.connect(admin_url)
    connection = await asyncpg.connect(_url_of(admin_url, name))
    tables = (Path(str(catalogue.folder("local_administration"))) / "tables.sql").read_text("utf-8")
    await connection.execute(f"CREATE SCHEMA sgg; SET search_path TO sgg; {tables}")
    await connection.execute(grants(role))
    split = urlsplit(admin_url)
    url = split._replace(
        scheme="postgresql+asyncpg", netloc=f"{role}:change-me@{split.hostname}:{split.port}", path=f"/{name}"
    )
    path = folder / f"{name}.url"
    path.write_text(url.geturl() + "\n", encoding="utf-8")
    return TheirDatabase(connection, admin, name, role, path, admin_url)


@contextmanager
def empty_database(admin_url: str) -> Iterator[str]:
    """A database of their own on our server; answers its name."""
    name = f"theirs_{secrets.token_hex(4)}"

    async def ask(command: str) -> None:
        connection = await asyncpg.connect(admin_url)
        await connection.execute(command)
        await connection.close()

    asyncio.run(ask(f'CREATE DATABASE "{name}" TEMPLATE template0'))
    yield name
    asyncio.run(ask(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))


def documented() -> str:
    """The connection that deploy/endpoints.toml shows, without the marks of a comment."""
    text = (ROOT / "deploy" / "endpoints.toml").read_text("utf-8")
    begin = text.index('# [[endpoint]]\n# name = "local-administration"')
    lines = text[begin : text.index("# A system that speaks SOAP")].splitlines()
    return "\n".join(line.removeprefix("# ").removeprefix("#") for line in lines) + "\n"


def source_of(theirs: TheirDatabase, **change: Any) -> TableSource:
    """A source of their requests."""
    found = theirs.endpoint(**change).transport.source(lambda _: True)
    assert isinstance(found, TableSource)
    return found


def intake_of(runtime: Runtime, theirs: TheirDatabase, troubles: Troubles | None = None, **change: Any) -> Intake:
    """An intake of their requests."""
    return Intake(
        theirs.endpoint(**change),
        runtime.database,
        runtime.blobs,
        runtime.decoder,
        lambda _: AGENCY,
        scan_seconds=0.02,
        troubles=troubles,
    )

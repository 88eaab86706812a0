"""A neighbour with a database of its own: the local administration's tables, and the connection to them.

Tables and rights are those beside the adapter; the address that our role connects with goes into a file of its own.
"""

import asyncio
import secrets
from importlib import resources
from urllib.parse import urlsplit

import asyncpg

from tools.suite import Suite

NAME = "local-administration"
SCHEMA = "sgg"
ENDPOINT = """
[[endpoint]]
name = "local-administration"
adapter = "local_administration"
agency_code = "5710000"

[endpoint.database]
url_file = "keys/local-administration.url"

[endpoint.database.polled]
table = "sgg.tb_appr_req"
key = ["req_no"]
status = "send_yn"
waiting = "N"
taken = "Y"
failed = "E"
order = ["req_dtm"]
needed = ["titl", "cn", "line_cnt"]
without = ["chg_dtm"]

[[endpoint.database.polled.lines]]
table = "sgg.tb_appr_line"
join = { req_no = "req_no" }
order = ["line_seq"]
count = "line_cnt"

[endpoint.database.written]
table = "sgg.tb_appr_rslt"
key = ["req_no", "state_cd"]
"""


def database_of(suite: Suite) -> str:
    """Name of the neighbour's database."""
    return f"onnara_{suite.name.replace('-', '_')}_neighbour"


def connect_neighbour(suite: Suite) -> None:
    """Makes the neighbour's database anew and adds the connection to the operator's file."""
    password = secrets.token_hex(12)
    role = f"{database_of(suite)}_link"
    asyncio.run(_make(suite, role, password))
    parts = urlsplit(suite.server_url(database_of(suite)))
    address = parts._replace(scheme="postgresql+asyncpg", netloc=f"{role}:{password}@{parts.hostname}:{parts.port}")
    path = suite.transport / "keys" / f"{NAME}.url"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(address.geturl() + "\n", encoding="utf-8")
    with suite.endpoints_file.open("a", encoding="utf-8") as file:
        file.write(ENDPOINT)


async def _make(suite: Suite, role: str, password: str) -> None:
    beside = resources.files("adapters.agencies.local_administration")
    tables, grants = ((beside / name).read_text("utf-8") for name in ("tables.sql", "grants.sql"))
    database = database_of(suite)
    server = await asyncpg.connect(suite.server_url("postgres"))
    try:
        await server.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
        await server.execute(f'DROP ROLE IF EXISTS "{role}"')
        await server.execute(f'CREATE DATABASE "{database}" TEMPLATE template0')
    finally:
        await server.close()
    theirs = await asyncpg.connect(suite.server_url(database))
    try:
        await theirs.execute(f"CREATE SCHEMA {SCHEMA}; SET search_path TO {SCHEMA}; {tables}")
        await theirs.execute(grants.replace("onnara_link", role).replace("change-me", password))
    finally:
        await theirs.close()

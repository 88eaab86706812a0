"""Databases and their roles: created once, then migrated by Alembic from each service's ``migrations`` folder.

Expand, then contract: the previous release's code runs on the new schema.
"""

import asyncio
from importlib import resources
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg

ROLES = ("owner", "rpc", "worker")


def chassis_schema(service: str) -> list[str]:
    """The statements that create the chassis' tables for a service, for its first migration."""
    text = resources.files("chassis").joinpath("schema.sql").read_text(encoding="utf-8").replace("{service}", service)
    return split_statements(text)


def split_statements(text: str) -> list[str]:
    """Statements of a script: split at semicolons that end a line outside of $$ bodies."""
    statements, lines, in_body = [], [], False
    for line in text.splitlines():
        if not in_body and line.lstrip().startswith("--"):
            continue
        lines.append(line)
        in_body ^= line.count("$$") % 2 == 1
        if not in_body and line.rstrip().endswith(";"):
            statements.append("\n".join(lines).strip())
            lines = []
    if any(line.strip() for line in lines):
        statements.append("\n".join(lines).strip())
    return statements


async def provision(admin_url: str, service: str, *, database: str = "", password: str = "") -> None:
    """Creates the three roles and the database of a service where they are missing. Needs an administrator's address."""
    password = password or urlsplit(admin_url).password or ""
    connection = await asyncpg.connect(admin_url)
    try:
        for role in ROLES:
            await _ensure_role(connection, f"{service}_{role}", password)
        name = database or service
        if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
            await connection.execute(
                f"CREATE DATABASE \"{name}\" OWNER {service}_owner TEMPLATE template0 ENCODING 'UTF8'"
            )
    finally:
        await connection.close()


async def _ensure_role(connection: "asyncpg.Connection[asyncpg.Record]", role: str, password: str) -> None:
    secret = f" PASSWORD '{password}'" if password else ""
    try:
        if not await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", role):
            await connection.execute(f"CREATE ROLE {role} LOGIN{secret}")
    except (asyncpg.DuplicateObjectError, asyncpg.UniqueViolationError):
        return  # another process was faster


def role_url(admin_url: str, service: str, role: str, *, database: str = "", password: str = "") -> str:
    """Address of a service's database for one of its roles, on the server of ``admin_url``."""
    parts = urlsplit(admin_url)
    password = password or parts.password or ""
    host = parts.netloc.rpartition("@")[2]
    secret = f":{password}" if password else ""
    return urlunsplit(parts._replace(netloc=f"{service}_{role}{secret}@{host}", path=f"/{database or service}"))


async def upgrade(owner_url: str, migrations: Path) -> None:
    """Brings a database to the newest schema, as its owner."""
    # Only the migrate job pays for Alembic: it would add most of a second to the start of every service.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from sqlalchemy.ext.asyncio import create_async_engine  # noqa: PLC0415
    from sqlalchemy.pool import NullPool  # noqa: PLC0415

    def upgrade_with(connection: object) -> None:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")

    engine = create_async_engine(owner_url.replace("postgresql://", "postgresql+asyncpg://", 1), poolclass=NullPool)
    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    try:
        async with engine.begin() as connection:
            await connection.run_sync(upgrade_with)
    finally:
        await engine.dispose()


def run(admin_url: str, service: str, migrations: Path, *, password: str = "") -> None:
    """Provisions and migrates one service: the ``migrate`` job."""

    async def job() -> None:
        await provision(admin_url, service, password=password)
        await upgrade(role_url(admin_url, service, "owner", password=password), migrations)

    asyncio.run(job())

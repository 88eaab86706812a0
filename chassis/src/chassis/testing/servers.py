"""Addresses of the servers tests run against, and databases made from migrated templates."""

import json
import os
import secrets
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg

from chassis import migrate


@dataclass(frozen=True)
class Servers:
    """Administrator's address of PostgreSQL and address of RabbitMQ."""

    postgres_url: str
    rabbitmq_url: str


def resolve() -> Servers:
    """Given by the environment, else brought by the stack resolver."""
    postgres, rabbit = os.environ.get("ONNARA_POSTGRES_URL"), os.environ.get("ONNARA_RABBITMQ_URL")
    if not (postgres and rabbit):
        answer = subprocess.run(
            [sys.executable, "-m", "tools.stack", "up", "--json"], check=True, stdout=subprocess.PIPE, text=True
        )
        found = json.loads(answer.stdout)
        postgres, rabbit = found["postgres_url"], found["rabbitmq_url"]
    return Servers(postgres, rabbit)


@dataclass
class Databases:
    """Makes one database per test from a template per service, migrated once."""

    admin_url: str
    templates: dict[str, str] = field(default_factory=dict)
    made: list[str] = field(default_factory=list)

    async def create(self, service: str, migrations: Path) -> "ServiceDatabase":
        """A migrated, empty database of a service."""
        if service not in self.templates:
            template = f"test_{service}_{secrets.token_hex(4)}_template"
            await migrate.provision(self.admin_url, service, database=template)
            await migrate.upgrade(migrate.role_url(self.admin_url, service, "owner", database=template), migrations)
            self.templates[service] = template
            self.made.append(template)
        name = f"test_{service}_{secrets.token_hex(6)}"
        await self._execute(f'CREATE DATABASE "{name}" OWNER {service}_owner TEMPLATE "{self.templates[service]}"')
        self.made.append(name)
        return ServiceDatabase(self.admin_url, service, name)

    async def drop_all(self) -> None:
        """Removes everything made."""
        for name in reversed(self.made):
            await self._execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self.made.clear()
        self.templates.clear()

    async def _execute(self, statement: str) -> None:
        connection = await asyncpg.connect(self.admin_url)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


@dataclass(frozen=True)
class ServiceDatabase:
    """Addresses of one test database."""

    admin_url: str
    service: str
    name: str

    def url(self, role: str) -> str:
        """Address for owner, rpc or worker."""
        return migrate.role_url(self.admin_url, self.service, role, database=self.name)

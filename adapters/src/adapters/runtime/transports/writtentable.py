"""Rows that go out: each item's row is written into a table of theirs, in a transaction of its own; the same again replaces it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa

from adapters.contract import Item
from adapters.runtime.transports.contract import Handed, ItemError
from adapters.runtime.transports.dblink import Link, RefusedRowError, column, typed


@dataclass(frozen=True, slots=True)
class WrittenTable:
    """Rows that go out; one that is there is replaced. key: columns that name a row."""

    table: str
    key: tuple[str, ...]


class TableTarget:
    """Writes rows into a table."""

    def __init__(self, link: Link, written: WrittenTable) -> None:
        self._link = link
        self._written = written

    async def put(self, items: Sequence[Item]) -> Handed:
        """Each row in a transaction of its own; one that their table refuses delays no other."""
        refused, failed = {}, {}
        for index, item in enumerate(items):
            try:
                for data in item.parts.values():
                    await self._write(_row_of(data))
            except RefusedRowError as error:
                refused[index] = str(error)
            except ItemError as error:
                failed[index] = error.reason
        return Handed(refused, failed)

    async def _write(self, values: Mapping[str, str | None]) -> None:
        if await self._replace(values):
            return
        try:
            await self._insert(values)
        except RefusedRowError:
            # Somebody may have put it there in between: another worker of ours, after a pause that was too short.
            if not await self._replace(values):
                raise

    async def _replace(self, values: Mapping[str, str | None]) -> bool:
        """False when there is no such row yet."""
        async with self._link.begin(self._written.table) as (connection, table):
            row = _typed(table, values)
            keys = {column(table, name).name for name in self._written.key}
            same = [table.c[name] == row.get(name) for name in keys]
            rest = {name: value for name, value in row.items() if name not in keys}
            if not rest:
                return (await connection.execute(sa.select(table).where(*same))).first() is not None
            return bool((await connection.execute(sa.update(table).where(*same).values(rest))).rowcount)

    async def _insert(self, values: Mapping[str, str | None]) -> None:
        async with self._link.begin(self._written.table) as (connection, table):
            await connection.execute(sa.insert(table).values(_typed(table, values)))

    async def close(self) -> None:
        """Ends the connection."""
        await self._link.close()


def _typed(table: sa.Table, values: Mapping[str, str | None]) -> dict[str, Any]:
    """The values by the table's own names, in its own types."""
    found = {name: column(table, name) for name in values}
    return {found[name].name: typed(found[name], value) for name, value in values.items()}


def _row_of(data: bytes) -> Mapping[str, str | None]:
    try:
        return msgspec.json.decode(data, type=dict[str, str | None])
    except msgspec.DecodeError as error:
        raise RefusedRowError(f"not a row that can be written: {error}") from error

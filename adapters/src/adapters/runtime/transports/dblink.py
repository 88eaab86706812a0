"""The way to another system's database: connections, its tables as it describes them, its errors in our words; values as text.

Other side's errors -> `TransportError` (not now), `RefusedRowError` (never, as it is) or `ItemError` (this row, not now).
"""

import asyncio
import contextlib
import datetime as dt
import decimal
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, NoSuchTableError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from adapters.formats.findings import reject
from adapters.runtime.transports.contract import ItemError, TransportError
from chassis import db

SECONDS: Final = 30
# A line that is dead may not even be hung up on.
_CLOSING: Final = 5.0
SEOUL: Final = ZoneInfo("Asia/Seoul")
# SQLSTATE classes of values that do not fit: drivers do not always say so by the kind of their error.
_VALUE_STATES: Final = ("22", "23")
# SQLSTATE classes of a rule about this row alone: triggers, views, checks; and of two that met at one row.
_ROW_STATES: Final = ("P0", "09", "27", "44", "40")
_LOCKED: Final = "55P03"
# The same in Oracle's words, which has no such states: raise_application_error, a row somebody else changed, locked, deadlock.
_ROW_ERRORS: Final = re.compile(r"ORA-(20[0-9]{3}|08177|00054|00060)\b", re.ASCII)
# Reads that see header and lines as of one moment, by the kind of database.
_SNAPSHOT: Final = {
    "postgresql": "REPEATABLE READ",
    "mysql": "REPEATABLE READ",
    "mariadb": "REPEATABLE READ",
    "oracle": "SERIALIZABLE",
}
_HIDDEN_MOST: Final = 8


class RefusedRowError(Exception):
    """Their table does not take a row as it is."""


class Link:
    """The way to a database; tables are described by the database itself.

    seconds: how long a transaction may take, waiting included. snapshot: all reads of a transaction see one moment.
    """

    def __init__(self, url_file: Path, seconds: float = SECONDS, *, snapshot: bool = False) -> None:
        self._url_file = url_file
        self._seconds = seconds
        self._snapshot = snapshot
        self._engine: AsyncEngine | None = None
        self._tables: dict[str, sa.Table] = {}

    @asynccontextmanager
    async def begin(self, name: str, *, keep: bool = True) -> AsyncIterator[tuple[AsyncConnection, sa.Table]]:
        """A transaction and the table as it is there.

        keep: something was written. Locks alone are let go of by going back, which waits for no disk of theirs.

        Raises:
            RefusedRowError: for values it does not take.
            ItemError: it did not do what was asked of this row, by a rule of its own.
            TransportError: it cannot be reached, or would do the same with any other row.

        """
        try:
            async with asyncio.timeout(self._seconds), self._open().connect() as connection:
                yield connection, await self.table(connection, name)
                await (connection.commit() if keep else connection.rollback())
        except NoSuchTableError as error:
            await self.close()
            table = str(error) or name
            raise TransportError(
                table,
                "there is no such table: check its name in endpoints.toml, and the schema",
                reject("their-table-missing", table=table),
            ) from error
        except DBAPIError as error:
            refusal = _refusal(name, error)
            if isinstance(refusal, TransportError) and not isinstance(refusal, ItemError):
                await self.close()
            raise refusal from error
        except TimeoutError as error:
            await self.close()
            late = reject("their-answer-late", table=name, seconds=f"{self._seconds:g}")
            raise TransportError(name, f"no answer within {self._seconds:g} seconds", late) from error
        except (SQLAlchemyError, *db.SERVER_ERRORS) as error:
            await self.close()
            raise TransportError(name, type(error).__name__) from error
        except TransportError:
            self.forget()
            raise

    @property
    def backend(self) -> str:
        """Kind of database, such as postgresql or oracle."""
        return make_url(self._address()).get_backend_name()

    def _address(self) -> str:
        return self._url_file.read_text(encoding="utf-8").strip()

    def _open(self) -> AsyncEngine:
        if self._engine is None:
            level = _SNAPSHOT.get(self.backend) if self._snapshot else None
            extra: dict[str, Any] = {"isolation_level": level} if level else {}
            self._engine = create_async_engine(
                self._address(),
                pool_size=1,
                max_overflow=0,
                pool_pre_ping=not self._snapshot,
                pool_timeout=self._seconds,
                **extra,
            )
        return self._engine

    def forget(self) -> None:
        """Looks at the tables again when they are used next: columns come and go while the connection stands."""
        self._tables.clear()

    async def table(self, connection: AsyncConnection, name: str) -> sa.Table:
        """A table as it is there, of the schema in front of its name if there is one."""
        if name not in self._tables:
            schema, _, bare = name.rpartition(".")
            self._tables[name] = await connection.run_sync(
                lambda sync: sa.Table(bare, sa.MetaData(), schema=schema or None, autoload_with=sync, resolve_fks=False)
            )
        return self._tables[name]

    async def close(self) -> None:
        """Ends the connection; the next use makes a new one and looks at the tables again."""
        engine, self._engine = self._engine, None
        self.forget()
        if engine is not None:
            with contextlib.suppress(TimeoutError, SQLAlchemyError, OSError):
                async with asyncio.timeout(_CLOSING):
                    await engine.dispose()


def column(table: sa.Table, name: str) -> sa.Column[Any]:
    """A column; capitals and small letters mean the same. Raises TransportError that says what to do."""
    found = table.c.get(name)
    if found is None:
        found = next((each for each in table.c if each.name.casefold() == name.casefold()), None)
    if found is None:
        there = [each.name for each in table.c]
        listed = ", ".join(there[:_HIDDEN_MOST]) + (", …" if len(there) > _HIDDEN_MOST else "")
        raise TransportError(
            table.fullname,
            f"there is no column {name!r} (there are {listed}): "
            "have it added, or put the name it has now into endpoints.toml or the adapter's mapping",
            reject("their-column-missing", name, table=table.fullname, there=listed),
        )
    return found


def _refusal(name: str, error: DBAPIError) -> Exception:
    cause = error.orig.__cause__ or error.orig if error.orig else error
    state = str(getattr(error.orig, "sqlstate", "") or "")
    said = str(cause).partition("\n")[0]
    if isinstance(error, DataError | IntegrityError) or state[:2] in _VALUE_STATES:
        return RefusedRowError(said)
    if not error.connection_invalidated and (
        state == _LOCKED or state[:2] in _ROW_STATES or (not state and _ROW_ERRORS.match(said))
    ):
        return ItemError(name, said)
    # What a server says tells the operator what to ask for; what a line says may hold anything.
    return TransportError(name, said if state and not error.connection_invalidated else type(cause).__name__)


def text_of(value: Any) -> str | None:
    """A value as text that says all of it; a moment with a zone as the clock in Korea."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, dt.datetime):
        local = value.astimezone(SEOUL).replace(tzinfo=None) if value.tzinfo else value
        return local.isoformat(" ")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return format(value, "f")
    return str(value)


def typed(found: sa.Column[Any], text: str | None) -> Any:
    """A text as the column's own type. Raises RefusedRowError for an unfit text."""
    if text is None:
        return None
    kind = found.type.python_type
    try:
        if kind is bool:
            return text in {"1", "t", "true", "Y"}
        if kind is dt.datetime:
            moment = dt.datetime.fromisoformat(text)
            zoned = bool(getattr(found.type, "timezone", False))
            return moment.replace(tzinfo=SEOUL) if zoned and moment.tzinfo is None else moment
        if kind in {dt.date, dt.time}:
            return kind.fromisoformat(text)
        return bytes.fromhex(text) if kind is bytes else kind(text)
    except (ValueError, ArithmeticError) as error:
        raise RefusedRowError(f"{found.name}: {text!r} is no {kind.__name__}") from error

"""Idempotent commands: the same request id from the same client yields the same answer, with one effect."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import asyncpg
from google.protobuf.message import Message
from sqlalchemy import MetaData

from chassis.db import SERVER_AWAY
from chassis.errors import RefusalError, TransientError
from chassis.tables import request_table
from chassis.uow import Database, UnitOfWork

R = TypeVar("R", bound=Message)

_REQUEST = request_table(MetaData())
# One look into the index per id. ``= ANY`` would be planned, on fresh statistics, as a walk through all of a client's requests.
_ANSWERED = """
SELECT w.id AS request_id, r.response FROM unnest($3::text[]) AS w(id)
CROSS JOIN LATERAL (
    SELECT response FROM request WHERE client = $1 AND method = $2 AND request_id = w.id LIMIT 1
) AS r
"""


async def answered(unit: UnitOfWork, client: str, method: str, request_ids: Sequence[str]) -> dict[str, bytes]:
    """Serialized answers already given to this client for these request ids; one statement."""
    rows = await unit.fetch(_ANSWERED, client, method, list(request_ids))
    return {row["request_id"]: row["response"] for row in rows}


def remember(unit: UnitOfWork, client: str, method: str, request_id: str, response: Message) -> None:
    """Keeps an answer, written with the effects of its command."""
    row = {
        "client": client,
        "method": method,
        "request_id": request_id,
        "handled_at": unit.now,
        "response": response.SerializeToString(deterministic=True),
    }
    unit.insert(_REQUEST, row)


async def run_command(
    database: Database,
    handle: Callable[[UnitOfWork], Awaitable[R]],
    response_type: type[R],
    *,
    agency_id: str,
    tokens: Sequence[str] = (),
    client: str,
    method: str,
    request_id: str,
) -> R:
    """Carries out one command in one transaction. A refusal raised by ``handle`` rolls everything back.

    client: who repeats, usually the official's id. Without a request id the command is not protected against repetition.
    """
    try:
        return await _run(database, handle, response_type, agency_id, tokens, client, method, request_id)
    except (RefusalError, TransientError):
        # A repetition is refused for what the original did: its answer is there.
        if request_id:
            async with database.transaction(agency_id=agency_id, tokens=tokens) as unit:
                known = await answered(unit, client, method, [request_id])
            if request_id in known:
                return response_type.FromString(known[request_id])
        raise


async def _run(
    database: Database,
    handle: Callable[[UnitOfWork], Awaitable[R]],
    response_type: type[R],
    agency_id: str,
    tokens: Sequence[str],
    client: str,
    method: str,
    request_id: str,
) -> R:
    # Repetitions are rare: whether this is one is asked only once something says so, most often the key of ``request``.
    repeated = False
    while True:
        try:
            async with database.transaction(agency_id=agency_id, tokens=tokens, fixed_plans=True) as unit:
                if repeated:
                    known = await answered(unit, client, method, [request_id])
                    if request_id in known:
                        return response_type.FromString(known[request_id])
                response = await handle(unit)
                if request_id:
                    remember(unit, client, method, request_id, response)
        except asyncpg.PostgresError as error:
            if isinstance(error, SERVER_AWAY) or not request_id:
                raise
            # The same request ran before or beside us: its answer is there now. Whatever else it is comes again.
            if repeated and not (isinstance(error, asyncpg.UniqueViolationError) and error.table_name == "request"):
                raise
            repeated = True
        else:
            return response

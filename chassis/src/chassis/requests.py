"""Idempotent commands: the same request id from the same client yields the same answer, with one effect."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import asyncpg
from google.protobuf.message import Message
from sqlalchemy import MetaData

from chassis.errors import RefusalError
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
    except RefusalError:
        # A repetition that waited behind the original is refused for what that one did: its answer is there now.
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
    while True:
        try:
            async with database.transaction(agency_id=agency_id, tokens=tokens, fixed_plans=True) as unit:
                if request_id:
                    known = await answered(unit, client, method, [request_id])
                    if request_id in known:
                        return response_type.FromString(known[request_id])
                response = await handle(unit)
                if request_id:
                    remember(unit, client, method, request_id, response)
        except asyncpg.UniqueViolationError as error:
            # The same request ran beside us and was first: its answer is there now.
            if error.table_name != "request":
                raise
        else:
            return response

"""Carries out a cell: the call is made as somebody, everything the service does is done, and then taken back.

What is committed by one cell would change the next. So the services' transactions end by a rollback here, after the same
statements, policies and constraints as ever; the answer is the one a caller would have had.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from enum import StrEnum
from typing import Any

import grpc

from authorisation.world import World
from chassis import uow
from chassis.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError, RefusalError
from chassis.uow import UnitOfWork


class Outcome(StrEnum):
    """What a caller meets, as a letter of the table."""

    DONE = "+"
    # The person could, but not with this document as it stands now (상태), or not with these values.
    NOT_NOW = "~"
    REFUSED = "-"
    # As if there were no such thing.
    HIDDEN = "."
    # Who calls is not known.
    UNKNOWN = "x"


_LETTERS = (
    (NotFoundError, Outcome.HIDDEN),
    (ForbiddenError, Outcome.REFUSED),
    (ConflictError, Outcome.NOT_NOW),
    (InvalidError, Outcome.NOT_NOW),
)


def rehearse(world: World) -> None:
    """From now on nothing that comes over gRPC stays."""
    directory = world.parts["directory"]
    for database in (*(parts.rpc for parts in world.parts.values()), directory.worker):

        @asynccontextmanager
        async def transaction(
            *,
            agency_id: str = "",
            tokens: Sequence[str] = (),
            snapshot: bool = False,
            fixed_plans: bool = False,
            database: Any = database,
        ) -> AsyncIterator[UnitOfWork]:
            async with database.pool.acquire() as connection:
                await connection.execute(uow._begin(agency_id, tokens, snapshot, fixed_plans))
                try:
                    unit = UnitOfWork(connection, database.clock.now())
                    yield unit
                    await unit.flush()
                finally:
                    await connection.execute("ROLLBACK")

        database.transaction = transaction


async def carry_out(world: World, method: str, message: Any, persona: Any) -> tuple[Outcome, str]:
    """The letter of a cell and the code behind it."""
    try:
        answer = await world.call(method.partition(":")[0], message, persona)
    except RefusalError as error:
        return _letter(error), error.code
    # Each item of a bulk decision has an answer of its own.
    for item in getattr(answer, "outcomes", ()):
        if item.HasField("error"):
            return _of_code(item.error), item.error.code
    return Outcome.DONE, ""


def _letter(error: RefusalError) -> Outcome:
    cause = error.__cause__
    if isinstance(cause, grpc.aio.AioRpcError) and cause.code() is grpc.StatusCode.UNAUTHENTICATED:
        return Outcome.UNKNOWN
    return next(letter for kind, letter in _LETTERS if isinstance(error, kind))


def _of_code(detail: Any) -> Outcome:
    if detail.code in {"line-unknown", "document-unknown"}:
        return Outcome.HIDDEN
    return Outcome.REFUSED if detail.code.endswith(("-not-yours", "-needed")) else Outcome.NOT_NOW

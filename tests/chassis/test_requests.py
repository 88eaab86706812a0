"""A command repeated has one effect and one answer, however the repetition meets what the original did."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

import asyncpg
import pytest

from chassis.errors import ConflictError, RefusalError, TransientError
from chassis.requests import run_command
from chassis.testing.servers import ServiceDatabase
from chassis.testing.statements import counted_pool
from chassis.uow import Database, UnitOfWork
from onnara.approval.v1.approval_service_pb2 import DecideResponse
from support.probe import EFFECT, Probe

Handle = Callable[[UnitOfWork], Awaitable[DecideResponse]]


async def send(database: Database, handle: Handle, request_id: str = "r", client: str = "c") -> DecideResponse:
    named = {"agency_id": "a", "client": client, "method": "m", "request_id": request_id}
    return await run_command(database, handle, DecideResponse, **named)


def inserting(identity: UUID) -> Handle:
    """Leaves one effect; its answer differs from run to run."""

    async def handle(unit: UnitOfWork) -> DecideResponse:
        unit.insert(EFFECT, {"message_id": identity, "series": "s", "number": 1})
        return DecideResponse(line_id=uuid4().hex)

    return handle


def refusing_what_is_there(identity: UUID, error: Exception | None) -> Handle:
    """Like one that finds its own work done: refuses, has to wait, or runs into a constraint."""

    async def handle(unit: UnitOfWork) -> DecideResponse:
        if await unit.fetch("SELECT FROM effect WHERE message_id = $1", identity):
            if error is None:
                await unit.connection.execute("INSERT INTO effect (number) VALUES (1)")
            else:
                raise error
        return await inserting(identity)(unit)

    return handle


async def test_the_same_request_is_answered_the_same(probe: Probe) -> None:
    identity = uuid4()
    first = await send(probe.database, inserting(identity))
    assert await send(probe.database, inserting(identity)) == first
    assert await probe.effects() == [identity]
    # Another client's or another request is another command.
    assert await send(probe.database, inserting(identity), client="other") != first
    assert await send(probe.database, inserting(identity), "r2") != first
    assert await probe.effects() == [identity] * 3


@pytest.mark.parametrize("error", [ConflictError("line-moved-on"), TransientError("row-vanished"), None])
async def test_a_repetition_that_meets_the_work_done_is_answered(probe: Probe, error: Exception | None) -> None:
    identity = uuid4()
    first = await send(probe.database, refusing_what_is_there(identity, error))
    assert await send(probe.database, refusing_what_is_there(identity, error)) == first
    assert await probe.effects() == [identity]
    kind = type(error) if error else asyncpg.NotNullViolationError
    with pytest.raises(kind):
        await send(probe.database, refusing_what_is_there(identity, error), "another")
    with pytest.raises(kind):
        await send(probe.database, refusing_what_is_there(identity, error), "")
    assert await probe.effects() == [identity]


async def test_many_at_once_have_one_effect(probe: Probe) -> None:
    identity = uuid4()
    answers = await asyncio.gather(*(send(probe.database, inserting(identity)) for _ in range(8)))
    assert len({answer.line_id for answer in answers}) == 1
    assert await probe.effects() == [identity]


async def test_what_was_refused_may_be_asked_again(probe: Probe) -> None:
    async def refuse(_: UnitOfWork) -> DecideResponse:
        raise ConflictError("not-yet")

    with pytest.raises(RefusalError, match="not-yet"):
        await send(probe.database, refuse)
    assert (await send(probe.database, inserting(uuid4()))).line_id


async def test_a_command_that_is_no_repetition_asks_nothing(probe_database: ServiceDatabase, probe: Probe) -> None:
    async with counted_pool(probe_database.url("worker")) as (pool, texts):
        database = Database(pool, probe.database.clock)
        await send(database, inserting(uuid4()), "warm")
        texts.clear()
        await send(database, inserting(uuid4()))
        # BEGIN with whose it is, the effect, the answer, COMMIT.
        assert len(texts) == 4

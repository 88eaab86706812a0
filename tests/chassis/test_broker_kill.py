"""The broker is killed and started again under load: every message takes effect once."""

import asyncio
import json
import secrets
import subprocess
import sys
from collections.abc import Iterator

import pytest

from chassis import db
from chassis.clock import SystemClock
from chassis.messaging import Broker, Consumers, Relay
from chassis.testing.servers import ServiceDatabase
from chassis.uow import Database
from support.probe import Probe, count_effects, subscription

MESSAGES = 6000
PER_COMMIT = 20


def broker_command(action: str, name: str, *more: str) -> dict[str, str]:
    command = [sys.executable, "-m", "tools.stack", "broker", action, "--name", name, "--json", *more]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return json.loads(output) if output.strip().startswith("{") else {}


@pytest.fixture
def mortal() -> Iterator[tuple[str, str]]:
    """A broker of this test's own: name and address."""
    name = f"mortal-{secrets.token_hex(3)}"
    yield name, broker_command("start", name)["rabbitmq_url"]
    broker_command("stop", name, "--wipe")


async def publish_steadily(probe: Probe) -> None:
    for _ in range(MESSAGES // PER_COMMIT):
        await probe.publish(PER_COMMIT)
        await asyncio.sleep(0.01)


async def kill_and_restart(name: str) -> None:
    for pause in (0.7, 1.5):
        await asyncio.sleep(pause)
        await asyncio.to_thread(broker_command, "kill", name)
        await asyncio.to_thread(broker_command, "start", name)


async def test_every_message_takes_effect_once(mortal: tuple[str, str], probe_database: ServiceDatabase) -> None:
    name, url = mortal
    pool = await db.open_pool(probe_database.url("worker"), size=8)
    probe = Probe(Database(pool, SystemClock()), Broker(url))
    parts = [
        Consumers("probe", probe.database, probe.broker, [subscription(count_effects, 50)]),
        Relay("probe", pool, probe.broker, probe.database.wake_up),
    ]
    tasks = [asyncio.create_task(part.run()) for part in parts]
    try:
        async with asyncio.timeout(120):
            await asyncio.gather(publish_steadily(probe), kill_and_restart(name))
            while await pool.fetchval("SELECT count(*) FROM inbox") < MESSAGES:
                await asyncio.sleep(0.1)
        effects = await probe.effects()
        assert len(effects) == MESSAGES
        assert len(set(effects)) == MESSAGES
        published = {row["id"] for row in await pool.fetch("SELECT id FROM journal")}
        assert published == set(effects)
        assert await pool.fetchval("SELECT count(*) FROM parked") == 0
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await pool.close()

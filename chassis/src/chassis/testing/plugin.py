"""Pytest fixtures every package's tests share. Plain tests open no socket; the fixtures here are what makes a test use servers."""

import secrets
from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from chassis.clock import FrozenClock
from chassis.messaging.broker import Broker
from chassis.testing.brokers import RecordingBroker
from chassis.testing.servers import Databases, Servers, ServiceDatabase, resolve


@pytest.fixture(scope="session")
def servers() -> Servers:
    """PostgreSQL and RabbitMQ, real ones."""
    return resolve()


@pytest.fixture(scope="session")
def postgres_url(servers: Servers) -> str:
    """Administrator's address of PostgreSQL."""
    return servers.postgres_url


@pytest.fixture(scope="session")
def rabbitmq_url(servers: Servers) -> str:
    """Address of RabbitMQ."""
    return servers.rabbitmq_url


@pytest_asyncio.fixture(scope="session")
async def databases(postgres_url: str) -> AsyncIterator[Databases]:
    """Maker of test databases; everything is dropped at the end of the session."""
    maker = Databases(postgres_url)
    yield maker
    await maker.drop_all()


@pytest.fixture
def service_database(databases: Databases) -> Callable[[str, Path], Coroutine[None, None, ServiceDatabase]]:
    """Makes migrated databases: await it with the service's name and its migrations folder."""
    return databases.create


@pytest_asyncio.fixture
async def broker(rabbitmq_url: str) -> AsyncIterator[Broker]:
    """The broker under a namespace of this test's own; its exchanges and queues are removed afterwards."""
    address = RecordingBroker(rabbitmq_url, f"test-{secrets.token_hex(5)}")
    yield address
    await address.clean_up()


@pytest.fixture
def frozen_clock() -> FrozenClock:
    """A Monday in Seoul, 10:00."""
    return FrozenClock(datetime(2026, 5, 11, 1, 0, tzinfo=UTC))

"""The whole suite as processes, on databases, folders and a broker namespace of its own."""

import os
from collections.abc import Iterator

import pytest

from chassis.testing.servers import Servers
from tools.demo.input import write_endpoints
from tools.demo.neighbour import connect_neighbour
from tools.suite import Suite


@pytest.fixture(scope="session")
def suite(servers: Servers) -> Iterator[Suite]:
    """A running suite with the seeded government; ended after the session."""
    running = Suite(
        # Another name lets a second run go beside the first.
        os.environ.get("ONNARA_TEST_SUITE", "journeys"),
        servers.postgres_url,
        servers.rabbitmq_url,
        settings={"ONNARA_DIRECTORY_DEMO": "1", "ONNARA_ADAPTERS_SCAN_SECONDS": "0.2"},
    )
    running.reset()
    running.choose_ports()
    write_endpoints(running, running.folder / "delivered")
    connect_neighbour(running)
    running.migrate()
    running.run("seed", "--demo", service="directory")
    running.run("import-codes", service="directory")
    running.up()
    yield running
    running.down()

"""Puts the adapters' runtime together and runs it: the only place that reads settings."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from onnara.adapters.v1 import interoperability_service_pb2 as pb
from onnara.adapters.v1.interoperability_service_pb2_grpc import add_InteroperabilityServiceServicer_to_server
from onnara.directory.v1.directory_service_pb2_grpc import DirectoryServiceStub

from adapters.runtime import consumer, translate
from adapters.runtime.decoding import Decoder
from adapters.runtime.delivery import Delivery
from adapters.runtime.endpoints import read_endpoints
from adapters.runtime.intake import Intake
from adapters.runtime.rpc import InteroperabilityService
from adapters.runtime.settings import Settings
from chassis import db, log, migrate
from chassis.actor import TokenVerifier
from chassis.blobs import Blobs
from chassis.clock import SystemClock
from chassis.errors import TransientError
from chassis.http import database_check, health_server
from chassis.messaging import Broker, Consumers, Relay
from chassis.messaging.parked import ParkedMessages
from chassis.replica import Replica
from chassis.rpc import Server, connect
from chassis.runner import run_together
from chassis.uow import Database
from chassis.wakeup import WakeUp

MIGRATIONS = Path(__file__).parents[3] / "migrations"


class Names(Mapping[str, str]):
    """Names of agencies by code, as the replica has them now."""

    def __init__(self, replica: Replica) -> None:
        self._replica = replica

    def __getitem__(self, code: str) -> str:
        unit = self._replica.snapshot.find("unit_code", code, SystemClock().now().date())
        if unit is None:
            raise KeyError(code)
        return str(unit.name)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0

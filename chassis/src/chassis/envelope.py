"""A message with what is known about it: who caused it, when, and which journey it belongs to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Generic, TypeVar
from uuid import UUID

from google.protobuf import descriptor_pool
from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class EventOptions:
    """How a type is declared to travel (see onnara.common.v1.EventOptions)."""

    must_route: bool
    journal_only: bool
    parcel: bool


@dataclass(frozen=True, slots=True)
class Incoming(Generic[T]):
    """One message as a handler sees it: translated content and its envelope.

    id: the event's id, the same on every redelivery. agency_id: tenant it belongs to. actor: provenance, not authority.
    """

    id: UUID
    type: str
    agency_id: str
    actor: Mapping[str, Any]
    correlation_id: str
    occurred_at: datetime
    content: T


def options_of(message_type: type[Message]) -> EventOptions:
    """Options of an event type; raises KeyError when the type does not declare itself an event."""
    return _options(message_type.DESCRIPTOR)


@cache
def must_route(full_name: str) -> bool:
    """True when nobody listening to a type is an alarm; so too for types this process does not know."""
    try:
        return _options(descriptor_pool.Default().FindMessageTypeByName(full_name)).must_route
    except KeyError:
        return True


@cache
def _options(descriptor: Descriptor) -> EventOptions:
    # Found by name, because the chassis may not import the contracts; mypy knows only generated extensions.
    extension: Any = descriptor.file.pool.FindExtensionByName("onnara.common.v1.event")
    declared = descriptor.GetOptions()
    if not declared.HasExtension(extension):
        raise KeyError(f"{descriptor.full_name} declares no (onnara.common.v1.event)")
    event: Any = declared.Extensions[extension]
    return EventOptions(event.must_route, event.journal_only, event.parcel)

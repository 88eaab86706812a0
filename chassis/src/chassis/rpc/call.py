"""The call being served: who, on which journey, until when. Set by the server, read by handlers; one per task."""

import re
from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, TypeAlias

from chassis import log
from chassis.actor import Actor
from chassis.ids import uuid7

AUTHORIZATION = "authorization"
BEARER = "Bearer "
CORRELATION = "x-correlation-id"
TRACEPARENT = "traceparent"

Metadata: TypeAlias = tuple[tuple[str, str], ...]

_CORRELATION_FORM = re.compile(r"[A-Za-z0-9._:-]{1,64}")
# W3C Trace Context: version, trace id, parent id, flags.
_TRACE_FORM = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")


@dataclass(frozen=True, slots=True)
class Call:
    """What a handler may know about its call.

    actor: verified; ANONYMOUS in a public method. appointment_version: of the capacity, 0 when unknown. deadline: UTC.
    method: ``/package.Service/Method``. traceparent: W3C form or empty. peers: names in the caller's client certificate.
    """

    actor: Actor
    correlation_id: str
    traceparent: str
    deadline: datetime
    method: str
    appointment_version: int = 0
    peers: tuple[str, ...] = ()


_CURRENT: ContextVar[Call] = ContextVar("call")


def current_call() -> Call:
    """The call this task serves. Raises LookupError outside of one."""
    return _CURRENT.get()


def set_current(call: Call) -> None:
    """Makes a call the current one of this task, for handlers and for log lines."""
    _CURRENT.set(call)
    log.bind(correlation_id=call.correlation_id)


class Incoming(NamedTuple):
    """What a call brings in its metadata. correlation_id: the caller's, or made here."""

    token: str
    correlation_id: str
    traceparent: str


def incoming(metadata: Iterable[tuple[str, str | bytes]]) -> Incoming:
    """Token and journey of a call; malformed values count as absent."""
    found = {key: value for key, value in metadata if key in _WANTED and isinstance(value, str)}
    authorization = found.get(AUTHORIZATION, "")
    token = authorization[len(BEARER) :].strip() if authorization.startswith(BEARER) else ""
    correlation = found.get(CORRELATION, "")
    if not _CORRELATION_FORM.fullmatch(correlation):
        correlation = str(uuid7())
    trace = found.get(TRACEPARENT, "")
    return Incoming(token, correlation, trace if _TRACE_FORM.fullmatch(trace) else "")


_WANTED = frozenset({AUTHORIZATION, CORRELATION, TRACEPARENT})


def outgoing() -> Metadata:
    """Metadata that carries the current journey on: correlation id and trace, whether in a call or in a consumer."""
    call = _CURRENT.get(None)
    correlation = log.correlation_id()
    if call is None:
        return ((CORRELATION, correlation),) if correlation else ()
    if call.traceparent:
        return ((CORRELATION, call.correlation_id), (TRACEPARENT, call.traceparent))
    return ((CORRELATION, call.correlation_id),)

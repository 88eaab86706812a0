"""gRPC between services: who calls, until when, on which journey; refusals travel as codes, never as text.

caller -> ``connect`` (token, correlation id, deadline) -> wire -> ``Server`` (verifies, sets ``current_call``) -> servicer
-> error as ``google.rpc.Status`` -> wire -> ``translated_errors`` -> ``chassis.errors`` in the caller.
"""

from chassis.rpc.call import Call, current_call
from chassis.rpc.client import Connection, bearer, connect
from chassis.rpc.server import Registration, Server
from chassis.rpc.status import translated_errors
from chassis.rpc.tls import ClientTls, ServerTls

__all__ = [
    "Call",
    "ClientTls",
    "Connection",
    "Registration",
    "Server",
    "ServerTls",
    "bearer",
    "connect",
    "current_call",
    "translated_errors",
]

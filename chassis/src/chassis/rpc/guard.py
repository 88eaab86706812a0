"""What stands before every method: token, deadline, journey; and behind it: errors as codes.

Handlers are wrapped once, when they are registered. An interceptor would be asked on every call and costs more.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any, NoReturn

import grpc
import structlog

from chassis.actor import ANONYMOUS, TokenVerifier
from chassis.clock import Clock
from chassis.errors import OnnaraError, RefusalError, TransientError
from chassis.rpc.call import CORRELATION, Call, Incoming, incoming, set_current
from chassis.rpc.status import DETAILS_KEY, is_passing, status_of

log = structlog.get_logger(__name__)

Context = Any
# Seconds. A caller may ask for years; nothing may run that long.
LONGEST = 3600.0


class Guard:
    """Wraps the methods of a server.

    public: full method names (``/package.Service/Method``) open to callers without a token. default_deadline: seconds for
    callers that gave none. read_peers: look into client certificates.
    """

    def __init__(
        self,
        verifier: TokenVerifier,
        clock: Clock,
        *,
        public: frozenset[str],
        default_deadline: float,
        read_peers: bool = False,
    ) -> None:
        self._verifier = verifier
        self._clock = clock
        self._public = public
        self._default_deadline = default_deadline
        self._read_peers = read_peers

    def wrap(self, method: str, handler: grpc.RpcMethodHandler) -> grpc.RpcMethodHandler:
        """The same method, guarded."""
        coders = (handler.request_deserializer, handler.response_serializer)
        if handler.unary_unary:
            return grpc.unary_unary_rpc_method_handler(self._single(method, handler.unary_unary), *coders)
        if handler.stream_unary:
            return grpc.stream_unary_rpc_method_handler(self._single(method, handler.stream_unary), *coders)
        if handler.unary_stream:
            return grpc.unary_stream_rpc_method_handler(self._stream(method, handler.unary_stream), *coders)
        return grpc.stream_stream_rpc_method_handler(self._stream(method, handler.stream_stream), *coders)

    def _single(self, method: str, inner: Callable[[Any, Context], Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def serve(request: Any, context: Context) -> Any:
            brought = incoming(context.invocation_metadata())
            limit = _Limit(context, self._default_deadline)
            try:
                set_current(self._call(method, brought, limit, context))
                if limit.given:
                    return await inner(request, context)
                async with limit.timeout:
                    return await inner(request, context)
            except Exception as error:  # noqa: BLE001 - the edge: every error becomes a status
                await _refuse(context, limit.explain(error), brought.correlation_id, method)

        return serve

    def _stream(self, method: str, inner: Callable[[Any, Context], AsyncIterator[Any]]) -> Callable[..., Any]:
        async def serve(request: Any, context: Context) -> AsyncIterator[Any]:
            brought = incoming(context.invocation_metadata())
            limit = _Limit(context, self._default_deadline)
            try:
                set_current(self._call(method, brought, limit, context))
                async with limit.timeout:
                    async for piece in inner(request, context):
                        yield piece
            except Exception as error:  # noqa: BLE001 - as above
                await _refuse(context, limit.explain(error), brought.correlation_id, method)

        return serve

    def _call(self, method: str, brought: Incoming, limit: "_Limit", context: Context) -> Call:
        actor, version = ANONYMOUS, 0
        if method not in self._public:
            claims = self._verifier.claims(brought.token)
            actor, version = claims.actor, claims.appointment_version
        deadline = self._clock.now() + timedelta(seconds=limit.seconds)
        peers = self._peers(context)
        return Call(actor, brought.correlation_id, brought.traceparent, deadline, method, version, peers)

    def _peers(self, context: Context) -> tuple[str, ...]:
        if not self._read_peers:
            return ()
        found = context.auth_context()
        names = (*found.get("x509_common_name", ()), *found.get("x509_subject_alternative_name", ()))
        return tuple(dict.fromkeys(name.decode() for name in names))


class _Limit:
    """How long a call may take. The caller's own deadline is kept by gRPC, which cancels; ours by a timeout."""

    def __init__(self, context: Context, default: float) -> None:
        remaining = context.time_remaining()
        self.given = remaining is not None and remaining <= LONGEST
        self.seconds: float = default if remaining is None else min(remaining, LONGEST)
        self.timeout = asyncio.timeout(None if self.given else self.seconds)

    def explain(self, error: Exception) -> Exception:
        """A timeout of ours is told apart from one that a handler ran into."""
        if isinstance(error, TimeoutError) and self.timeout.expired():
            return TransientError("deadline-exceeded")
        return error


async def _refuse(context: Context, error: Exception, correlation: str, method: str) -> NoReturn:
    """Ends the call with the status of an error. Only what is not a refusal is logged."""
    if isinstance(error, grpc.aio.AbortError):
        raise error
    if is_passing(error):
        code = error.code if isinstance(error, OnnaraError) else type(error).__name__
        log.warning("call-failed-for-now", method=method, code=code)
    elif not isinstance(error, RefusalError):
        log.error("call-broke", method=method, exc_info=error)
    status, message, details = status_of(error, correlation)
    await context.abort(status, message, ((DETAILS_KEY, details), (CORRELATION, correlation)))
    raise AssertionError("abort does not return")

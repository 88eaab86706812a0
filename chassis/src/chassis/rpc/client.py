"""Calls to other services: a channel whose methods add journey, token and deadline, and raise ``chassis.errors``.

documents = DocumentsServiceStub(connect("documents:50052"))
card = await documents.GetDocument(request, metadata=bearer(token))
"""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from types import TracebackType
from typing import Any, Self

import grpc

from chassis.rpc.call import AUTHORIZATION, BEARER, Metadata, outgoing
from chassis.rpc.server import LARGEST_MESSAGE, LARGEST_METADATA
from chassis.rpc.status import error_of
from chassis.rpc.tls import ClientTls

TokenSource = Callable[[], Awaitable[str]]

_OPTIONS = (
    ("grpc.max_receive_message_length", LARGEST_MESSAGE),
    ("grpc.max_send_message_length", LARGEST_MESSAGE),
    ("grpc.max_metadata_size", LARGEST_METADATA),
    # A peer that vanished without a word is noticed within 40 s, also between calls.
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.http2.max_pings_without_data", 0),
    ("grpc.initial_reconnect_backoff_ms", 200),
    ("grpc.min_reconnect_backoff_ms", 1_000),
    ("grpc.max_reconnect_backoff_ms", 5_000),
    # Services are reached directly, whatever proxy the environment names.
    ("grpc.enable_http_proxy", 0),
)


def bearer(token: str) -> Metadata:
    """Metadata that carries an actor token."""
    return ((AUTHORIZATION, BEARER + token),)


def connect(
    address: str,
    *,
    tls: ClientTls | None = None,
    timeout: float = 10.0,
    token: TokenSource | None = None,
    repeatable: Sequence[str] = (),
) -> "Connection":
    """A connection, opened with the first call. It spreads calls over all addresses of a ``dns:///`` name.

    timeout: seconds for calls that name none. token: asked before each call that carries no authorization, for services
    that act as systems. repeatable: ``package.Service/Method`` (or ``package.Service``) that may be sent again when the
    server was not reached, because doing them twice does nothing twice.
    """
    options = [*_OPTIONS, ("grpc.service_config", service_config(repeatable))]
    if tls and tls.name:
        options.append(("grpc.ssl_target_name_override", tls.name))
    channel = (
        grpc.aio.secure_channel(address, tls.credentials(), options)
        if tls
        else grpc.aio.insecure_channel(address, options)
    )
    return Connection(channel, timeout, token)


def service_config(repeatable: Sequence[str]) -> str:
    """GRPC's own configuration: round robin, and up to three attempts for repeatable methods."""
    config: dict[str, Any] = {"loadBalancingConfig": [{"round_robin": {}}]}
    if repeatable:
        names = [dict(zip(("service", "method"), name.split("/"), strict=False)) for name in repeatable]
        policy = {
            "maxAttempts": 3,
            "initialBackoff": "0.1s",
            "maxBackoff": "1s",
            "backoffMultiplier": 3,
            "retryableStatusCodes": ["UNAVAILABLE"],
        }
        config["methodConfig"] = [{"name": names, "retryPolicy": policy}]
    return json.dumps(config)


class Connection(grpc.aio.Channel):  # type: ignore[misc]
    """A channel for generated stubs. Calls are plain coroutines and async iterators, and raise ``chassis.errors`` only."""

    def __init__(self, channel: grpc.aio.Channel, timeout: float, token: TokenSource | None) -> None:
        self._channel = channel
        self._timeout = timeout
        self._token = token

    def unary_unary(self, method: str, *arguments: Any, **options: Any) -> Any:
        """One message out, one back."""
        return self._single(self._channel.unary_unary(method, *arguments, **options))

    def stream_unary(self, method: str, *arguments: Any, **options: Any) -> Any:
        """Many messages out, one back."""
        return self._single(self._channel.stream_unary(method, *arguments, **options))

    def unary_stream(self, method: str, *arguments: Any, **options: Any) -> Any:
        """One message out, many back."""
        return self._many(self._channel.unary_stream(method, *arguments, **options))

    def stream_stream(self, method: str, *arguments: Any, **options: Any) -> Any:
        """Many messages out, many back."""
        return self._many(self._channel.stream_stream(method, *arguments, **options))

    def _single(self, inner: Any) -> Callable[..., Awaitable[Any]]:
        async def call(request: Any, *, timeout: float | None = None, metadata: Any = (), **rest: Any) -> Any:  # noqa: ASYNC109 - gRPC's deadline, sent to the server
            sent = await self._metadata(metadata)
            try:
                return await inner(request, timeout=timeout or self._timeout, metadata=sent, **rest)
            except grpc.aio.AioRpcError as error:
                raise error_of(error) from error

        return call

    def _many(self, inner: Any) -> Callable[..., AsyncIterator[Any]]:
        async def call(
            request: Any,
            *,
            timeout: float | None = None,  # noqa: ASYNC109 - as above
            metadata: Any = (),
            **rest: Any,
        ) -> AsyncIterator[Any]:
            running = inner(request, timeout=timeout, metadata=await self._metadata(metadata), **rest)
            try:
                async for piece in running:
                    yield piece
            except grpc.aio.AioRpcError as error:
                raise error_of(error) from error
            finally:
                # A reader that stops early ends the call too; after the end this does nothing.
                running.cancel()

        return call

    async def _metadata(self, given: Any) -> Metadata:
        metadata: Metadata = (*given, *outgoing())
        if self._token and not any(key == AUTHORIZATION for key, _ in metadata):
            return (*metadata, *bearer(await self._token()))
        return metadata

    async def close(self, grace: float | None = None) -> None:
        """Closes the connection; running calls may finish within ``grace`` seconds."""
        await self._channel.close(grace)

    def get_state(self, try_to_connect: bool = False) -> grpc.ChannelConnectivity:
        """Connectivity, see grpc.aio.Channel."""
        return self._channel.get_state(try_to_connect)

    async def wait_for_state_change(self, last_observed_state: grpc.ChannelConnectivity) -> None:
        """Returns when the connectivity has changed."""
        await self._channel.wait_for_state_change(last_observed_state)

    async def channel_ready(self) -> None:
        """Returns when connected."""
        await self._channel.channel_ready()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

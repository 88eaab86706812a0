"""gRPC errors -> errors with codes. The details of a refusal are ``onnara.common.v1.ErrorDetail`` in the call's rich status."""

from collections.abc import Iterator
from contextlib import contextmanager

import grpc
from chassis.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    OnnaraError,
    Problem,
    TransientError,
)
from grpc_status import rpc_status
from onnara.common.v1 import error_pb2


class SignInNeededError(Exception):
    """The session has ended, or nobody is signed in: the person must sign in (again)."""


_KINDS: dict[grpc.StatusCode, type[OnnaraError]] = {
    grpc.StatusCode.NOT_FOUND: NotFoundError,
    grpc.StatusCode.ABORTED: ConflictError,
    grpc.StatusCode.FAILED_PRECONDITION: ConflictError,
    grpc.StatusCode.ALREADY_EXISTS: ConflictError,
    grpc.StatusCode.INVALID_ARGUMENT: InvalidError,
    grpc.StatusCode.PERMISSION_DENIED: ForbiddenError,
    grpc.StatusCode.UNAVAILABLE: TransientError,
    grpc.StatusCode.DEADLINE_EXCEEDED: TransientError,
    grpc.StatusCode.RESOURCE_EXHAUSTED: TransientError,
}


def problem_of(detail: error_pb2.ErrorDetail) -> Problem:
    """The problem an ErrorDetail stands for."""
    return Problem(detail.code, dict(detail.params), detail.field, detail.source)


@contextmanager
def translated() -> Iterator[None]:
    """Raises what a call's error means: SignInNeededError or an OnnaraError with the problems of its details."""
    try:
        yield
    except grpc.aio.AioRpcError as error:
        if error.code() is grpc.StatusCode.UNAUTHENTICATED and not _problems(error):
            raise SignInNeededError from error
        kind = _KINDS.get(error.code(), OnnaraError)
        problems = _problems(error) or [Problem(_plain_code(error.code()))]
        first, *more = problems
        raise kind(first.code, params=first.params, field=first.field, source=first.source, more=tuple(more)) from error


def _problems(error: grpc.aio.AioRpcError) -> list[Problem]:
    status = rpc_status.from_call(error)  # type: ignore[arg-type]
    found = []
    for packed in status.details if status else ():
        detail = error_pb2.ErrorDetail()
        if packed.Unpack(detail):
            found.append(problem_of(detail))
    return found


def _plain_code(code: grpc.StatusCode) -> str:
    return "service-unavailable" if _KINDS.get(code) is TransientError else str(code.name).lower().replace("_", "-")

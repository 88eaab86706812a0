"""One table between ``chassis.errors`` and gRPC, both ways.

error -> status code + one ``google.rpc.ErrorInfo`` per problem (reason = code, metadata = params, ``_field``, ``_source``)
-> wire -> the same error class with the same problems. The status message is the code; no sentence is ever sent.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import grpc
from google.protobuf.any_pb2 import Any as AnyMessage
from google.rpc import status_pb2
from google.rpc.error_details_pb2 import ErrorInfo
from grpc_status import rpc_status

from chassis import db
from chassis.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    OnnaraError,
    Problem,
    TransientError,
)

DOMAIN = "onnara"
FIELD, SOURCE = "_field", "_source"
CORRELATION_PARAM = "correlation_id"
DETAILS_KEY = "grpc-status-details-bin"
# Trailing metadata of 8 kB and more is refused by peers with default limits; the rest of the budget is theirs.
MOST_DETAIL_BYTES = 5_000

_CODES: tuple[tuple[type[BaseException], grpc.StatusCode], ...] = (
    (NotFoundError, grpc.StatusCode.NOT_FOUND),
    (ConflictError, grpc.StatusCode.ABORTED),
    (InvalidError, grpc.StatusCode.INVALID_ARGUMENT),
    (ForbiddenError, grpc.StatusCode.PERMISSION_DENIED),
    (TransientError, grpc.StatusCode.UNAVAILABLE),
)
_ERRORS: dict[grpc.StatusCode, type[OnnaraError]] = {
    **{code: kind for kind, code in _CODES if issubclass(kind, OnnaraError)},
    # Not sent by us; what proxies and foreign servers say.
    grpc.StatusCode.UNAUTHENTICATED: ForbiddenError,
    grpc.StatusCode.ALREADY_EXISTS: ConflictError,
    grpc.StatusCode.FAILED_PRECONDITION: ConflictError,
    grpc.StatusCode.OUT_OF_RANGE: InvalidError,
    grpc.StatusCode.DEADLINE_EXCEEDED: TransientError,
    grpc.StatusCode.CANCELLED: TransientError,
    grpc.StatusCode.RESOURCE_EXHAUSTED: TransientError,
}
_PLAIN = {
    grpc.StatusCode.UNAVAILABLE: "service-unavailable",
    grpc.StatusCode.RESOURCE_EXHAUSTED: "service-busy",
    grpc.StatusCode.UNAUTHENTICATED: "token-invalid",
}


def is_passing(error: BaseException) -> bool:
    """True when nothing is wrong with the call itself and trying again may help."""
    return isinstance(error, (TransientError, *db.SERVER_AWAY))


def status_of(error: BaseException, correlation_id: str) -> tuple[grpc.StatusCode, str, bytes]:
    """Code, message and serialized ``google.rpc.Status`` for any error; a bug tells its correlation id and nothing else."""
    if isinstance(error, OnnaraError):
        problems = error.problems
        code = next((code for kind, code in _CODES if isinstance(error, kind)), grpc.StatusCode.INTERNAL)
        if code is grpc.StatusCode.PERMISSION_DENIED and error.code.startswith("token-"):
            code = grpc.StatusCode.UNAUTHENTICATED
        if code is grpc.StatusCode.INTERNAL:
            problems = (Problem("internal", {CORRELATION_PARAM: correlation_id}),)
    elif is_passing(error):
        code, problems = grpc.StatusCode.UNAVAILABLE, (Problem("service-unavailable"),)
    elif isinstance(error, NotImplementedError):
        # What generated servicers raise for methods nobody has written.
        code, problems = grpc.StatusCode.UNIMPLEMENTED, (Problem("unimplemented"),)
    else:
        code, problems = grpc.StatusCode.INTERNAL, (Problem("internal", {CORRELATION_PARAM: correlation_id}),)
    return code, problems[0].code, packed(code, problems)


def packed(code: grpc.StatusCode, problems: tuple[Problem, ...]) -> bytes:
    """Serialized status; what does not fit into metadata is replaced by one ``more-problems`` with their number."""
    status = status_pb2.Status(code=code.value[0], message=problems[0].code)
    size = 0
    for number, problem in enumerate(problems):
        info = ErrorInfo(reason=problem.code, domain=DOMAIN, metadata=problem.params)
        if problem.field:
            info.metadata[FIELD] = problem.field
        if problem.source:
            info.metadata[SOURCE] = problem.source
        size += info.ByteSize()
        if size > MOST_DETAIL_BYTES:
            info = ErrorInfo(reason="more-problems", domain=DOMAIN, metadata={"count": str(len(problems) - number)})
        detail = AnyMessage()
        detail.Pack(info)
        status.details.append(detail)
        if size > MOST_DETAIL_BYTES:
            break
    data: bytes = status.SerializeToString()
    return data


def error_of(error: grpc.aio.AioRpcError) -> OnnaraError:
    """The error a failed call stands for. INTERNAL and the like become a plain OnnaraError: a bug, not a refusal."""
    code = error.code()
    problems = _problems(error)
    if not problems:
        if code is grpc.StatusCode.RESOURCE_EXHAUSTED and "larger than max" in (error.details() or ""):
            # Trying again would never help.
            return InvalidError("message-too-large")
        problems = [Problem(_PLAIN.get(code, code.name.lower().replace("_", "-")))]
    first, *more = problems
    kind = _ERRORS.get(code, OnnaraError)
    return kind(first.code, params=first.params, field=first.field, source=first.source, more=tuple(more))


def _problems(error: grpc.aio.AioRpcError) -> list[Problem]:
    try:
        status = rpc_status.from_call(error)
    except ValueError:
        # Details that contradict the status are not ours.
        return []
    found = []
    for detail in status.details if status else ():
        info = ErrorInfo()
        if detail.Unpack(info) and info.domain == DOMAIN:
            params = dict(info.metadata)
            field, source = params.pop(FIELD, ""), params.pop(SOURCE, "")
            found.append(Problem(info.reason, params, field, source))
    return found


@contextmanager
def translated_errors() -> Iterator[None]:
    """Turns errors of calls inside the block into ``chassis.errors``; ``Connection`` does it by itself."""
    try:
        yield
    except grpc.aio.AioRpcError as error:
        raise error_of(error) from error

"""Logs: one JSON object a line with service and correlation id, and without content.

structlog and the standard library's loggers -> the same processors -> standard error. Exceptions appear as type, code and
places in our code; their texts do not, because the texts of database and parser errors quote the data they failed on.
"""

import logging
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

from chassis.errors import OnnaraError

CORRELATION = "correlation_id"
_QUIET = ("asyncio", "aio_pika", "aiormq", "grpc", "uvicorn.access", "alembic", "httpx")


def configure(service: str, level: str = "INFO", json: bool | None = None) -> None:
    """Sets up logging of this process. json: None writes JSON unless standard error is a terminal."""
    as_json = not sys.stderr.isatty() if json is None else json
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add(service),
        _without_content,
    ]
    last: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    )
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last]
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))


def bind(**values: str) -> None:
    """Adds values to every line this task logs from here on: ``bind(correlation_id=...)``."""
    structlog.contextvars.bind_contextvars(**values)


def bound(**values: str) -> AbstractContextManager[None]:
    """Like ``bind``, for the length of a ``with`` block."""
    return structlog.contextvars.bound_contextvars(**values)


def correlation_id() -> str:
    """Correlation id of the current task, empty when none is bound."""
    return str(structlog.contextvars.get_contextvars().get(CORRELATION, ""))


def _add(service: str) -> Processor:
    def add(_: Any, __: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
        event["service"] = service
        return event

    return add


def _without_content(_: Any, __: str, event: EventDict) -> EventDict:
    """Replaces an exception by its type, code and places. Lines of foreign loggers bring theirs in the record."""
    info = event.pop("exc_info", None)
    record = event.get("_record")
    if record is not None and record.exc_info:
        info, record.exc_info, record.exc_text = record.exc_info, None, None
    error = _exception(info)
    if error is not None:
        event["error"] = type(error).__name__
        event["error_code"] = error.code if isinstance(error, OnnaraError) else getattr(error, "sqlstate", None) or ""
        event["error_places"] = places(error.__traceback__)
    return event


def _exception(info: Any) -> BaseException | None:
    if isinstance(info, BaseException):
        return info
    if isinstance(info, tuple):
        return info[1] if isinstance(info[1], BaseException) else None
    return sys.exc_info()[1] if info else None


def places(trace: TracebackType | None, limit: int = 12) -> list[str]:
    """The innermost frames, outermost first, as ``module:line function``; no source text and no values."""
    found = [
        f"{frame.f_globals.get('__name__', '?')}:{line} {frame.f_code.co_name}"
        for frame, line in traceback.walk_tb(trace)
    ]
    return found[-limit:]

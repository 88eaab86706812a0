"""Messages into items on the way out: one that an adapter trips over is found and refused by itself, the others go on."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import structlog

from adapters.contract import Adapter, Encoded, Outgoing
from adapters.formats.findings import Finding, FormatError, reject

log = structlog.get_logger(__name__)


def encode(adapter: Adapter, messages: Sequence[Outgoing]) -> Encoded:
    """Encodes what can be; never raises for what is in a message. `rejected` names the others and why."""
    try:
        return adapter.encode(messages)
    except Exception as error:  # noqa: BLE001 - one message that an adapter does not foresee must not keep a line of others
        if len(messages) == 1:
            return Encoded((), rejected={0: _why(adapter, error)})
    # Alone, each shows whether it was the one; together again, for a system may want them in one file.
    alone = {index: encode(adapter, [message]).rejected.get(0) for index, message in enumerate(messages)}
    culprits = {index: findings for index, findings in alone.items() if findings}
    rest = [index for index in range(len(messages)) if index not in culprits]
    if not rest:
        return Encoded((), rejected=culprits)
    if not culprits:
        return _one_by_one(adapter, messages)
    return _told_in_all(encode(adapter, [messages[index] for index in rest]), rest, culprits)


def _one_by_one(adapter: Adapter, messages: Sequence[Outgoing]) -> Encoded:
    """Each goes out by itself: they can be said, though not together."""
    parts = [encode(adapter, [message]) for message in messages]
    return Encoded(
        items=[item for part in parts for item in part.items],
        findings=tuple(finding for part in parts for finding in part.findings),
        carried=[(index,) for index, part in enumerate(parts) for _ in part.items],
    )


def _told_in_all(part: Encoded, places: Sequence[int], culprits: Mapping[int, tuple[Finding, ...]]) -> Encoded:
    """The answer for some of the messages, in the numbers of all."""
    return replace(
        part,
        rejected={**culprits, **{places[index]: findings for index, findings in part.rejected.items()}},
        carried=[tuple(places[index] for index in carried) for carried in part.carried],
    )


def _why(adapter: Adapter, error: Exception) -> tuple[Finding, ...]:
    if isinstance(error, FormatError):
        return tuple(error.findings)
    log.error("encode-failed", adapter=adapter.name, exc_info=error)
    return (reject("encode-failed", type=type(error).__name__),)

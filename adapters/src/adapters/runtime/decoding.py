"""Decoding in the sandbox: one hostile file must not stall or kill the rest, and its worker may answer plain values only."""

import pickle
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar, cast

from adapters import catalogue
from adapters.contract import Adapter, Item
from adapters.formats.findings import Finding, FormatError, reject
from adapters.runtime.sandbox import Cage, Sandbox

MEMORY_BYTES = 2 * 1024**3
SECONDS = 120.0
Done = TypeVar("Done")


@dataclass(frozen=True, slots=True)
class Wire:
    """A decoded record in a form that crosses a process boundary: the message as its type name and bytes."""

    ordinal: int
    part: str
    offset: int
    length: int
    natural_key: str
    type: str
    payload: bytes
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """A decoded item; ``unreadable``: nothing of it could be read, and findings say why."""

    records: Sequence[Wire]
    findings: tuple[Finding, ...]
    blobs: Mapping[bytes, bytes]
    unreadable: bool = False


class Decoder:
    """Decodes items in the sandbox. An item whose worker hangs, or dies twice, is answered with a finding."""

    def __init__(self, workers: int = 1, *, memory: int = MEMORY_BYTES, seconds: float = SECONDS) -> None:
        cage = Cage(memory=memory, seconds=seconds, answer=memory)
        self._cage = cage
        self._sandbox = Sandbox[Any](f"{__name__}:perform", workers=workers, cage=cage)

    async def decode(self, adapter: str, item: Item, mapping: str = "") -> Result:
        """Decodes an item; never raises for what is in it. mapping: text of a manifest; empty: the adapter's own."""
        done = await self.run(decode_item, adapter, item, mapping)
        return _failed(done) if isinstance(done, Finding) else done

    async def run(self, task: Callable[..., Done], *arguments: Any) -> Done | Finding:
        """Does something with untrusted bytes in a worker; the finding that says why nothing came of it."""
        asked = pickle.dumps((task, arguments), pickle.HIGHEST_PROTOCOL)
        outcome = await self._sandbox.arun(asked)
        if outcome.findings and outcome.findings[0].code == "sandbox-killed":
            # It may have been the machine's want of memory or somebody's hand: the item is suspect only the second time.
            outcome = await self._sandbox.arun(asked)
        if not outcome.findings:
            return cast("Done", outcome.value)
        [why] = outcome.findings
        if why.code == "sandbox-timeout":
            return reject("decode-timeout", seconds=str(int(self._cage.seconds)))
        if why.code == "sandbox-killed":
            return reject("decode-crashed", megabytes=str(self._cage.memory // 1024**2))
        return reject("decode-failed", type=why.params.get("type", why.code))

    def close(self) -> None:
        """Ends the workers at once; what they have in hand comes again."""
        self._sandbox.kill()


def perform(request: bytes) -> Any:
    """Runs in the worker: what the service asks for, which is its own, on bytes that are not."""
    task, arguments = pickle.loads(request)  # noqa: S301 - the service's own words; only answers come from where strangers' bytes are
    return task(*arguments)


def decode_item(adapter: str, item: Item, mapping: str = "") -> Result:
    """Runs in the worker. A bug in an adapter is a finding about the item, not the end of the worker."""
    try:
        decoded = made(adapter, mapping).decode(item)
    except FormatError as error:
        return _failed(*error.findings)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever the parser met, the item goes to quarantine
        return _failed(reject("decode-failed", type=type(error).__name__))
    if len({record.ordinal for record in decoded.records}) != len(decoded.records):
        # Records are known by their ordinal: stored half, the item would come again for ever.
        return _failed(reject("decode-failed", type="ordinal"))
    blobs: dict[bytes, bytes] = {}
    records = []
    for record in decoded.records:
        blobs.update(record.blobs)
        message = record.message
        records.append(
            Wire(
                record.ordinal,
                record.part,
                record.offset,
                len(record.raw),
                record.natural_key,
                message.DESCRIPTOR.full_name if message is not None else "",
                message.SerializeToString(deterministic=True) if message is not None else b"",
                record.findings,
            )
        )
    return Result(records, decoded.findings, blobs)


@lru_cache(maxsize=64)
def made(adapter: str, mapping: str) -> Adapter:
    """The adapter with a mapping of its own; empty: as it came. Raises UnknownAdapterError, ManifestError."""
    return catalogue.load_with(adapter, mapping) if mapping else catalogue.load(adapter)


def _failed(*findings: Finding) -> Result:
    return Result((), findings, {}, unreadable=True)

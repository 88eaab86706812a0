"""Untrusted bytes read in processes of their own: bytes out to a worker, a value or findings back; what hangs or bursts is killed.

One worker reads one file after the other, so a file costs a pipe and not a process. A worker that dies, hangs or takes too
much memory costs the file it had, and a new one takes its place. Limits: address space, processor time, wall time, size of
the answer. Answers may hold nothing but plain values and the records of `adapters.formats` and of decoding.
"""

import asyncio
import dataclasses
import importlib
import io
import os
import pickle
import queue
import selectors
import struct
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Generic, Self, TypeVar

from adapters.formats.findings import Finding, reject

T = TypeVar("T")
REQUEST: Final = struct.Struct(">Q")
ANSWER: Final = struct.Struct(">BQ")
VALUE, REFUSED, MEMORY, FAILED = range(4)
# Modules beside the formats whose dataclasses answers are made of.
_RECORDS: Final = frozenset({"adapters.contract", "adapters.runtime.decoding", "adapters.runtime.trying"})
_CHUNK: Final = 1 << 20
_START_SECONDS: Final = 60.0
# Files handed to a worker's queue before an answer is waited for.
_AHEAD: Final = 4


@dataclass(frozen=True, slots=True)
class Cage:
    """What one file may cost. memory: bytes of address space. seconds: wall and processor time. answer: bytes of the result.

    files: after so many files a worker is replaced, so that what a library leaks does not add up.
    """

    memory: int = 1024**3
    seconds: float = 30.0
    answer: int = 256 * 1024**2
    files: int = 2000


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """The value, or why there is none."""

    value: T | None
    findings: tuple[Finding, ...] = ()


class _EndedError(Exception):
    """The worker is gone."""


class _LateError(Exception):
    """The worker has taken its time."""


class Sandbox(Generic[T]):
    """Runs one function, named `module:function`, that takes bytes and answers a value, in worker processes.

    `run` waits for one file, `map` reads many on all workers, `arun` is `run` for asyncio. Workers start when needed.
    """

    def __init__(self, function: str, *, workers: int = 1, cage: Cage | None = None) -> None:
        # What answers are made of has to be known here, too.
        importlib.import_module(function.partition(":")[0])
        self._workers = [_Worker(function, cage or Cage()) for _ in range(workers)]
        self._free: queue.SimpleQueue[_Worker] = queue.SimpleQueue()
        for worker in self._workers:
            self._free.put(worker)
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="sandbox")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def run(self, data: bytes) -> Outcome[T]:
        """Read one file; never raises for what is in it."""
        worker = self._free.get()
        try:
            return worker.read(data)
        finally:
            self._free.put(worker)

    def map(self, files: Iterable[bytes]) -> Iterator[Outcome[T]]:
        """Read many files on all workers; answers come in the files' order. Few files are held at a time."""
        waiting: deque[Future[Outcome[T]]] = deque()
        for data in files:
            waiting.append(self._threads.submit(self.run, data))
            if len(waiting) > _AHEAD * len(self._workers):
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    async def arun(self, data: bytes) -> Outcome[T]:
        """Read one file without blocking the loop."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self.run, data)

    def kill(self) -> None:
        """End the workers at once, whatever they have in hand."""
        for worker in self._workers:
            worker.kill()
        self.close()

    def close(self) -> None:
        """End the workers when they have done what they have in hand."""
        self._threads.shutdown(wait=True, cancel_futures=True)
        for worker in self._workers:
            worker.end()


class _Worker:
    """One process at a time, and what it has been asked."""

    def __init__(self, function: str, cage: Cage) -> None:
        self._function = function
        self._cage = cage
        self._process: subprocess.Popen[bytes] | None = None
        self._read = 0
        self._killed = False

    def read(self, data: bytes) -> Outcome[Any]:
        cage = self._cage
        try:
            process = self._started()
            deadline = time.monotonic() + cage.seconds
            _write(process, REQUEST.pack(len(data)), deadline)
            _write(process, data, deadline)
            status, payload = _answer(process, cage.answer, deadline)
        except _LateError:
            self.end()
            return Outcome(None, (reject("sandbox-timeout", seconds=f"{cage.seconds:g}"),))
        except (_EndedError, OSError):
            late = self._ran_out()
            self.end()
            if late:
                return Outcome(None, (reject("sandbox-timeout", seconds=f"{cage.seconds:g}"),))
            return Outcome(None, (reject("sandbox-killed", megabytes=str(cage.memory // 1024**2)),))
        self._read += 1
        if status == MEMORY or self._read >= cage.files:
            self.end()
        return self._outcome(status, payload)

    def _outcome(self, status: int, payload: bytes) -> Outcome[Any]:
        if status == MEMORY:
            return Outcome(None, (reject("sandbox-killed", megabytes=str(self._cage.memory // 1024**2)),))
        try:
            value = _Plain(io.BytesIO(payload)).load()
        except Exception:  # noqa: BLE001 - a worker that was taken over may answer anything
            self.end()
            return Outcome(None, (reject("sandbox-failed", type="answer"),))
        if status == VALUE:
            return Outcome(value)
        if status == REFUSED:
            return Outcome(None, tuple(value))
        return Outcome(None, (reject("sandbox-failed", type=str(value)),))

    def _ran_out(self) -> bool:
        """Tell whether the process was ended for its processor time (SIGXCPU)."""
        if self._process is None:
            return False
        with suppress(subprocess.TimeoutExpired):
            return self._process.wait(1) == -24
        return False

    def _started(self) -> "subprocess.Popen[bytes]":
        """Give the process, a new one if there is none; its first byte says that everything is imported."""
        if self._process is not None and self._process.poll() is None:
            return self._process
        self.end()
        if self._killed:
            raise _EndedError
        cage = self._cage
        arguments = [self._function, str(cage.memory), str(cage.seconds)]
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter with our own arguments
            [sys.executable, "-m", "adapters.runtime.sandboxed", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "LANG": "C.UTF-8"},
        )
        for pipe in (self._process.stdin, self._process.stdout):
            os.set_blocking(pipe.fileno(), False)  # type: ignore[union-attr]  # both were asked for
        self._read = 0
        _take(self._process, 1, time.monotonic() + _START_SECONDS)
        return self._process

    def kill(self) -> None:
        """Kill the process and begin no other; whoever waits for it hears that it is gone."""
        self._killed = True
        if (process := self._process) is not None:
            process.kill()

    def end(self) -> None:
        """Kill the process, if there is one."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):
                pipe.close()  # type: ignore[union-attr]  # both were asked for


def _wait(descriptor: int, event: int, deadline: float) -> None:
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, event)
        if not selector.select(max(0.0, deadline - time.monotonic())):
            raise _LateError


def _write(process: "subprocess.Popen[bytes]", data: bytes, deadline: float) -> None:
    descriptor = process.stdin.fileno()  # type: ignore[union-attr]
    rest = memoryview(data)
    while rest:
        try:
            rest = rest[os.write(descriptor, rest[:_CHUNK]) :]
        except BlockingIOError:
            _wait(descriptor, selectors.EVENT_WRITE, deadline)


def _take(process: "subprocess.Popen[bytes]", count: int, deadline: float) -> bytes:
    descriptor = process.stdout.fileno()  # type: ignore[union-attr]
    parts: list[bytes] = []
    while count:
        try:
            part = os.read(descriptor, min(count, _CHUNK))
        except BlockingIOError:
            _wait(descriptor, selectors.EVENT_READ, deadline)
            continue
        if not part:
            raise _EndedError
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def _answer(process: "subprocess.Popen[bytes]", most: int, deadline: float) -> tuple[int, bytes]:
    status, length = ANSWER.unpack(_take(process, ANSWER.size, deadline))
    if length > most:
        raise _EndedError
    return status, _take(process, length, deadline)


class _Plain(pickle.Unpickler):
    """Makes plain values and the records of our formats; a worker under a stranger's control gets no further."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("builtins", "frozenset"):
            return frozenset
        ours = module.startswith("adapters.formats.") or module in _RECORDS
        known = getattr(sys.modules.get(module), name, None) if ours else None
        if isinstance(known, type) and dataclasses.is_dataclass(known):
            return known
        raise pickle.UnpicklingError(f"{module}.{name}")

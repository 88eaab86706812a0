"""The process behind `sandbox`: requests on standard input, answers on standard output, until the input ends.

A request is eight bytes of length and the file; an answer a byte of status, eight of length and a pickle (see `sandbox`).
The function is imported before the limits close, so a library can still be loaded; then no file may be written, no process begun.
"""

import contextlib
import importlib
import os
import pickle
import resource
import sys
from collections.abc import Callable
from typing import Any, BinaryIO

from adapters.formats.findings import FormatError
from adapters.runtime.sandbox import ANSWER, FAILED, MEMORY, REFUSED, REQUEST, VALUE


def serve(function: Callable[[bytes], Any], seconds: float, requests: BinaryIO, answers: BinaryIO) -> None:
    """Read one file after the other; after one that burst the memory the process ends, for it may be in pieces."""
    while len(head := requests.read(REQUEST.size)) == REQUEST.size:
        data = requests.read(REQUEST.unpack(head)[0])
        _allow(seconds)
        status, payload = _answer(function, data)
        answers.write(ANSWER.pack(status, len(payload)))
        answers.write(payload)
        answers.flush()
        if status == MEMORY:
            return


def _answer(function: Callable[[bytes], Any], data: bytes) -> tuple[int, bytes]:
    try:
        return VALUE, pickle.dumps(function(data), pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        return MEMORY, b""
    except FormatError as error:
        return REFUSED, pickle.dumps(error.findings, pickle.HIGHEST_PROTOCOL)
    except Exception as error:  # noqa: BLE001 - whatever fails fails one file, not the process
        return FAILED, pickle.dumps(type(error).__name__, pickle.HIGHEST_PROTOCOL)


def _allow(seconds: float) -> None:
    """Give the next file its processor time: what is used so far and as much again as one file may take."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime + seconds) + 1
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))


def _close(memory: int) -> None:
    limits = (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
    )
    for limit, value in limits:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(limit, (value, value))


def main() -> None:
    """Runs on the pipes it was started with; whatever a library prints goes to standard error."""
    name, memory, seconds = sys.argv[1:4]
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    module, _, attribute = name.partition(":")
    function = getattr(importlib.import_module(module), attribute)
    os.nice(5)
    _close(int(memory))
    answers.write(b"!")
    answers.flush()
    serve(function, float(seconds), sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()

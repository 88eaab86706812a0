"""A process that makes files and nothing else: jobs on standard input, files on standard output, until the input ends.

A job is four bytes of length and a msgpack of ``Job``; an answer one byte (0 made, 1 not), four of length, the bytes.
"""

import contextlib
import os
import resource
import struct
import sys
from pathlib import Path
from typing import BinaryIO

import msgspec

from documents.rendering.odt import odt
from documents.rendering.pubdoc import pubdoc
from documents.rendering.sheet import ODT, PDF, Sheet
from documents.rendering.typesetting import Typesetter

LENGTH = struct.Struct(">I")
# Fonts and a body of the largest size take a tenth of it; a hostile one ends here and not in the service.
MOST_MEMORY = 2 * 1024**3


class Job(msgspec.Struct, frozen=True):
    """One file to make. kind: pdf, odt, xml."""

    kind: str
    sheet: Sheet


def serve(fonts: Path, jobs: BinaryIO, files: BinaryIO) -> None:
    """Makes one file after the other."""
    setter: Typesetter | None = None
    while len(head := jobs.read(LENGTH.size)) == LENGTH.size:
        data = jobs.read(LENGTH.unpack(head)[0])
        try:
            job = msgspec.msgpack.decode(data, type=Job)
            if job.kind == PDF and setter is None:
                setter = Typesetter(fonts)
            made, failed = _made(job, setter), 0
        except Exception as error:  # noqa: BLE001 - whatever fails fails one file, not the process
            made, failed = type(error).__name__.encode(), 1
        files.write(bytes([failed]) + LENGTH.pack(len(made)) + made)
        files.flush()


def _made(job: Job, setter: Typesetter | None) -> bytes:
    if setter is not None and job.kind == PDF:
        return setter.pdf(job.sheet)
    return odt(job.sheet) if job.kind == ODT else pubdoc(job.sheet)


def main() -> None:
    """Runs on the pipes it was started with; whatever a library prints goes to standard error."""
    files = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    os.nice(5)
    serve(Path(sys.argv[1]), sys.stdin.buffer, files)


if __name__ == "__main__":
    main()

"""The press: files are made in a process of its own, one at a time, within a time limit; a stuck one is ended.

Sheet -> ``Press.make`` -> bytes. The process starts with the first file, and anew after a failure or many files.
"""

import asyncio
import contextlib
import os
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

import msgspec

from chassis.errors import InvalidError, OnnaraError
from documents.rendering.sheet import Sheet

_LENGTH_BYTES = 4
# The compiler keeps what it has set; a fresh process forgets it.
_FILES_A_PROCESS = 300
# It needs no password of the service.
_ENVIRONMENT = ("PATH", "PYTHONPATH", "LANG", "LC_ALL", "TMPDIR")


class RenderingError(OnnaraError):
    """A file could not be made: a bug in a writer or a form, not in the request."""


class Press:
    """Makes files. fonts: folder with fonts. seconds: limit for one file."""

    def __init__(self, fonts: Path, seconds: float) -> None:
        self._fonts = fonts
        self._seconds = seconds
        self._process: Process | None = None
        self._made = 0
        self._turn = asyncio.Lock()

    async def make(self, kind: str, sheet: Sheet) -> bytes:
        """The file. kind: pdf, odt, xml. Raises InvalidError rendering-too-long, RenderingError rendering-failed."""
        job = msgspec.msgpack.encode({"kind": kind, "sheet": sheet})
        async with self._turn:
            try:
                async with asyncio.timeout(self._seconds):
                    failed, made = await self._asked(job)
            except TimeoutError as error:
                await self._end()
                raise InvalidError("rendering-too-long", params={"seconds": f"{self._seconds:g}"}) from error
            except (OSError, asyncio.IncompleteReadError) as error:
                await self._end()
                raise RenderingError("rendering-failed", params={"type": type(error).__name__}) from error
            except BaseException:
                # Broken off between job and file: the next job must not get this one's file.
                await self._end()
                raise
        if failed:
            raise RenderingError("rendering-failed", params={"type": made.decode()})
        return made

    async def aclose(self) -> None:
        """Ends the process."""
        async with self._turn:
            await self._end()

    async def _asked(self, job: bytes) -> tuple[bool, bytes]:
        process = await self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(len(job).to_bytes(_LENGTH_BYTES, "big") + job)
        await process.stdin.drain()
        head = await process.stdout.readexactly(1 + _LENGTH_BYTES)
        made = await process.stdout.readexactly(int.from_bytes(head[1:], "big"))
        self._made += 1
        return head[0] != 0, made

    async def _running(self) -> Process:
        if self._process is not None and (self._made >= _FILES_A_PROCESS or self._process.returncode is not None):
            await self._end()
        if self._process is None:
            command = (sys.executable, "-m", "documents.rendering.worker", str(self._fonts))
            kept = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
            self._process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, env=kept)
            self._made = 0
        return self._process

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

"""Folders of this machine: complete items are seen, taken and put, each by one rename.

Names that begin with a dot or end in ``.tmp`` are still being written. A directory is complete when its adapter says so
(its marker file is there). A plain file is complete when two scans see the same size and time of change.
"""

import asyncio
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from adapters.contract import Item
from adapters.runtime.transports.contract import Handed, IsComplete, TransportError

SYNC_THREADS = 24
UNFINISHED = (".tmp", ".part", ".filepart")

Result = TypeVar("Result")


def is_unfinished(name: str) -> bool:
    """True for names under which something is still being written."""
    return name.startswith(".") or name.endswith(UNFINISHED)


@dataclass(frozen=True, slots=True)
class Folders:
    """Four folders of this machine; None: not used. Inbox, taken and error must lie on one file system."""

    inbox: Path | None = None
    taken: Path | None = None
    error: Path | None = None
    outbox: Path | None = None

    @property
    def reads(self) -> bool:
        """True when there is an inbox."""
        return self.inbox is not None

    @property
    def writes(self) -> bool:
        """True when there is an outbox."""
        return self.outbox is not None

    def source(self, is_complete: IsComplete) -> "FolderSource":
        """The inbox. Raises ValueError when it or the folder for what was taken is missing."""
        if self.inbox is None or self.taken is None:
            raise ValueError("the folders inbox and taken are needed")
        return FolderSource(Inbox(self.inbox, is_complete), self.taken, self.error or self.taken)

    def target(self) -> "FolderTarget":
        """The outbox. Raises ValueError when there is none."""
        if self.outbox is None:
            raise ValueError("the folder outbox is needed")
        return FolderTarget(self.outbox)


class FolderSource:
    """Takes items out of a folder."""

    def __init__(self, inbox: "Inbox", taken: Path, error: Path) -> None:
        """taken, error: where items are moved once they are stored."""
        self._inbox = inbox
        self._taken = taken
        self._error = error

    async def names(self) -> Sequence[str]:
        """Names of items that are whole, oldest name first."""
        return await _tried(self._inbox.folder, lambda: list(self._inbox.complete_names()))

    async def read(self, name: str) -> Item | None:
        """All bytes of an item; None when it has gone."""

        def found() -> Item | None:
            try:
                return self._inbox.read(name)
            except FileNotFoundError:
                return None

        return await _tried(self._inbox.folder, found)

    async def put_away(self, name: str, *, unreadable: bool) -> None:
        """Moves an item to what was taken, or to what could not be read."""
        source, folder = self._inbox.folder / name, self._error if unreadable else self._taken
        await _tried(folder, lambda: move(source, folder) if source.exists() else None)

    async def close(self) -> None:
        """Nothing is open."""


class FolderTarget:
    """Puts items into a folder."""

    def __init__(self, outbox: Path) -> None:
        self._outbox = outbox

    async def put(self, items: Sequence[Item]) -> Handed:
        """Writes all items or raises; a folder refuses none for good."""
        await _tried(self._outbox, lambda: put_all(self._outbox, items))
        return Handed()

    async def close(self) -> None:
        """Nothing is open."""


async def _tried(folder: Path, work: Callable[[], Result]) -> Result:
    """Does it in a thread. Raises TransportError for what the file system refused."""
    try:
        return await asyncio.to_thread(work)
    except OSError as error:
        raise TransportError(folder.name, error.strerror or type(error).__name__) from error


@dataclass
class Inbox:
    """One watched folder."""

    folder: Path
    is_complete: IsComplete
    _seen: dict[str, tuple[int, int]] = field(default_factory=dict)

    def complete_names(self) -> Iterator[str]:
        """Names of items that are whole, oldest name first."""
        present: dict[str, tuple[int, int]] = {}
        if not self.folder.is_dir():
            return
        with os.scandir(self.folder) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
        for entry in found:
            if is_unfinished(entry.name):
                continue
            if entry.is_dir():
                if self.is_complete(sorted(path.name for path in Path(entry.path).iterdir())):
                    yield entry.name
                continue
            status = entry.stat()
            present[entry.name] = (status.st_size, status.st_mtime_ns)
            if self._seen.get(entry.name) == present[entry.name]:
                yield entry.name
        self._seen = present

    def read(self, name: str) -> Item:
        """All bytes of an item. Raises OSError when it has gone."""
        path = self.folder / name
        if path.is_dir():
            return Item(name, {part.name: part.read_bytes() for part in sorted(path.iterdir()) if part.is_file()})
        return Item(name, {name: path.read_bytes()})


def move(source: Path, folder: Path) -> Path:
    """Moves an item into a folder by rename; a name that is taken there gets a number."""
    folder.mkdir(parents=True, exist_ok=True)
    target, number = folder / source.name, 1
    while target.exists():
        number += 1
        target = folder / f"{source.name}.{number}"
    source.rename(target)
    return target


def put_all(outbox: Path, items: Sequence[Item]) -> None:
    """Writes items so that their receiver never sees a part of one; writing the same name again replaces it.

    All bytes reach the disk before the first name appears: one wait for the disk serves the batch.
    """
    outbox.mkdir(parents=True, exist_ok=True)
    staged = [(_stage(outbox, item), outbox / item.name) for item in items]
    written = [path for temporary, _ in staged for path in _paths(temporary)]
    # The file system commits what is asked for at the same time in one go: many waits become few.
    with ThreadPoolExecutor(min(SYNC_THREADS, len(written) or 1)) as threads:
        list(threads.map(_sync, written))
    for temporary, target in staged:
        if temporary.is_dir() and target.exists():
            shutil.rmtree(target)
        temporary.replace(target)
    _sync(outbox)


def _stage(outbox: Path, item: Item) -> Path:
    if tuple(item.parts) == (item.name,):
        temporary = outbox / f"{item.name}.tmp"
        temporary.write_bytes(item.parts[item.name])
        return temporary
    temporary = outbox / f".{item.name}.tmp"
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir()
    for name, data in item.parts.items():
        (temporary / name).write_bytes(data)
    return temporary


def _paths(temporary: Path) -> list[Path]:
    return [*temporary.iterdir(), temporary] if temporary.is_dir() else [temporary]


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

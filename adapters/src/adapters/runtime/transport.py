"""The directory transport: complete items are seen, taken and put, each by one rename.

Names that begin with a dot or end in ``.tmp`` are still being written. A directory is complete when its adapter says so
(its marker file is there). A plain file is complete when two scans see the same size and time of change.
"""

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from adapters.contract import Item

SYNC_THREADS = 24
UNFINISHED = (".tmp", ".part", ".filepart")


@dataclass
class Inbox:
    """One watched folder."""

    folder: Path
    is_complete: Callable[[Sequence[str]], bool]
    _seen: dict[str, tuple[int, int]] = field(default_factory=dict)

    def complete_names(self) -> Iterator[str]:
        """Names of items that are whole, oldest name first."""
        present: dict[str, tuple[int, int]] = {}
        if not self.folder.is_dir():
            return
        with os.scandir(self.folder) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
        for entry in found:
            if entry.name.startswith(".") or entry.name.endswith(UNFINISHED):
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

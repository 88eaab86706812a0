"""Compound files (OLE2, the container of HWP 5): bytes in, streams by path out. Read for damaged files, by [MS-CFB].

Chains that leave the file, run in circles or are shorter than their stream give what they hold; `broken` says so.
"""

import struct
from array import array
from typing import Final

SIGNATURE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADER: Final = 512
_LAST_SECTOR: Final = 0xFFFFFFFA
_NO_ENTRY: Final = 0xFFFFFFFF
_STORAGE: Final = 1
_STREAM: Final = 2
_ROOT: Final = 5
_MOST_ENTRIES: Final = 65536


class NotCompoundError(Exception):
    """The bytes are no compound file, or its directory cannot be found."""


class Compound:
    """Streams of a compound file. `paths` lists them, `read` gives one."""

    def __init__(self, data: bytes) -> None:
        if len(data) < _HEADER or not data.startswith(SIGNATURE):
            raise NotCompoundError
        self._data = data
        self.broken = False
        major, _, shift, mini_shift = struct.unpack_from("<HHHH", data, 26)
        if shift not in {9, 12} or not 4 <= mini_shift < shift:
            # Only these exist; the version tells which when the shift itself is damaged.
            shift, mini_shift, self.broken = (12 if major == 4 else 9), 6, True
        self._size = 1 << shift
        self._mini_size = 1 << mini_shift
        self._sectors = max(0, (len(data) - self._size + self._size - 1) // self._size)
        directory, self._cutoff = struct.unpack_from("<I4xI", data, 48)
        mini_fat, _, difat, _ = struct.unpack_from("<IIII", data, 60)
        self._fat = self._table(self._fat_sectors(difat))
        self.broken |= self._last_used() >= self._sectors
        self._entries = self._directory(directory)
        self._mini_fat_start = mini_fat
        self._mini: tuple[bytes, array[int]] | None = None
        self.paths = self._walk()

    def read(self, path: str) -> bytes | None:
        """Give a stream's bytes; None when there is none of this path."""
        number = self.paths.get(path)
        if number is None:
            return None
        entry = self._entries[number]
        start, size = struct.unpack_from("<II", entry, 116)
        if size >= self._cutoff:
            return self._chain(start, size)
        return self._mini_chain(start, size)

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        return self._data[start : start + self._size]

    def _fat_sectors(self, difat: int) -> list[int]:
        numbers = list(struct.unpack_from("<109I", self._data, 76))
        seen: set[int] = set()
        while difat < self._sectors and difat not in seen:
            seen.add(difat)
            sector = self._sector(difat)
            values = array("I", sector[: len(sector) // 4 * 4])
            numbers += values[:-1]
            difat = values[-1] if values else _NO_ENTRY
        return [number for number in numbers if number < self._sectors]

    def _table(self, numbers: list[int]) -> "array[int]":
        # A file cannot have more table than sectors, however often the list names one.
        most = self._sectors // (self._size // 4) + 1
        raw = b"".join(map(self._sector, numbers[:most]))
        self.broken |= len(raw) < len(numbers[:most]) * self._size
        return array("I", raw[: len(raw) // 4 * 4])

    def _last_used(self) -> int:
        """Give the last sector that the table knows; one behind the file's end was cut off.

        Some writers leave zeros behind their last entry, and no chain leads to the first sector.
        """
        unused = {0, _NO_ENTRY}
        return next((place for place in range(len(self._fat) - 1, -1, -1) if self._fat[place] not in unused), -1)

    def _numbers(self, start: int, most: int) -> list[int]:
        """Follow a chain for at most so many sectors."""
        fat, sectors = self._fat, self._sectors
        found: list[int] = []
        while start < sectors and len(found) < most:
            found.append(start)
            if start < len(fat):
                start = fat[start]
            else:
                # The table is cut off or lost: most writers put a stream's sectors one behind the other.
                self.broken = True
                start += 1
        return found

    def _chain(self, start: int, size: int) -> bytes:
        """Read a stream, joining neighbouring sectors."""
        numbers = self._numbers(start, min((size + self._size - 1) // self._size, self._sectors))
        parts: list[bytes] = []
        place = 0
        while place < len(numbers):
            first = place
            while place + 1 < len(numbers) and numbers[place + 1] == numbers[place] + 1:
                place += 1
            place += 1
            parts.append(self._data[(numbers[first] + 1) * self._size : (numbers[place - 1] + 2) * self._size])
        out = b"".join(parts)[:size]
        self.broken |= len(out) < size
        return out

    def _mini_chain(self, start: int, size: int) -> bytes:
        if self._mini is None:
            root_start, root_size = struct.unpack_from("<II", self._entries[0], 116)
            table = b"".join(map(self._sector, self._numbers(self._mini_fat_start, self._sectors)))
            self._mini = self._chain(root_start, root_size), array("I", table[: len(table) // 4 * 4])
        stream, table_of = self._mini
        width = self._mini_size
        parts: list[bytes] = []
        most = min((size + width - 1) // width, len(stream) // width + 1)
        while start < _LAST_SECTOR and len(parts) < most:
            parts.append(stream[start * width : (start + 1) * width])
            start = table_of[start] if start < len(table_of) else _NO_ENTRY
        out = b"".join(parts)[:size]
        self.broken |= len(out) < size
        return out

    def _directory(self, start: int) -> list[bytes]:
        numbers = self._numbers(start, min(self._sectors, _MOST_ENTRIES * 128 // self._size))
        if not numbers:
            raise NotCompoundError
        raw = b"".join(map(self._sector, numbers))
        entries = [raw[place : place + 128] for place in range(0, len(raw) - 127, 128)]
        if not entries:
            raise NotCompoundError
        return entries

    def _walk(self) -> dict[str, int]:
        """Name the streams from the root on; each entry counts once, so a circle ends."""
        paths: dict[str, int] = {}
        seen = {0}
        pending = [(struct.unpack_from("<I", self._entries[0], 76)[0], "")]
        while pending:
            number, above = pending.pop()
            if number >= len(self._entries) or number in seen:
                continue
            seen.add(number)
            entry = self._entries[number]
            left, right, child = struct.unpack_from("<III", entry, 68)
            path = above + _name(entry)
            pending += [(left, above), (right, above)]
            if entry[66] == _STORAGE:
                pending.append((child, path + "/"))
            elif entry[66] == _STREAM:
                paths.setdefault(path, number)
        return paths or self._flat()

    def _flat(self) -> dict[str, int]:
        """Name the streams of a directory whose tree is destroyed, without their storages."""
        self.broken = True
        return {_name(entry): number for number, entry in enumerate(self._entries) if entry[66] == _STREAM}


def _name(entry: bytes) -> str:
    length = min(struct.unpack_from("<H", entry, 64)[0], 64)
    return entry[: max(0, length - 2)].decode("utf-16-le", "replace")

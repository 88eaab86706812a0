"""Writing compound files (OLE2): streams by path in, bytes out. By [MS-CFB], version 3, with a mini stream."""

import struct
from collections.abc import Mapping
from typing import Final

_SECTOR, _MINI, _CUTOFF = 512, 64, 4096
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_SIGNATURE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def write(streams: Mapping[str, bytes]) -> bytes:
    """Make the file; storages are made for the folders that the paths name."""
    chains = _Chains()
    mini, mini_table = bytearray(), []
    placed: dict[str, tuple[int, int]] = {}
    for path, data in streams.items():
        if len(data) >= _CUTOFF:
            placed[path] = chains.add(data), len(data)
            continue
        start = len(mini) // _MINI
        count = -(-len(data) // _MINI)
        mini_table += [*range(start + 1, start + count), _END][:count] if count else []
        mini += data.ljust(count * _MINI, b"\0")
        placed[path] = (start if count else _END), len(data)
    root = chains.add(bytes(mini)) if mini else _END, len(mini)
    table = struct.pack(f"<{len(mini_table)}I", *mini_table)
    mini_start = chains.add(table, b"\xff") if table else _END
    directory = chains.add(_directory(placed, root))
    body, fat, fat_sectors = chains.finish()
    head = _SIGNATURE + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIII", 0, len(fat_sectors), directory, 0, _CUTOFF, mini_start)
    head += struct.pack("<III", -(-len(table) // _SECTOR), _END, 0)
    head += struct.pack("<109I", *(fat_sectors + [_FREE] * (109 - len(fat_sectors))))
    return head + body + fat


class _Chains:
    """Sectors written one stream after the other."""

    def __init__(self) -> None:
        self._body = bytearray()
        self._table: list[int] = []

    def add(self, data: bytes, fill: bytes = b"\0") -> int:
        """Add a stream; answers its first sector."""
        start = len(self._table)
        count = -(-len(data) // _SECTOR)
        self._table += [*range(start + 1, start + count), _END]
        self._body += data.ljust(count * _SECTOR, fill)
        return start

    def finish(self) -> tuple[bytes, bytes, list[int]]:
        """Give the sectors, the table behind them and where the table stands."""
        per = _SECTOR // 4
        count = 1
        while count * per < len(self._table) + count:
            count += 1
        places = list(range(len(self._table), len(self._table) + count))
        table = self._table + [_FAT] * count
        table += [_FREE] * (count * per - len(table))
        return bytes(self._body), struct.pack(f"<{len(table)}I", *table), places


def _directory(placed: Mapping[str, tuple[int, int]], root: tuple[int, int]) -> bytes:
    folders = sorted({path.rpartition("/")[0] for path in placed} - {""})
    names = ["", *folders, *placed]
    entries = []
    for number, name in enumerate(names):
        kind = 5 if number == 0 else 1 if number <= len(folders) else 2
        start, size = root if number == 0 else placed.get(name, (0, 0))
        child = next((i for i, each in enumerate(names) if i and each.rpartition("/")[0] == name), _FREE)
        beside = names[number + 1 :]
        same = name.rpartition("/")[0]
        right = next((number + 1 + i for i, each in enumerate(beside) if each.rpartition("/")[0] == same), _FREE)
        label = ("Root Entry" if number == 0 else name.rpartition("/")[2]).encode("utf-16-le") + b"\0\0"
        entry = label.ljust(64, b"\0") + struct.pack("<HBB", len(label), kind, 1)
        entry += struct.pack("<III", _FREE, right if number else _FREE, child if kind != 2 else _FREE)
        entries.append(entry + bytes(36) + struct.pack("<IIi", start, size, 0))
    return b"".join(entries)

"""Memo files: DBT of dBase III (ended by 1A) and dBase IV (with lengths), FPT of FoxPro. Block number to bytes."""

import struct
from typing import Final

from adapters.formats.dbf.header import FOXPRO, Table

# A broken end mark must not make every record as long as the file.
LIMIT: Final = 4 << 20
_BLOCK: Final = 512


class Memo:
    """One memo file beside its table."""

    def __init__(self, data: bytes, table: Table) -> None:
        self._data = data
        self._fox = table.version in FOXPRO
        self._third = table.version in {0x03, 0x83}
        size = 0
        if self._fox and len(data) >= 8:
            size = struct.unpack_from(">H", data, 6)[0]
        elif not self._third and len(data) >= 22:
            size = struct.unpack_from("<H", data, 20)[0]
        # Honest memos do not overlap. Records that all point into one long memo must not cost records times its length.
        self._left = 4 * len(data) + _BLOCK
        self._block = size or (1 if self._fox else _BLOCK)

    def get(self, block: int) -> bytes | None:
        """Give the memo that begins at the block; None when there is none, it is cut off, too large or asked for too often."""
        place = block * self._block
        if block < 1 or place >= len(self._data) or self._left <= 0:
            return None
        memo = self._at(place)
        if memo is not None:
            self._left -= len(memo)
        elif self._third:
            # The end was sought in vain; with lengths, refusing costs nothing.
            self._left -= min(LIMIT, len(self._data) - place)
        return memo

    def _at(self, place: int) -> bytes | None:
        if self._third:
            end = self._data.find(b"\x1a", place, place + LIMIT)
            return None if end < 0 else self._data[place:end]
        if len(self._data) < place + 8:
            return None
        if self._fox:
            size, begin = struct.unpack_from(">I", self._data, place + 4)[0], place + 8
        else:
            mark, size = struct.unpack_from("<II", self._data, place)
            size, begin = (size - 8, place + 8) if mark == 0x0008FFFF else (-1, 0)
        if not 0 <= size <= LIMIT or begin + size > len(self._data):
            return None
        return self._data[begin : begin + size]

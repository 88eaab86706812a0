"""Clean records cut into cells, nothing read yet: for whoever makes more of the same bytes when they come again.

Records of fields at fixed places, with tables whose entries are such, too; all others are read by `codec` alone.
"""

import struct
from collections.abc import Callable, Mapping
from typing import Any

from adapters.formats.copybook.plan import Fixed, Scope, Table, Values

Reader = Callable[[Any], Any]


class Cut:
    """Cuts records of one layout.

    readers: how each cell becomes its value, by key in the cells' order; None: it is the value. The cell of a table is the
    tuple of its entries' bytes, and the reader reads one of them.

    Raises:
        ValueError: the layout has something only the codec can read.

    """

    def __init__(self, scope: Scope) -> None:
        self.readers: dict[str, Reader | None] = {}
        self._pieces: list[tuple[Fixed | None, Table | None]] = []
        for piece in scope.pieces:
            if isinstance(piece, Fixed):
                readers = dict(piece.readers)
                self.readers |= {key: readers.get(key) for key in piece.keys}
                self._pieces.append((piece, None))
            elif isinstance(piece, Table) and piece.plain and piece.key:
                self.readers[piece.key] = _entry(piece.entry)
                self._pieces.append((None, piece))
            else:
                raise ValueError(type(piece).__name__)
        self._counters = {
            name: (list(self.readers).index(key), self.readers[key])
            for fixed, _ in self._pieces
            if fixed
            for key, name in fixed.counters
        }

    def cells(self, raw: bytes) -> list[Any] | None:
        """Cut a record; None when it is not as its layout says."""
        cells: list[Any] = []
        position = 0
        try:
            for fixed, table in self._pieces:
                if fixed is not None:
                    cells += fixed.cut(raw, position)
                    position += fixed.size
                elif table is not None:
                    count = table.most if not table.counter else self._count(cells, table.counter)
                    if not table.least <= count <= table.most:
                        return None
                    size = table.entry.size
                    end = position + count * size
                    cells.append(tuple([raw[at : at + size] for at in range(position, end, size)]))
                    position = position + table.total if table.whole else end
        except (struct.error, ValueError, KeyError):
            return None
        return cells if position == len(raw) else None

    def _count(self, cells: list[Any], counter: str) -> int:
        at, read = self._counters[counter]
        count = cells[at] if read is None else read(cells[at])
        if not isinstance(count, int):
            raise ValueError(counter)  # noqa: TRY004  # as any other fault of the bytes
        return count


def _entry(scope: Scope) -> Callable[[bytes], Mapping[str, Any]]:
    def read(raw: bytes) -> Mapping[str, Any]:
        values: Values = {}
        if scope.fast(raw, 0, values, {}) != len(raw):
            raise ValueError(len(raw))
        return values

    return read

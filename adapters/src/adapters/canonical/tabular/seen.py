"""What each cell comes to in a message's bytes, remembered: a batch repeats its codes, people, days and words.

cell as the codec hands it over -> its value (`read`) -> plain value (`Kind.fast`) -> piece of the message (`wire`). Anything
odd raises, and the row takes the careful way.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, Final, Generic, TypeVar

from google.protobuf.message import Message

from adapters.canonical.tabular.cells import Kind
from adapters.canonical.tabular.places import Place
from adapters.canonical.tabular.table import Column
from adapters.canonical.tabular.wire import Prefix, text_at
from onnara.exchange.v1.official_document_pb2 import ApprovalStep

P = TypeVar("P")
Reader = Callable[[Any], Any]
# Of these, what is equal is the same; numbers of different types are equal, too, and not the same text.
_KEPT: Final = frozenset({str, bytes, dt.date, dt.datetime, type(None)})
_MOST: Final = 4096
_LONGEST: Final = 64


class Seen(dict[Any, P], Generic[P]):
    """What was made of cells, by cell. `make` raises one of `ODD` for what is odd."""

    def __init__(self, make: Callable[[Any], P]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, cell: Any) -> P:
        made = self._make(cell)
        if _keepable(cell):
            if len(self) >= _MOST:
                self.clear()
            self[cell] = made
        return made


def _keepable(cell: Any) -> bool:
    form = type(cell)
    if form is tuple:
        return all(map(_keepable, cell))
    return form in _KEPT and (form not in {str, bytes} or len(cell) <= _LONGEST)


class Plain:
    """Reads a cell to its plain value; None for an empty one."""

    def __init__(self, field: str, kind: Kind, read: Reader | None, *, required: bool) -> None:
        self._field = field
        self._fast = kind.fast
        self._read = read
        self._required = required

    def __call__(self, cell: Any) -> Any:
        """Read a cell. Raises one of `ODD`."""
        value = cell if self._read is None else self._read(cell)
        plain = None if value is None or value == "" else self._fast(value)
        if plain is None and self._required:
            raise ValueError(self._field)
        return plain


def maker(column: Column, plain: Plain, form: type[Message], *, alone: bool) -> Callable[[Any], bytes]:
    """Make the function that gives a column's piece of its message, or of its step.

    Args:
        column: of the table.
        plain: reads its cells.
        form: class of the message.
        alone: no other column fills entries of the same list.

    """
    if column.part is not None:
        return _piece(ApprovalStep, column.part, _prefix(column, ApprovalStep, column.path), plain)
    if column.place is None or not alone:
        return _checked(plain)
    return _piece(form, column.place, _prefix(column, form, column.path), plain)


def _checked(plain: Plain) -> Callable[[Any], bytes]:
    def make(cell: Any) -> bytes:
        plain(cell)
        return b""

    return make


def _prefix(column: Column, form: type[Message], path: str) -> Prefix | None:
    return text_at(form.DESCRIPTOR, path) if column.text else None


def _piece(form: type[Message], place: Place, prefix: Prefix | None, plain: Plain) -> Callable[[Any], bytes]:
    def make(cell: Any) -> bytes:
        value = plain(cell)
        if value is None:
            return b""
        if prefix is not None and type(value) is str:
            data = value.encode("utf-8")
            return prefix[len(data)] + data
        message = form()
        place.put(message, value)
        # A value that leaves no trace could not take back another one: that is for the careful way.
        return message.SerializeToString() or _odd(cell)

    return make


def joint(
    form: type[Message], columns: Sequence[Column], group: Sequence[int], plains: Sequence[Plain]
) -> Callable[[Any], bytes]:
    """Make the function that gives the piece of several cells that fill entries of one list between them."""
    parts = [(place, plains[index]) for index in group if (place := columns[index].place) is not None]

    def make(cells: Any) -> bytes:
        message = form()
        empty = True
        for (place, plain), cell in zip(parts, cells, strict=True):
            value = plain(cell)
            if value is not None:
                empty = False
                place.put(message, value)
        return b"" if empty else message.SerializeToString() or _odd(cells)

    return make


def text_of(plain: Plain) -> Callable[[Any], str]:
    """Make the function that gives a cell as a part of a key."""
    return lambda cell: str(plain(cell))


def say(said: Callable[[Sequence[Any]], str], reads: Sequence[Reader | None]) -> Callable[[Any], bytes]:
    """Make the function that gives what a body says of a cell, or of several."""
    if len(reads) == 1:
        read = reads[0]
        return lambda cell: said((cell if read is None else read(cell),)).encode("utf-8")
    return lambda cells: said(
        [cell if read is None else read(cell) for read, cell in zip(reads, cells, strict=True)]
    ).encode("utf-8")


def _odd(cell: Any) -> bytes:
    raise ValueError(cell)

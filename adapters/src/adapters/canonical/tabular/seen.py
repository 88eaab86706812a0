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
from adapters.canonical.tabular.wire import Prefix

P = TypeVar("P")
Reader = Callable[[Any], Any]
Maker = Callable[[Any], bytes]
# Of these, what is equal is the same; numbers of different types are equal, too, and not the same text.
_TEXTS: Final = frozenset({str, bytes})
_KEPT: Final = frozenset({str, bytes, dt.date, dt.datetime, type(None)})
_MOST: Final = 1024
_LONGEST: Final = 256


class Seen(dict[Any, P], Generic[P]):
    """What was made of cells, by cell. `make` raises one of `ODD` for what is odd."""

    def __init__(self, make: Callable[[Any], P]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, cell: Any) -> P:
        made = self._make(cell)
        form = type(cell)
        if len(cell) <= _LONGEST if form in _TEXTS else _keepable(cell):
            if len(self) >= _MOST:
                self.clear()
            self[cell] = made
        return made


def _keepable(cell: Any) -> bool:
    form = type(cell)
    if form is tuple:
        return all(map(_keepable, cell))
    return form in _KEPT and (form not in _TEXTS or len(cell) <= _LONGEST)


class Plain:
    """Reads a cell to its plain value; None for an empty one."""

    def __init__(self, field: str, kind: Kind, read: Reader | None, *, required: bool) -> None:
        self.field = field
        self.fast = kind.fast
        self.read = read
        self.required = required

    def __call__(self, cell: Any) -> Any:
        """Read a cell. Raises one of `ODD`."""
        value = cell if self.read is None else self.read(cell)
        plain = None if value is None or value == "" else self.fast(value)
        if plain is None and self.required:
            raise ValueError(self.field)
        return plain


def value_piece(form: type[Message], place: Place, prefix: Prefix | None) -> Maker:
    """Make the function that gives a plain value's piece of a message.

    Args:
        form: of the message or part.
        place: where the value stands in it.
        prefix: what stands before it, when it stands there as text.

    """

    def put(plain: Any) -> bytes:
        message = form()
        place.put(message, plain)
        piece = message.SerializeToString()
        if not piece:
            # A value that leaves no trace could not take back another one: that is for the careful way.
            raise ValueError(plain)
        return piece

    if prefix is None:
        return put
    said = place.said

    def write(plain: Any) -> bytes:
        if type(plain) is str:
            data = plain.encode("utf-8")
        elif type(plain) is int and said is not None:
            data = b"%d" % plain
        elif said is not None:
            data = said(plain).encode("utf-8")
        else:
            return put(plain)
        return prefix[len(data)] + data

    return write


def nothing(plain: Any) -> bytes:
    """Give the piece of a value that has no place of its own."""
    del plain
    return b""


def also(make: Maker, more: Callable[[Any], bytes]) -> Maker:
    """Make the function that gives two pieces of one value."""
    return lambda plain: make(plain) + more(plain)


def column(plain: Plain, piece: Maker) -> Maker:
    """Make the function that gives a cell's piece."""
    read, fast, required, field = plain.read, plain.fast, plain.required, plain.field

    def make(cell: Any) -> bytes:
        value = cell if read is None else read(cell)
        found = None if value is None or value == "" else fast(value)
        if found is not None:
            return piece(found)
        if required:
            raise ValueError(field)
        return b""

    return make


def watched(
    plain: Plain, piece: Maker, said: Sequence[tuple[Callable[[Any], str], bool]], *, key: bool
) -> Callable[[Any], tuple[Any, ...]]:
    """Make the function that gives a cell's piece, its text in keys, and what a body says of it.

    Args:
        plain: reads the cell.
        piece: of its value.
        said: says it in the body; with True: as it stands in the file.
        key: it is part of a key.

    """
    read, fast, required, field = plain.read, plain.fast, plain.required, plain.field
    # The commonest needs have a tuple of their own.
    only = said[0][0] if len(said) == 1 and not said[0][1] else None

    def make(cell: Any) -> tuple[Any, ...]:
        value = cell if read is None else read(cell)
        found = None if value is None or value == "" else fast(value)
        if found is None and required:
            raise ValueError(field)
        put = b"" if found is None else piece(found)
        if only is not None:
            return put, str(found) if key else "", only(found).encode("utf-8")
        if not said:
            return put, str(found) if key else ""
        return (put, str(found), *[say(value if raw else found).encode("utf-8") for say, raw in said])

    return make


def joint(form: type[Message], parts: Sequence[tuple[Place, Plain]], more: bytes) -> Maker:
    """Make the function that gives the piece of several cells that fill entries of one list between them, and `more`."""

    def make(cells: Any) -> bytes:
        message = form()
        empty = True
        for (place, plain), cell in zip(parts, cells, strict=True):
            value = plain(cell)
            if value is not None:
                empty = False
                place.put(message, value)
        return b"" if empty else message.SerializeToString() + more

    return make


def several(say: Callable[[Sequence[Any]], str], reads: Sequence[Reader | None]) -> Maker:
    """Make the function that gives what a body says of several cells, or of one that is no column."""
    read = reads[0]
    if len(reads) == 1:
        return lambda cell: say((cell if read is None else read(cell),)).encode("utf-8")
    return lambda cells: say(
        [cell if read is None else read(cell) for read, cell in zip(reads, cells, strict=True)]
    ).encode("utf-8")


def entry_piece(fill: Callable[[Any], Message], read: Reader | None) -> Maker:
    """Make the function that gives an entry's bytes as a part of the message, its order left open."""
    return lambda cell: fill(cell if read is None else read(cell)).SerializeToString()

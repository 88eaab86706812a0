"""The fast way of clean rows: a record's message is the pieces of its cells in a row, read by protobuf at once.

cells of a row -> pieces (`seen`) -> bytes of the message -> message. A row with anything odd raises one of `cells.ODD`, and
`records` takes the careful way; both make the same messages.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter, getitem, itemgetter
from typing import Any, Final

from google.protobuf.message import Message

from adapters.canonical.tabular.places import list_on
from adapters.canonical.tabular.seen import Plain, Reader, Seen, joint, maker, say, text_of
from adapters.canonical.tabular.swiftlines import SwiftLines
from adapters.canonical.tabular.table import Column, Table
from adapters.canonical.tabular.wire import Prefix, text_at
from adapters.formats.rows import Values

_join: Final = b"".join
_SENDER: Final = "document.sender.agency.code"
_sender: Final = attrgetter(_SENDER)
_RECIPIENTS: Final = "document.recipients"


@dataclass(frozen=True, slots=True)
class Shape:
    """What the messages of one kind of record have in common.

    form: class of the message. template: what each of them begins with. head: table of the batch's own row.
    key, identity: indexes of the columns the message's and the record's keys are joined of, by `mark`.
    sender_name: 발신명의 of those with recipients. step_path: of the line.
    """

    form: type[Message]
    template: Any
    head: Table | None
    key: Sequence[int]
    identity: Sequence[int]
    mark: str
    sender_name: str


class Swift:
    """Makes the messages of clean rows.

    Args:
        table: of the record. shape: of its messages.
        readers: how the cells of a codec's rows become values, by field in their order; None: the rows' values are taken.

    Raises:
        ValueError: the table says something that only the careful way can do.

    """

    def __init__(self, table: Table, shape: Shape, readers: Mapping[str, Reader] | None = None) -> None:
        self._shape = shape
        self._parse = shape.form.FromString
        self._template = shape.template.SerializeToString()
        self._documents = "document" in shape.form.DESCRIPTOR.fields_by_name
        self._plains = [
            Plain(c.field, c.kind, (readers or {}).get(c.field), required=c.required) for c in table.columns
        ]
        self._lines = SwiftLines(table.steps, shape.form) if table.has_steps else None
        order = self._arranged(table)
        self._at = {column: place for place, column in enumerate(order)}
        self.fields = [table.columns[index].field for index in order]
        shared = _shared(table.columns, shape.form)
        apart = {index for group in shared.values() for index in group}
        self.seen = [
            Seen(maker(table.columns[index], self._plains[index], shape.form, alone=index not in apart))
            for index in order
        ]
        self._joints = [
            (
                itemgetter(*(self._at[index] for index in group)),
                Seen(joint(shape.form, table.columns, group, self._plains)),
                path == _RECIPIENTS,
            )
            for path, group in shared.items()
        ]
        self._keys()
        self._bodies(table, readers or {})
        self._senders(table)
        self._pick = _picker(self.fields, readers)
        self._under: tuple[Values | None, bytes, bool] = (None, b"", False)

    def _arranged(self, table: Table) -> list[int]:
        """Give the columns in the order in which the careful way fills them in, those of steps at the end."""
        rest = [index for index, column in enumerate(table.columns) if column.part is None]
        first = [index for index in rest if (place := table.columns[index].place) is not None and place.path]
        order = [*first, *(index for index in rest if index not in set(first))]
        self._roots = len(order)
        return order if self._lines is None else order + self._lines.arranged(len(order))

    def _keys(self) -> None:
        shape = self._shape
        texts = {index: Seen(text_of(self._plains[index])) for index in {*shape.key, *shape.identity}}
        self._key = [(self._at[index], texts[index]) for index in shape.key]
        self._identity = [(self._at[index], texts[index]) for index in shape.identity]
        self._one_key = list(shape.identity) == list(shape.key)
        self._key_prefix = _before(shape.form, "origin.natural_key")

    def _bodies(self, table: Table, readers: Mapping[str, Reader]) -> None:
        """Make the body's places ready; fields that are no columns are cells behind those of the columns."""
        self._first = table.body.first.encode("utf-8") if table.body is not None else None
        self._body: list[tuple[Callable[[Any], Any], Seen[bytes]]] = []
        self._body_prefix = _before(self._shape.form, "document.body" if self._documents else "origin.natural_key")
        for part in table.body.pieces if table.body is not None else ():
            places: list[int] = []
            for name, index in zip(part.names, part.indexes, strict=True):
                if name not in self.fields:
                    self.fields.append(name)
                places.append(self._at[index] if index >= 0 else self.fields.index(name))
            reads = [
                self._plains[index] if index >= 0 else readers.get(name)
                for name, index in zip(part.names, part.indexes, strict=True)
            ]
            self._body.append((itemgetter(*places), Seen(say(part.of, reads))))

    def _senders(self, table: Table) -> None:
        """Find what decides about the sender's name and about the agency an origin is of."""
        shape, paths = self._shape, [column.path for column in table.columns]
        self._receivers = [self._at[i] for i, path in enumerate(paths) if path.startswith(f"{_RECIPIENTS}.")]
        said: Any = shape.form()
        if shape.sender_name:
            said.document.sender_name = shape.sender_name
        self._sender_name = said.SerializeToString()
        self._agency: Seen[bytes] | None = None
        self._agency_at = 0
        if self._documents and not shape.template.origin.agency_code and _SENDER in paths:
            self._agency_at = self._at[paths.index(_SENDER)]
            self._agency = Seen(_agency(shape.form))

    def under(self, header: Values) -> tuple[bytes, bool]:
        """Give what the batch's own row adds to each message, and whether there are recipients before any cell is read."""
        known, said, receivers = self._under
        if known is header:
            return said, receivers
        shape = self._shape
        message: Any = shape.form()
        if header and shape.head is not None:
            shape.head.fill(message, shape.head.carefully(header)[0], header)
        if self._documents and not shape.template.origin.agency_code and not message.origin.agency_code:
            own = _sender(message) or ("" if self._agency is not None else _sender(shape.template))
            if own:
                message.origin.agency_code = own
        receivers = self._documents and bool(message.document.recipients or shape.template.document.recipients)
        said = message.SerializeToString()
        self._under = header, said, receivers
        return said, receivers

    def values(self, values: Values, header: Values) -> tuple[Message, str]:
        """Make the message of a row's values; answers the record's key, too. Raises one of `ODD`."""
        return self._made(list(map(values.get, self.fields)), header)

    def cells(self, cells: Sequence[Any], header: Values) -> tuple[Message, str]:
        """Make the message of a row's cells as the codec cut them; answers the record's key, too. Raises one of `ODD`."""
        return self._made(self._pick(cells), header)

    def _made(self, cells: Sequence[Any], header: Values) -> tuple[Message, str]:
        pieces = list(map(getitem, self.seen, cells))
        said, receivers = self.under(header)
        out = [self._template, *pieces[: self._roots]]
        for pick, made, addressed in self._joints:
            out.append(made[pick(cells)])
            receivers = receivers or (addressed and bool(out[-1]))
        if self._lines is not None:
            self._lines.put(pieces, out)
        if self._first is not None:
            body = self._first + _join([made[pick(cells)] for pick, made in self._body])
            out += (self._body_prefix[len(body)], body)
        mark = self._shape.mark
        key = identity = mark.join([texts[cells[index]] for index, texts in self._key])
        if not self._one_key:
            identity = mark.join([texts[cells[index]] for index, texts in self._identity])
        data = key.encode("utf-8")
        out += (self._key_prefix[len(data)], data)
        if self._sender_name and (receivers or any(pieces[index] for index in self._receivers)):
            out.append(self._sender_name)
        if self._agency is not None:
            out.append(self._agency[pieces[self._agency_at]])
        out.append(said)
        return self._parse(_join(out)), identity


def _before(form: type[Message], path: str) -> Prefix:
    found = text_at(form.DESCRIPTOR, path)
    if found is None:
        raise ValueError(path)
    return found


def _shared(columns: Sequence[Column], form: type[Message]) -> dict[str, list[int]]:
    """Find the columns that fill entries of one list between them, by the list's path."""
    lists: dict[str, list[int]] = {}
    for index, column in enumerate(columns):
        if column.place is not None and (path := list_on(form.DESCRIPTOR, column.path)):
            lists.setdefault(path, []).append(index)
    return {path: group for path, group in lists.items() if len(group) > 1}


def _agency(form: type[Message]) -> Callable[[bytes], bytes]:
    def make(sender: bytes) -> bytes:
        read: Any = form.FromString(sender)
        said: Any = form()
        said.origin.agency_code = _sender(read)
        return bytes(said.SerializeToString())

    return make


def _picker(fields: Sequence[str], readers: Mapping[str, Reader] | None) -> Callable[[Any], Sequence[Any]]:
    """Make the function that gives a codec's cells in the order of these fields. Raises ValueError when one has no cell."""
    if readers is None:
        return tuple
    names = list(readers)
    places = [names.index(field) for field in fields]
    return itemgetter(*places) if len(places) > 1 else lambda cells: (cells[places[0]],)

"""The fast way of clean rows: a record's message is the pieces of its cells in a row, read by protobuf at once.

cells of a row -> pieces (`seen`) -> bytes of the message -> message. A row with anything odd raises one of `cells.ODD`, and
`records` takes the careful way; both make the same messages.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate
from operator import getitem, itemgetter
from typing import Any, Final

from google.protobuf.message import Message

from adapters.canonical.tabular.groups import Group
from adapters.canonical.tabular.seen import (
    Maker,
    Plain,
    Reader,
    Seen,
    also,
    column,
    joint,
    nothing,
    several,
    value_piece,
    watched,
)
from adapters.canonical.tabular.shape import SENDER, Shape, before, prefix_of, sender_of, shared
from adapters.canonical.tabular.swiftlines import SwiftGroup, SwiftLines, SwiftNumbered
from adapters.canonical.tabular.table import Column, Table
from adapters.formats.rows import Values
from onnara.exchange.v1.official_document_pb2 import ApprovalStep

_join: Final = b"".join
_RECIPIENTS: Final = "document.recipients"


class Swift:
    """Makes the messages of clean rows.

    Args:
        table: of the record.
        shape: of its messages.
        readers: how the cells of a codec's rows become values, by field in their order; None: the rows' values are taken.

    Raises:
        ValueError: the table says something that only the careful way can do.

    """

    def __init__(self, table: Table, shape: Shape, readers: Mapping[str, Reader | None] | None = None) -> None:
        self._shape = shape
        self._parse = shape.form.FromString
        self._template = shape.begun(column_of_sender=any(each.path == SENDER for each in table.columns))
        self._readers: Mapping[str, Reader | None] = readers or {}
        self._plains = [Plain(c.field, c.kind, self._readers.get(c.field), required=c.required) for c in table.columns]
        self._shared = shared(table.columns)
        makers = [self._maker(table.columns, index) for index in range(len(table.columns))]
        lines = SwiftLines(table.steps, shape.form) if table.has_steps else None
        watching = self._watching(table)
        rest = [i for i, each in enumerate(table.columns) if each.part is None and i not in watching]
        self._lines, self._roots = lines, len(rest)
        order = rest if lines is None else rest + lines.arranged()
        self.seen = [Seen(column(self._plains[index], makers[index])) for index in order]
        # What tells records apart hardly comes again: there is nothing to remember of it.
        apart = {*shape.key[:1], *(index for index, each in enumerate(table.columns) if each.counts)}
        keys = {*shape.key, *shape.identity}
        made = {
            index: watched(self._plains[index], makers[index], said, key=index in keys)
            for index, said in watching.items()
        }
        self._watchers = [make if index in apart else Seen(make).__getitem__ for index, make in made.items()]
        # Each watched cell tells its piece, its text in keys, and what the body says of it.
        self._widths = [2 + len(said) for said in watching.values()]
        order += list(watching)
        self.fields = [table.columns[index].field for index in order]
        self._at = {index: place for place, index in enumerate(order)}
        self._joints = [self._joint(table.columns, path, group) for path, group in self._shared.items()]
        self._keys(list(watching))
        self._bodies(table, list(watching))
        self._groups = [self._group(group, kept=readers is not None) for group in table.groups]
        self._pick = _picker(self.fields, readers)
        self._made = self._assembler()
        self._under: tuple[Values | None, bytes] = (None, b"")

    def _maker(self, columns: Sequence[Column], index: int) -> Maker:
        """Make the function that gives a column's piece; with it goes what follows from there being a value."""
        each, shape = columns[index], self._shape
        if each.part is not None:
            return value_piece(ApprovalStep, each.part, prefix_of(each, ApprovalStep))
        if each.place is None or any(index in group for group in self._shared.values()):
            return nothing
        make = value_piece(shape.form, each.place, prefix_of(each, shape.form))
        if each.path.startswith(f"{_RECIPIENTS}.") and shape.sender_name:
            named = shape.named()
            return also(make, lambda _: named)
        if each.path == SENDER and not shape.template.origin.agency_code:
            agency = before(shape.form, "origin.agency_code")
            return also(make, lambda plain: agency[len(data := plain.encode("utf-8"))] + data)
        return make

    def _watching(self, table: Table) -> dict[int, list[tuple[Callable[[Any], str], bool]]]:
        """Find the columns of keys, of the body and of amounts, and what the body says of them."""
        out: dict[int, list[tuple[Callable[[Any], str], bool]]] = {}
        for index in (*self._shape.key, *self._shape.identity):
            out.setdefault(index, [])
        places = {each.field: index for index, each in enumerate(table.columns)}
        for part in table.body.pieces if table.body is not None else ():
            index = places.get(part.names[0], -1)
            if len(part.names) == 1 and index >= 0 and table.columns[index].part is None:
                out.setdefault(index, []).append((part.one, part.indexes[0] < 0))
        if any(table.columns[index].part is not None for index in out):
            raise ValueError("a key of what belongs to a step")
        for index, each in enumerate(table.columns):
            if each.counts and each.part is None:
                out.setdefault(index, [])
        return out

    def _joint(
        self, columns: Sequence[Column], path: str, group: Sequence[int]
    ) -> tuple[Callable[[Any], Any], Seen[bytes]]:
        parts = [(place, self._plains[index]) for index in group if (place := columns[index].place) is not None]
        more = self._shape.named() if path == _RECIPIENTS else b""
        return itemgetter(*(self._at[index] for index in group)), Seen(joint(self._shape.form, parts, more))

    def _group(self, group: Group, *, kept: bool) -> SwiftGroup | SwiftNumbered:
        form, reads = self._shape.form, self._readers
        if not group.times:
            self.fields.append(group.field)
            return SwiftGroup(group, form, len(self.fields) - 1, reads.get(group.field), kept=kept)
        picks = []
        for number in range(1, group.times + 1):
            begun = len(self.fields)
            self.fields += group.names(number)
            picks.append(itemgetter(slice(begun, len(self.fields))))
        named = [reads.get(name) for name in group.names(1)]
        return SwiftNumbered(group, form, [_tuple(pick) for pick in picks], named)

    def _keys(self, watching: Sequence[int]) -> None:
        shape = self._shape
        self._key = [watching.index(index) for index in shape.key]
        self._identity = [watching.index(index) for index in shape.identity]
        self._key_prefix = before(shape.form, "origin.natural_key")

    def _bodies(self, table: Table, watching: Sequence[int]) -> None:
        """Make the body's places ready; fields that are no columns are cells behind those of the columns."""
        self._first = table.body.first.encode("utf-8") if table.body is not None else None
        self._body_prefix = before(self._shape.form, "document.body" if self._shape.documents else "origin.natural_key")
        # What the body says, by its place among the watched cells' answers; others are looked up by themselves.
        self._said: list[tuple[int, int]] = []
        self._others: list[tuple[Callable[[Any], Any], Seen[bytes]]] = []
        places = {each.field: index for index, each in enumerate(table.columns)}
        told = dict.fromkeys(watching, 2)
        for part in table.body.pieces if table.body is not None else ():
            index = places.get(part.names[0], -1)
            if len(part.names) == 1 and index in told:
                self._said.append((watching.index(index), told[index]))
                told[index] += 1
                continue
            self._said.append((len(watching), len(self._others)))
            self._others.append(self._several(part.names, part.indexes, part.of))

    def _several(
        self, names: Sequence[str], indexes: Sequence[int], say: Callable[[Sequence[Any]], str]
    ) -> tuple[Callable[[Any], Any], Seen[bytes]]:
        self.fields += [name for name in dict.fromkeys(names) if name not in self.fields]
        places = [self.fields.index(name) for name in names]
        reads = [
            self._plains[index] if index >= 0 else self._readers.get(name)
            for name, index in zip(names, indexes, strict=True)
        ]
        return itemgetter(*places), Seen(several(say, reads))

    def under(self, header: Values) -> bytes:
        """Give what the batch's own row adds to each message."""
        known, said = self._under
        if known is header:
            return said
        shape = self._shape
        message: Any = shape.form()
        if header and shape.head is not None:
            shape.head.fill(message, shape.head.carefully(header)[0], header)
        if shape.documents:
            if not shape.template.origin.agency_code and not message.origin.agency_code and sender_of(message):
                message.origin.agency_code = sender_of(message)
            if shape.sender_name and message.document.recipients:
                message.document.sender_name = shape.sender_name
        said = bytes(message.SerializeToString())
        self._under = header, said
        return said

    def values(self, values: Values, header: Values) -> tuple[Message, str]:
        """Make the message of a row's values; answers the record's key, too. Raises one of `ODD`."""
        return self._made(list(map(values.get, self.fields)), self.under(header))

    def cells(self, cells: Sequence[Any], header: Values) -> tuple[Message, str]:
        """Make the message of a row's cells as the codec cut them; answers the record's key, too. Raises one of `ODD`."""
        return self._made(self._pick(cells), self.under(header))

    def _assembler(self) -> Callable[[Sequence[Any], bytes], tuple[Message, str]]:
        """Make the function that makes messages; all it needs is at hand there, as it runs for every record."""
        seen, watchers, start, roots = self.seen, self._watchers, len(self.seen), self._roots
        template, joints, groups, parse = self._template, self._joints, self._groups, self._parse
        lines = None if self._lines is None else Seen(self._lines.all)
        first, others, before_body, before_key = self._first, self._others, self._body_prefix, self._key_prefix
        starts = list(accumulate(self._widths, initial=0))
        own = _several([starts[index] for index in range(len(watchers))])
        said = _several([starts[index] + place for index, place in self._said])
        keys, identities = ([starts[index] + 1 for index in named] for named in (self._key, self._identity))
        mark, single = self._shape.mark, keys[0] if len(keys) == 1 and keys == identities else -1

        def made(cells: Sequence[Any], under: bytes) -> tuple[Message, str]:
            pieces = list(map(getitem, seen, cells))
            told: list[Any] = []
            for make, cell in zip(watchers, cells[start:]):  # noqa: B905  # what is behind is for others
                told += make(cell)
            out = [template, *pieces[:roots], *own(told)]
            for pick, maker in joints:
                out.append(maker[pick(cells)])
            if lines is not None:
                out.append(lines[tuple(pieces[roots:])])
            for group in groups:
                group.put(cells, out)
            if single >= 0:
                key = identity = told[single]
            else:
                key = mark.join([told[index] for index in keys])
                identity = mark.join([told[index] for index in identities])
            data = key.encode("utf-8")
            out += (before_key[len(data)], data)
            if first is not None:
                for pick, maker in others:
                    told.append(maker[pick(cells)])
                body = first + _join(said(told))
                out += (before_body[len(body)], body)
            out.append(under)
            return parse(_join(out)), identity

        return made


def _tuple(pick: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda cells: tuple(pick(cells))


def _several(places: Sequence[int]) -> Callable[[Sequence[Any]], Sequence[Any]]:
    """Make the function that gives what stands at these places."""
    if len(places) > 1:
        return itemgetter(*places)
    return lambda found: [found[place] for place in places]


def _picker(fields: Sequence[str], readers: Mapping[str, Reader | None] | None) -> Callable[[Any], Sequence[Any]]:
    """Make the function that gives a codec's cells in the order of these fields. Raises ValueError when one has no cell."""
    names = list(readers or fields)
    return _several([names.index(field) for field in fields])

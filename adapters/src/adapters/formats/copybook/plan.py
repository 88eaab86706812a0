"""A record's layout made ready: pieces that lie fast one behind the other, tables whose length a counter says, alternatives.

A `Scope` reads (the plain way and the careful way) and writes its bytes; `compiler` makes it.
"""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from adapters.formats.copybook import fields, numbers
from adapters.formats.copybook.fields import Rules
from adapters.formats.copybook.tree import Node
from adapters.formats.findings import Finding, reject

Values = dict[str, Any]
Counts = dict[str, int]


@dataclass(slots=True)
class Reading:
    """What the careful way hands along. missing: named fields lay behind the end of the bytes."""

    raw: bytes
    base: int
    findings: list[Finding] = field(default_factory=list)
    missing: bool = False


class Piece(Protocol):
    """A part of a scope."""

    def fast(self, raw: bytes, position: int, values: Values, counts: Counts) -> int:
        """Read clean bytes; answers the position behind. Raises ValueError, struct.error."""
        ...

    def careful(self, reading: Reading, position: int, values: Values, counts: Counts) -> int:
        """Read any bytes; answers the position behind."""
        ...

    def write(self, values: Mapping[str, Any], counts: Counts, findings: list[Finding]) -> bytes:
        """Write values."""
        ...

    def place(self, position: int, counts: Counts, raw: bytes) -> tuple[list[tuple[str, Node, int]], int]:
        """Give key, node and place of the fields, and the position behind."""
        ...


class Fixed:
    """Fields at fixed places: one unpack cuts them all, and binary ones come out as numbers already.

    cut: bytes and a position -> cells. keys: of the cells. readers: cell to value, of those that are not values already.
    counters: key and name of the fields that say how many entries a table has.
    """

    def __init__(self, nodes: Sequence[Node], start: int, size: int, rules: Rules, counters: frozenset[str]) -> None:
        self.size = size
        self._rules = rules
        self._nodes = tuple((node, node.offset - start) for node in nodes)
        self._named = tuple((node, at) for node, at in self._nodes if node.key)
        self.keys = tuple(node.key for node, _ in self._named)
        letters = [numbers.code(node, little=rules.little) for node, _ in self._named]
        self.cut = struct.Struct(_form(self._named, letters)).unpack_from
        self.readers = tuple(
            (node.key, fields.fast(node, rules))
            for (node, _), letter in zip(self._named, letters, strict=True)
            if not letter
        )
        self.counters = tuple((node.key, node.name.upper()) for node, _ in self._named if node.name.upper() in counters)
        self._counting = {name for _, name in self.counters}

    def fast(self, raw: bytes, position: int, values: Values, counts: Counts) -> int:
        """Read clean bytes; answers the position behind."""
        parts = dict(zip(self.keys, self.cut(raw, position), strict=True))
        for key, read in self.readers:
            parts[key] = read(parts[key])
        values.update(parts)
        for key, name in self.counters:
            counts[name] = parts[key]
        end = position + self.size
        if end > len(raw):
            raise ValueError(end)
        return end

    def careful(self, reading: Reading, position: int, values: Values, counts: Counts) -> int:
        """Read any bytes; answers the position behind."""
        for node, at in self._named:
            start = position + at
            part = reading.raw[start : start + node.size]
            if len(part) < node.size:
                reading.missing = True
            if not part and node.size:
                values[node.key] = None
                continue
            values[node.key], found = fields.careful(node, part, self._rules, reading.base + start)
            reading.findings += found
        for key, name in self.counters:
            counts[name] = values[key] if isinstance(values[key], int) else -1
        return position + self.size

    def write(self, values: Mapping[str, Any], counts: Counts, findings: list[Finding]) -> bytes:
        """Write values."""
        out = bytearray(self._rules.page.space * self.size)
        for node, at in self._nodes:
            if not node.key:
                out[at : at + node.size] = fields.default(node, self._rules)
                continue
            value = values.get(node.key)
            if (name := node.name.upper()) in self._counting:
                value = counts.get(name) if value is None else value
                counts[name] = value if isinstance(value, int) else -1
            data, found = fields.put(node, value, self._rules)
            out[at : at + node.size] = data
            findings += found
        return bytes(out)

    def place(self, position: int, counts: Counts, raw: bytes) -> tuple[list[tuple[str, Node, int]], int]:
        """Give key, node and place of the fields, and the position behind."""
        for node, at in self._named:
            if node.name.upper() in self._counting:
                start = position + at
                value, _ = fields.careful(node, raw[start : start + node.size], self._rules, start)
                counts[node.name.upper()] = value if isinstance(value, int) else -1
        return [(node.key, node, position + at) for node, at in self._nodes], position + self.size


def _form(named: Sequence[tuple[Node, int]], letters: Sequence[str]) -> str:
    out, end = [">"], 0
    for (node, at), letter in zip(named, letters, strict=True):
        out.append(f"{at - end}x{letter or f'{node.size}s'}")
        end = at + node.size
    return "".join(out)


class Table:
    """Entries of OCCURS: a list of dicts for groups, of values for fields. `whole`: it takes its largest size always."""

    def __init__(self, node: Node, entry: "Scope", rules: Rules, *, whole: bool) -> None:
        if node.occurs is None:
            raise ValueError(node.name)
        self._node = node
        self.entry = entry
        self._single = node.key if node.kind != "group" else ""
        self.least, self.most = node.occurs.least, node.occurs.most
        self.counter = node.occurs.depending.upper()
        self._rules = rules
        self.whole = whole or not self.counter

    @property
    def key(self) -> str:
        """Key of the table; empty for one without a name."""
        return self._node.key

    @property
    def total(self) -> int:
        """Bytes it takes when it takes its largest size."""
        return self._node.total

    @property
    def plain(self) -> bool:
        """Whether its entries are groups of fields at fixed places, none of which counts others."""
        pieces = self.entry.pieces
        return not self._single and all(isinstance(each, Fixed) and not each.counters for each in pieces)

    def fast(self, raw: bytes, position: int, values: Values, counts: Counts) -> int:
        """Read clean bytes; answers the position behind."""
        count = counts[self.counter] if self.counter else self.most
        if not self.least <= count <= self.most:
            raise ValueError(count)
        start, out = position, []
        for _ in range(count):
            entry: Values = {}
            position = self.entry.fast(raw, position, entry, counts)
            out.append(entry[self._single] if self._single else entry)
        if self._node.key:
            values[self._node.key] = out
        return start + self._node.total if self.whole else position

    def careful(self, reading: Reading, position: int, values: Values, counts: Counts) -> int:
        """Read any bytes; answers the position behind."""
        count = self.most
        if self.counter:
            count = counts.get(self.counter, -1)
            # A counter that was cut off with the rest is no wrong one.
            if not self.least <= count <= self.most and not (count == -1 and reading.missing):
                params = {"value": str(count), "least": str(self.least), "most": str(self.most)}
                reading.findings.append(
                    reject("occurs-out-of-range", self.counter, offset=reading.base + position, length=None, **params)
                )
            count = min(max(count, self.least), self.most)
        start, out = position, []
        for _ in range(count):
            if position >= len(reading.raw) and self.entry.size:
                reading.missing = True
                break
            entry: Values = {}
            position = self.entry.careful(reading, position, entry, counts)
            out.append(entry.get(self._single) if self._single else entry)
        if self._node.key:
            values[self._node.key] = out
        return start + self._node.total if self.whole else position

    def count(self, values: Mapping[str, Any], counts: Counts) -> None:
        """Tell the counter how many entries there are to write."""
        given = values.get(self._node.key)
        if self.counter and isinstance(given, list | tuple):
            counts[self.counter] = len(given)

    def write(self, values: Mapping[str, Any], counts: Counts, findings: list[Finding]) -> bytes:
        """Write values."""
        said = values.get(self._node.key) if self._node.key else None
        given = said if isinstance(said, list | tuple) else []
        count = counts.get(self.counter, len(given)) if self.counter else self.most
        if len(given) > self.most or (self.counter and count != len(given)) or count < self.least:
            params = {"value": str(len(given)), "least": str(self.least), "most": str(self.most)}
            findings.append(
                reject("occurs-out-of-range", self._node.key or self.counter, offset=None, length=None, **params)
            )
        out = []
        for index in range(self.most if self.whole else len(given)):
            each = given[index] if index < len(given) else None
            entry = {self._single: each} if self._single else each
            if each is None and index >= len(given):
                out.append(self.entry.blank())
            else:
                out.append(self.entry.write(entry if isinstance(entry, Mapping) else {}, counts, findings))
        return b"".join(out)

    def place(self, position: int, counts: Counts, raw: bytes) -> tuple[list[tuple[str, Node, int]], int]:
        """Give key, node and place of the fields, and the position behind."""
        count = counts.get(self.counter, -1) if self.counter else self.most
        start, out = position, []
        name = self._node.key or "FILLER"
        for index in range(min(max(count, 0), self.most)):
            if position >= len(raw):
                break
            found, position = self.entry.place(position, counts, raw)
            label = f"{name}[{index + 1}]"
            out += [(label if self._single else f"{label}.{key}" if key else "", node, at) for key, node, at in found]
        return out, start + self._node.total if self.whole else position


class Overlay:
    """Other meanings of the bytes before it: read, never written, and what does not fit them is nobody's fault."""

    def __init__(self, scopes: Sequence["Scope"], back: int) -> None:
        self._scopes = tuple(scopes)
        self._back = back

    def fast(self, raw: bytes, position: int, values: Values, counts: Counts) -> int:
        """Read clean bytes; answers the position behind."""
        start = position - self._back
        for scope in self._scopes:
            scope.careful(Reading(raw, 0), start, values, dict(counts))
        return position

    def careful(self, reading: Reading, position: int, values: Values, counts: Counts) -> int:
        """Read any bytes; answers the position behind."""
        return self.fast(reading.raw, position, values, counts)

    def write(self, values: Mapping[str, Any], counts: Counts, findings: list[Finding]) -> bytes:
        """Write values."""
        del values, counts, findings
        return b""

    def place(self, position: int, counts: Counts, raw: bytes) -> tuple[list[tuple[str, Node, int]], int]:
        """Give key, node and place of the fields, and the position behind."""
        del counts, raw
        return [], position


class Scope:
    """A record, or one entry of a table."""

    def __init__(self, pieces: Sequence[Piece], size: int, rules: Rules) -> None:
        self.size = size
        self.pieces = tuple(pieces)
        self._rules = rules

    def fast(self, raw: bytes, position: int, values: Values, counts: Counts) -> int:
        """Read clean bytes. Raises ValueError, KeyError, struct.error when the careful way must be taken."""
        for piece in self.pieces:
            position = piece.fast(raw, position, values, counts)
        return position

    def careful(self, reading: Reading, position: int, values: Values, counts: Counts) -> int:
        """Read any bytes."""
        for piece in self.pieces:
            position = piece.careful(reading, position, values, counts)
        return position

    def write(self, values: Mapping[str, Any], counts: Counts, findings: list[Finding]) -> bytes:
        """Write values. A counter without a value becomes the number of entries."""
        for piece in self.pieces:
            if isinstance(piece, Table):
                piece.count(values, counts)
        return b"".join([piece.write(values, counts, findings) for piece in self.pieces])

    def blank(self) -> bytes:
        """Give the bytes of an entry that is not used."""
        return b"\0" * self.size

    def place(self, position: int, counts: Counts, raw: bytes) -> tuple[list[tuple[str, Node, int]], int]:
        """Give key, node and place of every field in these bytes, fillers with an empty key."""
        out: list[tuple[str, Node, int]] = []
        for piece in self.pieces:
            found, position = piece.place(position, counts, raw)
            out += found
        return out, position

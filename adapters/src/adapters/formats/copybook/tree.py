"""Entries to records: groups, sizes, places, what redefines what. Offsets are bytes from the start of the record.

Sizes are those of the host compiler: binary 2, 4 or 8 bytes by digits, packed two digits a byte and a sign, SYNC on half
and full words with slack bytes, tables at their largest.
"""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from adapters.formats.copybook.entries import Entry, Occurs, entries
from adapters.formats.copybook.picture import Picture, picture
from adapters.formats.copybook.source import CopybookError, Form, statements

Kind = Literal[
    "group", "text", "double", "national", "zoned", "packed", "unsigned-packed",
    "binary", "native", "little", "float", "double-float", "edited", "opaque",
]  # fmt: skip
_LARGEST: Final = 16_000_000
_DEEPEST: Final = 60


@dataclass(frozen=True, slots=True)
class Node:
    """A group or a field.

    Attributes:
        name: as written, empty for FILLER. key: its name among the values, unique in its record or table entry.
        level: as written. kind: how its bytes are read; `opaque` for pointers.
        offset: of its first occurrence. size: bytes of one occurrence. total: of all, at most.
        picture: None for groups and for kinds that need none. occurs: None when it stands once.
        redefines: name of the field whose bytes it shares. children: of a group, in order.
        sign_leading, sign_separate, just, blank_when_zero: the clauses. conditions: values by condition name (88).
        signed: whether a sign is carried.

    """

    name: str
    level: int
    kind: Kind
    offset: int
    size: int
    key: str = ""
    picture: Picture | None = None
    occurs: Occurs | None = None
    redefines: str = ""
    children: tuple["Node", ...] = ()
    sign_leading: bool = False
    sign_separate: bool = False
    just: bool = False
    blank_when_zero: bool = False
    sync: bool = False
    signed: bool = False
    conditions: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)

    @property
    def total(self) -> int:
        """Bytes of all occurrences, at most."""
        return self.size * (self.occurs.most if self.occurs else 1)

    @property
    def end(self) -> int:
        """First byte behind all occurrences."""
        return self.offset + self.total

    def walk(self) -> Iterator["Node"]:
        """Give the node and all below it, in order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def find(self, name: str) -> "Node":
        """Give the first node of a name or key, whatever the case. Raises KeyError."""
        wanted = name.upper()
        for node in self.walk():
            if wanted in {node.key.upper(), node.name.upper()} and wanted:
                return node
        raise KeyError(name)


def parse(text: str, form: Form = "auto", books: Mapping[str, str] | None = None) -> tuple[Node, ...]:
    """Read a copybook.

    Args:
        text: the source.
        form: see `source.statements`.
        books: texts for COPY.

    Returns:
        Its records: one for each 01 and 77. Entries of other levels that stand outside make one record together, named
        after the first.

    Raises:
        CopybookError: it is not understood, or describes nothing.

    """
    tops = _nested(entries(statements(text, form, books)))
    if not tops:
        raise CopybookError("no entry found")
    loose = [entry for entry in tops if entry.level not in {1, 77}]
    if loose and len(loose) == len(tops) and len(tops) > 1:
        tops = [Entry(1, "", loose[0].line, children=loose)]
    return tuple(_keyed(_Builder().record(entry)) for entry in tops)


def _nested(flat: Sequence[Entry]) -> list[Entry]:
    tops: list[Entry] = []
    stack: list[Entry] = []
    for entry in flat:
        if entry.level == 66:
            continue
        while stack and stack[-1].level >= entry.level:
            stack.pop()
        if entry.level == 77:
            stack.clear()
        if len(stack) > _DEEPEST:
            raise CopybookError("groups are nested too deeply", entry.line)
        (stack[-1].children if stack else tops).append(entry)
        stack.append(entry)
    return tops


@dataclass(frozen=True, slots=True)
class _Inherited:
    """Clauses of a group that hold for its fields."""

    usage: str = ""
    sign_leading: bool = False
    sign_separate: bool = False
    sync: bool = False


class _Builder:
    """Lays one record out."""

    def record(self, entry: Entry) -> Node:
        return self._node(entry, 0, _Inherited())[0]

    def _node(self, entry: Entry, offset: int, above: _Inherited) -> tuple[Node, int]:
        """Answers the node and the alignment its bytes need."""
        below = _Inherited(
            entry.usage or above.usage,
            entry.sign_leading or above.sign_leading,
            entry.sign_separate or above.sign_separate,
            entry.sync or above.sync,
        )
        if entry.children:
            return self._group(entry, offset, below)
        if not entry.picture and below.usage not in _UNPICTURED:
            # A group of no fields, as some copybooks have it.
            return self._made(entry, "group", offset, 0, None, below), 1
        kind, size, shape = storage(entry, below.usage, separate=below.sign_separate)
        separate = kind == "zoned" and shape is not None and size > shape.size
        below = dataclasses.replace(below, sign_separate=separate)
        align = _alignment(kind, size) if below.sync else 1
        return self._made(entry, kind, -(-offset // align) * align, size, shape, below), align

    def _group(self, entry: Entry, offset: int, below: _Inherited) -> tuple[Node, int]:
        children: list[Node] = []
        position, widest, start = offset, 1, None
        for child in entry.children:
            at = position
            if child.redefines:
                at = _place(children, child)
            node, align = self._node(child, at, below)
            widest = max(widest, align)
            start = node.offset if start is None else start
            children.append(node)
            position = max(position, node.end)
            if position > _LARGEST:
                raise CopybookError("the record is too large", child.line)
        size = position - offset
        if entry.occurs is not None and widest > 1:
            size = -(-size // widest) * widest
        group = self._made(entry, "group", offset, size, None, below)
        return dataclasses.replace(group, children=tuple(children)), widest

    def _made(self, entry: Entry, kind: Kind, offset: int, size: int, shape: Picture | None, below: _Inherited) -> Node:
        if size * (entry.occurs.most if entry.occurs else 1) > _LARGEST:
            raise CopybookError(f"{entry.name}: the table is too large", entry.line)
        return Node(
            entry.name, entry.level, kind, offset, size, picture=shape, occurs=entry.occurs, redefines=entry.redefines,
            sign_leading=below.sign_leading, sign_separate=below.sign_separate, just=entry.just,
            blank_when_zero=entry.blank_when_zero, sync=below.sync, conditions=dict(entry.conditions),
            signed=below.sign_separate or _signed(kind, shape, unsigned=entry.unsigned),
        )  # fmt: skip


_UNPICTURED: Final = frozenset(
    {"float", "double", "pointer", "pointer-8", "native-1", "native-2", "native-4", "native-8"}
)


def storage(entry: Entry, usage: str, *, separate: bool) -> tuple[Kind, int, Picture | None]:
    """Give kind, bytes and picture of a field. Raises CopybookError when picture and usage do not go together."""
    shape = picture(entry.picture) if entry.picture else None
    if usage in {"float", "double"}:
        return ("float", 4, None) if usage == "float" else ("double-float", 8, None)
    if usage.startswith("pointer"):
        return "opaque", 8 if usage == "pointer-8" else 4, None
    if usage.startswith("native-"):
        size = int(usage[7:])
        return "native", size, picture(f"{'' if entry.unsigned else 'S'}9({(0, 3, 5, 0, 10, 0, 0, 0, 19)[size]})")
    if shape is None:
        raise CopybookError(f"{entry.name}: a picture is missing", entry.line)
    if not entry.usage and shape.category != "number" and usage not in {"national", "display-1"}:
        # What a group says of its numbers says nothing of its texts.
        usage = ""
    if usage == "bytes":
        return "binary", shape.size if shape.category == "text" else _binary(shape.digits), shape
    if usage in {"binary", "native", "little", "packed", "unsigned-packed"}:
        if shape.category != "number":
            raise CopybookError(f"{entry.name}: {shape.text} cannot be {usage}", entry.line)
        return _computed(usage, shape)
    if shape.category == "double":
        return "national" if usage == "national" else "double", 2 * shape.size, shape
    if usage == "national" and shape.category in {"text", "edited-text"}:
        return "national", 2 * shape.size, shape
    if shape.category == "number":
        # A group's clause is for its signed numbers; a field's own holds whatever its picture says.
        return "zoned", shape.size + (separate and (shape.signed or entry.sign_separate)), shape
    return "edited" if shape.category in {"edited-number", "float"} else "text", shape.size, shape


def _computed(usage: str, shape: Picture) -> tuple[Kind, int, Picture]:
    digits = sum(char == "9" for char in shape.places)
    if usage == "packed" or (usage == "unsigned-packed" and shape.signed):
        return "packed", digits // 2 + 1, shape
    if usage == "unsigned-packed":
        return "unsigned-packed", (digits + 1) // 2, shape
    return ("native" if usage == "native" else "little" if usage == "little" else "binary"), _binary(digits), shape


def _binary(digits: int) -> int:
    """Give the bytes of a binary number; beyond 18 digits as many as they need."""
    if digits <= 18:
        return 2 if digits <= 4 else 4 if digits <= 9 else 8
    return int(10**digits - 1).bit_length() // 8 + 1


def _signed(kind: Kind, shape: Picture | None, *, unsigned: bool) -> bool:
    return kind in {"float", "double-float"} or (shape is not None and shape.signed and not unsigned)


def _alignment(kind: Kind, size: int) -> int:
    if kind in {"binary", "native", "little"}:
        return 2 if size == 2 else 1 if size == 1 else 4
    return {"float": 4, "double-float": 8, "opaque": 4}.get(kind, 1)


def _place(before: Iterable[Node], entry: Entry) -> int:
    wanted = entry.redefines.upper()
    for node in reversed(list(before)):
        if node.name.upper() == wanted:
            return node.offset
    raise CopybookError(f"{entry.name or 'FILLER'}: nothing before it is called {entry.redefines}", entry.line)


def _keyed(record: Node) -> Node:
    """Give every named node its key: its name, with the groups above it where the name alone is not unique."""
    paths: dict[tuple[str, ...], tuple[str, ...]] = {}
    _paths(record, (), (), paths)
    return _with_keys(record, (), {path: _key(path, scope, paths) for path, scope in paths.items()})


def _paths(
    node: Node, scope: tuple[str, ...], above: tuple[str, ...], out: dict[tuple[str, ...], tuple[str, ...]]
) -> None:
    """Collect the path of each named node, and how much of it is the table entry it stands in."""
    for number, child in enumerate(node.children):
        path = (*above, child.name or f" {number}")
        if child.name:
            out[path] = scope
        _paths(child, path if child.occurs is not None else scope, path, out)


def _key(path: tuple[str, ...], scope: tuple[str, ...], paths: Mapping[tuple[str, ...], tuple[str, ...]]) -> str:
    peers = [other for other, where in paths.items() if where == scope and other[-1].upper() == path[-1].upper()]
    if len(peers) == 1:
        return path[-1]
    named = [part for part in path[len(scope) :] if not part.startswith(" ")]
    return ".".join(named)


def _with_keys(node: Node, above: tuple[str, ...], keys: Mapping[tuple[str, ...], str]) -> Node:
    children = tuple(
        _with_keys(child, (*above, child.name or f" {number}"), keys) for number, child in enumerate(node.children)
    )
    return dataclasses.replace(node, children=children, key=keys.get(above, node.name))

"""What stands before a value in a message's bytes: field numbers and lengths, by the protobuf encoding.

A message's bytes may be given in pieces, each of them a message with one value: joined they are the message with all of
them (parts that occur again are merged, lists grow). So a record's message is its cells' pieces in a row.
"""

from collections.abc import Sequence
from typing import Any, Final

from google.protobuf.descriptor import FieldDescriptor

_MOST: Final = 4096
_BYTES: Final = 2
_MAP_VALUE: Final = 2


def varint(number: int) -> bytes:
    """Encode a number that is not negative."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def tag(number: int) -> bytes:
    """Encode the mark of a field that tells its length."""
    return varint(number << 3 | _BYTES)


class Prefix(dict[int, bytes]):
    """By the length of a value in bytes: what stands before it.

    Args:
        tags: of the parts from outside in, the value's own last.
        before: what the innermost part holds before the value, such as the key of an entry of a map.

    """

    def __init__(self, tags: Sequence[bytes], before: bytes = b"") -> None:
        super().__init__()
        self._tags = tuple(tags)
        self._before = before

    def __missing__(self, length: int) -> bytes:
        out = self._tags[-1] + varint(length)
        out = self._before + out
        for each in reversed(self._tags[:-1]):
            out = each + varint(length + len(out)) + out
        if len(self) < _MOST:
            self[length] = out
        return out


def text_at(root: Any, path: str) -> Prefix | None:
    """Give what stands before a text at a dotted path below a message of this descriptor; None when no single text stands there."""
    tags: list[bytes] = []
    rest = path
    while rest:
        head, _, rest = rest.partition(".")
        field: FieldDescriptor | None = root.fields_by_name.get(head)
        if field is None:
            return None
        tags.append(tag(field.number))
        form = field.message_type
        if form is not None and form.GetOptions().map_entry:
            key = rest.encode("utf-8")
            return Prefix([*tags, tag(_MAP_VALUE)], tag(1) + varint(len(key)) + key)
        if form is None:
            plain = not field.is_repeated and field.type == FieldDescriptor.TYPE_STRING and not rest
            return Prefix(tags) if plain else None
        if field.is_repeated:
            return None
        root = form
    return None


def part_at(root: Any, names: Sequence[str]) -> Prefix:
    """Give what stands before the bytes of a part, or of one more entry of a list of parts."""
    tags: list[bytes] = []
    for name in names:
        field = root.fields_by_name[name]
        tags.append(tag(field.number))
        root = field.message_type
    return Prefix(tags)

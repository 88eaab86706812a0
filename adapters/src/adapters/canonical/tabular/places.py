"""Where a value stands in a message: a dotted path -> functions that put it there and take it from there.

The message's descriptor says what a value has to be: text, a number, a word of an enumeration, a day, a moment. So an entry
of the mapping table needs no type of its own.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from adapters.canonical import disclosure, moments
from adapters.formats.xmltext import text as escaped

Put = Callable[[Any, Any], None]
Take = Callable[[Any], Any]
_TIMESTAMP: Final = "google.protobuf.Timestamp"
_DISCLOSURE: Final = "onnara.exchange.v1.Disclosure"
_GOVERNMENT: Final = 1


class PlaceError(ValueError):
    """A path that leads nowhere, or to something no cell can hold."""


@dataclass(frozen=True, slots=True)
class Place:
    """One place. put: plain value (never None) into the message; take: plain value out of it, None when there is none.

    words: canonical word to the value `put` takes, for enumerations; None for others.
    path: dotted, when putting is nothing but setting this attribute; empty for others.
    said: plain value to the text that is put, where any value is put as text.
    """

    put: Put
    take: Take
    words: Callable[[str], Any] | None = None
    path: str = ""
    said: Callable[[Any], str] | None = None


def place(root: Any, path: str, entry: Mapping[str, Any]) -> Place:
    """Make a place below a message of this descriptor. `entry`: its `kind`, `as`, `split` decide how values look there.

    Raises:
        PlaceError: there is no such place.

    """
    head, _, rest = path.partition(".")
    field = root.fields_by_name.get(head)
    if field is None:
        raise PlaceError(f"{path}: {root.name} has no {head}")
    if _is_map(field):
        return _extension(head, rest)
    if field.is_repeated:
        return _repeated(field, rest, entry)
    if field.message_type is None:
        if rest:
            raise PlaceError(f"{path}: {head} has no parts")
        return _body(head) if entry.get("as") == "paragraphs" else _leaf(field, entry)
    name = field.message_type.full_name
    if name == _TIMESTAMP:
        return _moment(head)
    if name == _DISCLOSURE and not rest:
        return _disclosed(head)
    if not rest:
        raise PlaceError(f"{path}: a part of {head} must be named")
    return _below(head, place(field.message_type, rest, entry))


def list_on(root: Any, path: str) -> str:
    """Give the path of the list of parts a path leads into; empty when there is none on the way."""
    walked: list[str] = []
    for head in path.split("."):
        field = root.fields_by_name.get(head)
        if field is None or field.message_type is None or _is_map(field):
            return ""
        walked.append(head)
        if field.is_repeated:
            return ".".join(walked)
        root = field.message_type
    return ""


def _is_map(field: FieldDescriptor) -> bool:
    return field.message_type is not None and field.message_type.GetOptions().map_entry


def _below(head: str, inner: Place) -> Place:
    at = attrgetter(head)
    put, take = inner.put, inner.take
    path = f"{head}.{inner.path}" if inner.path else ""
    return Place(
        lambda message, value: put(at(message), value), lambda message: take(at(message)), inner.words, path, inner.said
    )


def _leaf(field: FieldDescriptor, entry: Mapping[str, Any]) -> Place:
    name = field.name
    read = attrgetter(name)
    if field.enum_type is not None:
        words, form = field.enum_type.values_by_name, field.enum_type.name

        def number(word: str) -> int:
            if word not in words:
                raise PlaceError(f"{name}: {word} is no word of {form}")
            return words[word].number

        return Place(lambda message, value: setattr(message, name, value), lambda m: read(m) or None, number, name)
    if field.cpp_type == FieldDescriptor.CPPTYPE_BOOL:
        return Place(lambda message, value: setattr(message, name, value), read, lambda word: word == "true")
    if field.cpp_type != FieldDescriptor.CPPTYPE_STRING:
        width = entry.get("width", 0)
        return Place(
            lambda message, value: setattr(message, name, int(value)),
            lambda m: str(read(m)).zfill(width) if read(m) else None,
        )
    if entry.get("kind") == "day":
        return Place(lambda message, value: setattr(message, name, value.isoformat()), lambda m: _iso_day(read(m)))
    return Place(lambda message, value: setattr(message, name, value), lambda m: read(m) or None, path=name)


def _extension(head: str, key: str) -> Place:
    at = attrgetter(head)

    def put(message: Message, value: Any) -> None:
        at(message)[key] = value if isinstance(value, str) else _said(value)

    def take(message: Message) -> str | None:
        return at(message).get(key, None) or None

    return Place(put, take, said=_said)


def _said(value: Any) -> str:
    if isinstance(value, int):
        return str(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(" ")
    return value.isoformat() if isinstance(value, dt.date) else format(value, "f")


def _repeated(field: FieldDescriptor, rest: str, entry: Mapping[str, Any]) -> Place:
    """Make a place in a list: one value, or several parted by the entry's `split`."""
    at = attrgetter(field.name)
    mark = entry.get("split", "")
    if field.message_type is None:
        number = field.cpp_type != FieldDescriptor.CPPTYPE_STRING
        return Place(
            lambda m, value: at(m).extend([int(each) if number else each for each in _parts(value, mark)]),
            lambda m: mark.join(map(str, at(m))) or None,
        )
    inner = place(field.message_type, rest, entry)
    government = "kind" in field.message_type.fields_by_name and field.message_type.name == "Recipient"

    def put(message: Message, value: Any) -> None:
        found = at(message)
        for index, each in enumerate(_parts(value, mark)):
            if index == len(found):
                found.add(**({"kind": _GOVERNMENT} if government else {}))
            if each:
                inner.put(found[index], each)

    def take(message: Message) -> Any:
        values = [inner.take(each) for each in at(message)]
        if not mark:
            return values[0] if values else None
        return mark.join(each or "" for each in values) if any(values) else None

    return Place(put, take, inner.words)


def _parts(value: Any, mark: str) -> list[Any]:
    return value.split(mark) if mark and isinstance(value, str) else [value]


def _moment(head: str) -> Place:
    at = attrgetter(head)

    def put(message: Message, value: dt.date) -> None:
        at(message).seconds = _seconds(value)

    def take(message: Message) -> dt.datetime | None:
        if not message.HasField(head):
            return None
        return moments.korean(at(message)).replace(tzinfo=None, microsecond=0)

    return Place(put, take)


@lru_cache(maxsize=8192)
def _seconds(value: dt.date) -> int:
    """Seconds since 1970 of a day's or a moment's Korean civil time."""
    if not isinstance(value, dt.datetime):
        return moments.seconds_of_day(value)
    clock = value.hour * 3600 + value.minute * 60 + value.second
    return moments.seconds_of_day(dt.date(value.year, value.month, value.day)) + clock


def _disclosed(head: str) -> Place:
    at = attrgetter(head)

    def put(message: Message, value: str) -> None:
        if not disclosure.fill(at(message), value):
            raise ValueError(value)

    return Place(put, lambda message: disclosure.code_of(at(message)) or None)


def _body(head: str) -> Place:
    """Make the place of a text whose lines are the paragraphs of the body."""
    at = attrgetter(head)

    def put(message: Message, value: str) -> None:
        setattr(message, head, "".join(f"<p>{escaped(line)}</p>" for line in value.split("\n")))

    return Place(put, lambda message: paragraphs(at(message)))


def paragraphs(body: str) -> str | None:
    """Give the lines of a body of plain paragraphs; None when it is empty or more than that."""
    if not body.startswith("<p>") or not body.endswith("</p>"):
        return None
    lines = body[3:-4].split("</p><p>")
    if any("<" in line for line in lines):
        return None
    return "\n".join(_unescaped(line) for line in lines)


def _unescaped(line: str) -> str:
    return line.replace("&lt;", "<").replace("&gt;", ">").replace("&#13;", "\r").replace("&amp;", "&")


def _iso_day(text: str) -> dt.date | None:
    return moments.read_day(text) if text else None

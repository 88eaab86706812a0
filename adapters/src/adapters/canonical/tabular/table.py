"""One table of a manifest for one kind of message, made ready once: a record's values -> message, message -> values.

Each entry gives a column: how its cell is read and written (`cells`) and where its value stands (`places`). Entries name
paths of the document, of the message (`origin.notification`, `receiver_code`), or of a named step (`steps.draft.acted_at`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Final

from google.protobuf.message import Message

from adapters.canonical.tabular.bodies import Body
from adapters.canonical.tabular.cells import BREAKS, Kind, is_written, kind_of
from adapters.canonical.tabular.groups import groups
from adapters.canonical.tabular.places import Place, PlaceError, list_on, place
from adapters.canonical.tabular.steps import Part, Steps
from adapters.formats.findings import Finding, reject
from adapters.formats.rows import Value, Values
from adapters.manifest import Manifest
from onnara.exchange.v1.official_document_pb2 import ApprovalStep, OfficialDocument

KEY: Final = "key"


@dataclass(frozen=True, slots=True)
class Column:
    """One entry made ready.

    place: in the message; None for a key and for what belongs to a step. part: the place in its step, for those.
    path: dotted, in the message or the step. text: what is put there is the value itself when that is text.
    source: where its value is taken from, when that is no place it is put to. key: it is taken from the message's key.
    counts: its cells are amounts, which hardly come again.
    list_path: of the list of parts the path leads into; empty when there is none on the way.
    """

    field: str
    required: bool
    kind: Kind
    place: Place | None
    path: str = ""
    part: Place | None = None
    text: bool = True
    list_path: str = ""
    source: Place | None = None
    key: bool = False
    counts: bool = False


class Table:
    """Both directions of one table.

    Args:
        manifest: codes, steps and constants.
        entries: the table's lines.
        form: class of the message.
        head: the table is of the batch's own row, of which no body is composed.
        repeats: tables of entries within the record, by its field.

    Raises:
        ValueError: an entry leads nowhere, or its kind is none.

    """

    def __init__(
        self,
        manifest: Manifest,
        entries: Sequence[Mapping[str, Any]],
        form: type[Message],
        *,
        head: bool = False,
        repeats: Mapping[str, Any] | None = None,
    ) -> None:
        self._root: Any = form.DESCRIPTOR
        self._inside = "document" if "document" in self._root.fields_by_name else ""
        tables = manifest.tables
        self.columns: list[Column] = []
        parts: list[Part] = []
        for index, entry in enumerate(entries):
            self.columns.append(self._column(_without_bytes(entry), index, manifest, parts))
        self.steps = Steps(tables.get("step", ()), parts, manifest.system)
        self.has_steps = bool(parts)
        self.groups = groups(manifest, repeats or {})
        if parts and self.groups:
            raise ValueError("the line is told by named steps or by entries that repeat, not by both")
        plain = {entry["field"]: index for index, entry in enumerate(entries) if "codes" not in entry}
        self.body = None
        if self._inside and "body" in tables and not head:
            self.body = Body(tables["body"]["text"], plain, tables.get("codes", {}))
        self._fields = [column.field for column in self.columns]
        self._readers = [(column.field, column.kind.fast) for column in self.columns]
        self._required = [i for i, column in enumerate(self.columns) if column.required]
        self._putters = [
            (i, column.place.put) for i, column in enumerate(self.columns) if column.place and not column.place.path
        ]
        self._groups = self._grouped()

    def _grouped(self) -> list[tuple[Callable[[Any], Any], list[tuple[int, str]]]]:
        """Gather the columns that set attributes of one part of the message, so that the part is looked up once."""
        groups: dict[str, list[tuple[int, str]]] = {}
        for index, column in enumerate(self.columns):
            if column.place is not None and column.place.path:
                parent, _, leaf = column.place.path.rpartition(".")
                groups.setdefault(parent, []).append((index, leaf))
        return [(attrgetter(parent) if parent else _itself, leaves) for parent, leaves in groups.items()]

    def _column(self, entry: Mapping[str, Any], index: int, manifest: Manifest, parts: list[Part]) -> Column:
        field, required = entry["field"], bool(entry.get("required"))
        if "always" in entry:
            return Column(field, required=False, kind=kind_of(entry, {}), place=None)
        path = entry["to"]
        table = manifest.codes(entry["codes"]) if "codes" in entry else {}
        first, _, rest = path.partition(".")
        found: Place | None
        if first == "steps":
            name, _, inside = rest.partition(".")
            found = place(ApprovalStep.DESCRIPTOR, inside, entry)
            parts.append(Part(index, name, found, inside))
            kind = kind_of(entry, _coded(entry, table, found))
            return Column(field, required, kind, None, inside, found)
        if entry.get("as") == KEY:
            return Column(field, required, kind_of(entry, _coded(entry, table, None)), None, key=True)
        found = self.place(path, entry)
        within = f"{self._inside}.{path}" if self._is_inside(path) else path
        kind = kind_of(entry, _coded(entry, table, found))
        if is_written(entry):
            return Column(field, required=False, kind=kind, place=None, source=found)
        lists = list_on(self._root, within)
        return Column(
            field,
            required,
            kind,
            found,
            within,
            text=entry.get("as") in {None, "code"},
            list_path=lists,
            counts=entry.get("kind") in {"amount", "number"},
        )

    def place(self, path: str, entry: Mapping[str, Any]) -> Place:
        """Make a place of this kind of message: in its document when that has it. Raises PlaceError."""
        return place(self._root, f"{self._inside}.{path}" if self._is_inside(path) else path, entry)

    def _is_inside(self, path: str) -> bool:
        return bool(self._inside) and path.partition(".")[0] in OfficialDocument.DESCRIPTOR.fields_by_name

    def plain(self, values: Values) -> list[Any]:
        """Read a clean record's cells, in the columns' order. Raises ValueError, TypeError or KeyError on anything odd."""
        get = values.get
        ready = [None if (value := get(field)) is None or value == "" else read(value) for field, read in self._readers]
        for index in self._required:
            if ready[index] is None:
                raise ValueError(self._fields[index])
        return ready + [group.plain(group.of(values)) for group in self.groups]

    def carefully(self, values: Values) -> tuple[list[Any], list[Finding]]:
        """Read any record's cells; refused ones are None."""
        ready: list[Any] = []
        findings: list[Finding] = []
        for column in self.columns:
            value, found = column.kind.careful(values.get(column.field))
            ready.append(value)
            findings += found
        for group in self.groups:
            entries, found = group.carefully(group.of(values))
            ready.append(entries)
            findings += found
        return ready, findings

    def fill(self, message: Any, ready: Sequence[Any], values: Values) -> None:
        """Put what was read into a message."""
        for part_of, leaves in self._groups:
            part = part_of(message)
            for index, leaf in leaves:
                if (value := ready[index]) is not None:
                    setattr(part, leaf, value)
        for index, put in self._putters:
            if (value := ready[index]) is not None:
                put(message, value)
        if self.has_steps:
            self.steps.put(ready, message.document.steps if self._inside else message.steps)
        for group, entries in zip(self.groups, ready[len(self.columns) :], strict=True):
            group.put(entries, message.document.steps if self._inside else message.steps)
        if self.body is not None:
            message.document.body = self.body.of(ready, values)

    def values(self, message: Any) -> tuple[dict[str, Value], list[Finding]]:
        """Take a record's values out of a message."""
        places = [column.source or column.place for column in self.columns]
        taken: list[Any] = [None if each is None else each.take(message) for each in places]
        if self.has_steps:
            self.steps.take(message.document.steps if self._inside else message.steps, taken)
        values: dict[str, Value] = {}
        findings: list[Finding] = []
        for column, plain in zip(self.columns, taken, strict=True):
            if column.key:
                # The record's own key is taken apart by `records`.
                values[column.field] = None
                continue
            values[column.field], fault = written(column, plain)
            if fault is not None:
                findings.append(fault)
        for group in self.groups:
            entries: Any
            entries, found = group.take(message.document.steps if self._inside else message.steps)
            spread, excess = group.spread(entries)
            values |= spread
            findings += [*found, *excess]
        return values, findings


def _without_bytes(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """Leave out how many bytes a field has where it stands at an offset: only of digits it is how many there are."""
    if "offset" not in entry or entry.get("kind") == "digits":
        return entry
    return {key: value for key, value in entry.items() if key != "width"}


def _itself(message: Any) -> Any:
    return message


def written(column: Column, plain: Any) -> tuple[Value, Finding | None]:
    """Write one plain value for its column."""
    try:
        value = column.kind.write(plain)
    except ValueError:
        code = "control-inside" if isinstance(plain, str) and BREAKS.search(plain) else "value-unmapped"
        return None, reject(code, column.field, value=_short(plain))
    if column.required and (value is None or value == ""):
        return value, reject("value-missing", column.field)
    return value, None


def _short(value: object) -> str:
    said = " ".join(str(value).split())
    return said if len(said) <= 60 else f"{said[:60]}…"


def _coded(entry: Mapping[str, Any], table: Mapping[str, str], found: Place | None) -> Mapping[str, Any]:
    """Turn canonical words of a code table into what the place takes; `as = "code"`: codes stand for themselves there."""
    if entry.get("as") == "code":
        return {code: code for code in table}
    words: Callable[[str], Any] | None = found.words if found is not None else None
    if words is None:
        return table
    if not table:
        raise PlaceError("a place with words of its own needs a table of codes")
    return {code: words(word) for code, word in table.items()}

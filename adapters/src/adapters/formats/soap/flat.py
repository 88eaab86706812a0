"""Named members of a message -> values of a row by dotted paths, with what is odd about them; lists as rows or as lines.

Nothing is left out unsaid: an element nobody knows is a finding, and so is one that stands twice or has parts where a value
is meant. Toolkits differ in how they send several of a kind: an array, an element around entries, or the entries themselves.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from adapters.formats.findings import Finding, loss, reject
from adapters.formats.soap.model import Value, many
from adapters.formats.soap.shape import Call, Leaf, Lines
from adapters.formats.soap.values import fault_of, read_leaf, written_leaf

_SHORT: Final = 60
_BREAKS: Final = str.maketrans("\t\r\n", "   ")
_ITEM: Final = "item"


class Flat:
    """Reads the members of one call. findings: takes what is odd."""

    def __init__(self, call: Call, findings: list[Finding]) -> None:
        self._call = call
        self._findings = findings
        self._leaves = {leaf.name: leaf for leaf in call.leaves}
        self._lists = {lines.name: lines for lines in call.lists}
        self.files: list[Any] = []

    def values(self, members: Mapping[str, Value]) -> dict[str, Any]:
        """Give the values by path."""
        inner: Value = members
        if self._call.inside and len(members) == 1 and self._call.inside in members:
            inner = members[self._call.inside]
        if isinstance(inner, Mapping):
            return dict(self._walked(inner, ""))
        if inner is not None and inner != "":
            self._findings.append(reject("soap-value-structured", self._call.inside))
        return {}

    def _walked(self, members: Mapping[str, Value], above: str) -> Iterator[tuple[str, Any]]:
        for name, value in members.items():
            path = f"{above}{name}"
            if path in self._leaves:
                yield path, self._leaf(path, self._leaves[path], value)
            elif path in self._lists:
                yield path, self._list(self._lists[path], value)
            elif path == self._call.files:
                self.files = list(_entries(value, self._call.file_entry))
            elif isinstance(value, Mapping) and self._leads_on(path):
                yield from self._walked(value, f"{path}.")
            elif value is not None and value != "":
                # Where the table has parts and the message none, it is a fault of the form; else something new.
                make = reject if self._leads_on(path) else loss
                code = "soap-value-structured" if self._leads_on(path) else "soap-value-unexpected"
                self._findings.append(make(code, path[:_SHORT]))

    def _leads_on(self, path: str) -> bool:
        return any(name.startswith(f"{path}.") for name in (*self._leaves, *self._lists, self._call.files))

    def _leaf(self, path: str, leaf: Leaf, value: Value) -> str | None:
        if isinstance(value, str):
            return read_leaf(value, leaf.type)
        if isinstance(value, list | tuple):
            self._findings.append(reject("soap-value-repeated", path, count=str(len(value))))
        elif value is not None:
            self._findings.append(reject("soap-value-structured", path))
        return None

    def _list(self, lines: Lines, value: Value) -> Any:
        rows = []
        for number, entry in enumerate(_entries(value, lines.entry), 1):
            path = f"{lines.name}[{number}]"
            if not isinstance(entry, Mapping):
                if entry is not None and entry != "":
                    self._findings.append(reject("soap-value-structured", path))
                continue
            rows.append(
                {leaf.name: self._leaf(f"{path}.{leaf.name}", leaf, entry.get(leaf.name)) for leaf in lines.leaves}
            )
            known = {leaf.name for leaf in lines.leaves}
            self._findings += [
                loss("soap-value-unexpected", f"{path}.{name}"[:_SHORT]) for name in entry if name not in known
            ]
        return rows if lines.rows else self._as_text(lines, rows)

    def _as_text(self, lines: Lines, rows: Sequence[Mapping[str, str | None]]) -> str | None:
        out = []
        for number, row in enumerate(rows, 1):
            cells = [
                self._cell(f"{lines.name}[{number}].{leaf.name}", leaf, row[leaf.name] or "") for leaf in lines.leaves
            ]
            out.append("\t".join(cells))
        return "\n".join(out) or None

    def _cell(self, path: str, leaf: Leaf, text: str) -> str:
        if not text.strip():
            self._findings += [reject("value-missing", path)] if leaf.required else []
        elif code := fault_of(text, leaf.type):
            self._findings.append(reject(code, path, value=text[:_SHORT]))
        if (plain := text.translate(_BREAKS)) != text:
            self._findings.append(loss("soap-cell-flattened", path, value=text[:_SHORT]))
        return plain

    @staticmethod
    def entries_of(lines: Lines, value: Any) -> list[dict[str, Value]]:
        """Make the entries of a list out of a row's value; raises nothing, for reading back tells what is wrong."""
        if value is None or value == "":
            return []
        rows: list[Mapping[str, Any]]
        if isinstance(value, str):
            names = [leaf.name for leaf in lines.leaves]
            rows = [dict(zip(names, line.split("\t"), strict=False)) for line in value.split("\n")]
        else:
            rows = list(value)
        return [
            {
                leaf.name: written_leaf(row[leaf.name], leaf.type)
                for leaf in lines.leaves
                if row.get(leaf.name) not in {None, ""}
            }
            for row in rows
        ]


def _entries(value: Value, entry: str) -> Sequence[Value]:
    """Give the entries, however they were sent."""
    if isinstance(value, Mapping) and len(value) == 1:
        [(name, inner)] = value.items()
        if name in {entry, _ITEM}:
            return many(inner)
    return many(value if value != "" else None)

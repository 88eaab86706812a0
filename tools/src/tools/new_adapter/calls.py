"""What a saved SOAP call says of itself: the elements with a value, its lists, its attachments; where its description was lost.

bytes of a call -> `Sample`: a column a leaf, named by its path; lists and files as keys of `[layout]`, with their own tables.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from adapters.formats.findings import FormatError
from adapters.formats.soap.calls import content_type_of
from adapters.formats.soap.model import Reference, many
from adapters.formats.soap.read import read
from tools.new_adapter.guesses import Column
from tools.new_adapter.samples import Sample

_FILE: Final = "content"
_SHORT: Final = 200


def read_call(data: bytes) -> Sample:
    """Read a saved call. Raises ValueError when it is none, or says nothing."""
    try:
        message = read(data, content_type_of(data))
    except FormatError as error:
        raise ValueError(f"not a SOAP call: {error}") from None
    members: Mapping[str, Any] = message.values
    layout: dict[str, Any] = {"namespace": message.namespace, "operations": {"mapping": message.operation}}
    if len(members) == 1 and isinstance(next(iter(members.values())), Mapping):
        [(layout["inside"], members)] = members.items()
    lists: dict[str, tuple[str, list[str]]] = {}
    columns = tuple(_walked(members, "", lists, layout))
    if not columns:
        raise ValueError("the call holds no values; take one that asks for something")
    if message.attachments:
        # Some attach without saying so.
        layout.setdefault("files", "attachments")
    if lists:
        layout["lists"] = {path: {"entry": entry, "table": _table(path)} for path, (entry, _) in lists.items()}
    return Sample(columns, "utf-8", layout, text="\n".join(map(_entries, lists, lists.values())), data=data)


def _walked(members: Mapping[str, Any], above: str, lists: dict[str, Any], layout: dict[str, Any]) -> Iterator[Column]:
    for name, value in members.items():
        path = f"{above}{name}"
        entry, rows = _rows(value)
        if rows and any(_FILE in row or isinstance(row.get(_FILE), Reference) for row in rows):
            layout["files"], layout["file_entry"] = path, entry
        elif rows:
            lists[path] = (
                entry,
                list(dict.fromkeys(leaf for row in rows for leaf, each in row.items() if not _deep(each))),
            )
            yield Column(path, heading=name)
        elif isinstance(value, Mapping):
            yield from _walked(value, f"{path}.", lists, layout)
        elif isinstance(value, str) or value is None:
            yield Column(path, heading=name, example=(value or "")[:_SHORT])


def _rows(value: Any) -> tuple[str, list[Mapping[str, Any]]]:
    """Give the entries of a list and their element; none for anything else."""
    entry, inner = "item", value
    if isinstance(value, Mapping) and len(value) == 1:
        [(entry, inner)] = value.items()
        if isinstance(inner, str | Reference) or inner is None:
            return "", []
    elif isinstance(value, Mapping) or not isinstance(value, list | tuple):
        return "", []
    rows = [each for each in many(inner) if isinstance(each, Mapping)]
    return (entry, rows) if len(rows) == len(many(inner)) else ("", [])


def _deep(value: Any) -> bool:
    return isinstance(value, Mapping | list | tuple)


def _table(path: str) -> str:
    return path.replace(".", "_")


def _entries(path: str, said: tuple[str, list[str]]) -> str:
    """Write the table of a list's leaves."""
    lines = [f"# Each {said[0]} of {path}: a line of its text, the cells parted by tabs."]
    for leaf in said[1]:
        lines += [f"[[{_table(path)}]]", f"field = {json.dumps(leaf)}", f"label = {json.dumps(leaf)}", ""]
    return "\n".join(lines)

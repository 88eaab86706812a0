"""Values of a record beside what another program made of it: nested, name by name, and how many agree."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from adapters.formats.copybook import Node

# What the other program adds on its own.
GENERATED: Final = re.compile(r"File_Id|Record_Id|Record_Byte_Length|Seg_Id\d*|.*_debug")
# The other program reads only what all EBCDIC pages share; bytes of numbers seen as text are left out there.
_ODD: Final = re.compile("[^\x21-\x7e]+")


@dataclass(slots=True)
class Agreement:
    """Fields compared, those that agree, and the first that do not."""

    fields: int = 0
    agree: int = 0
    differ: list[str] = field(default_factory=list)

    def take(self, name: str, wanted: Any, got: Any) -> None:
        """Compare one value."""
        self.fields += 1
        if same(wanted, got):
            self.agree += 1
        elif len(self.differ) < 8:
            self.differ.append(f"{name}: {wanted!r} expected, {got!r} read")


def nested(node: Node, values: Mapping[str, Any]) -> dict[str, Any]:
    """Give the values in the shape of the copybook, names with underscores."""
    out: dict[str, Any] = {}
    for child in node.children:
        if not child.name and child.kind != "group":
            continue
        name = child.name.replace("-", "_")
        if child.occurs is not None:
            entries = values.get(child.key) or []
            out[name] = [nested(child, each) if child.kind == "group" else each for each in entries]
        elif child.kind == "group":
            out[name] = nested(child, values)
        else:
            out[name] = values.get(child.key)
    return out


def compare(wanted: Any, got: Any, seen: Agreement, name: str = "") -> None:
    """Compare whatever the other program said with ours; what it left out is not asked for."""
    if isinstance(wanted, Mapping):
        for key, value in wanted.items():
            if not GENERATED.fullmatch(key):
                compare(
                    value, got.get(key) if isinstance(got, Mapping) else None, seen, f"{name}.{key}" if name else key
                )
    elif isinstance(wanted, Sequence) and not isinstance(wanted, str):
        entries = got if isinstance(got, list) else []
        for index, value in enumerate(wanted):
            compare(value, entries[index] if index < len(entries) else None, seen, f"{name}[{index + 1}]")
    else:
        seen.take(name, wanted, got)


def same(wanted: Any, got: Any) -> bool:
    """Tell whether two values mean the same: numbers by value, floats to six digits, texts without blanks and controls."""
    if isinstance(got, float) and isinstance(wanted, int | Decimal):
        return abs(float(wanted) - got) <= 1e-6 * max(abs(got), 1.0)
    if isinstance(wanted, int | Decimal) and isinstance(got, int | Decimal):
        return Decimal(wanted) == Decimal(got)
    if isinstance(wanted, str) or wanted is None:
        # A soft hyphen is a plain one there.
        read = "" if got is None else str(got).replace("\xad", "-")
        return _ODD.sub("", str(wanted or "")) == _ODD.sub("", read)
    return bool(wanted == got)

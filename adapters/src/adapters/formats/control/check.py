"""A list of files against the files that are there: each that is missing, short, longer or not listed has its finding."""

from collections.abc import Mapping
from typing import Final

from adapters.formats.control.model import Control
from adapters.formats.findings import Finding, reject

CONTROL: Final = "exchange.xml"


def check(control: Control, parts: Mapping[str, bytes], control_name: str = CONTROL) -> dict[str, Finding]:
    """Give what is wrong with each file, by its name; a name that is not among them is in order.

    The list says `part-missing`, `part-shorter`, `part-longer`, `part-size-unknown`, `part-listed-twice`; what lies there
    beside it `part-unlisted`. All of them forbid using the file.
    """
    faults: dict[str, Finding] = {}
    listed: set[str] = set()
    for file in control.files:
        if file.name in listed:
            faults[file.name] = reject("part-listed-twice", file.name, name=file.name)
            continue
        listed.add(file.name)
        fault = _fault(file.name, file.size, parts.get(file.name))
        if fault is not None:
            faults[file.name] = fault
    for name in parts:
        if name not in listed and name != control_name:
            faults[name] = reject("part-unlisted", name, name=name)
    return faults


def _fault(name: str, promised: int | None, data: bytes | None) -> Finding | None:
    if data is None:
        return reject("part-missing", name, name=name)
    if promised is None:
        return reject("part-size-unknown", name, name=name)
    if len(data) == promised:
        return None
    code = "part-shorter" if len(data) < promised else "part-longer"
    return reject(code, name, name=name, promised=str(promised), found=str(len(data)))

"""`Control` to the bytes of a control file, declared EUC-KR as the field writes it."""

from adapters.formats.control.model import OWN, PARTIES, PARTY, Control
from adapters.formats.findings import Finding, FormatError, reject, rejected
from adapters.formats.xmltext import attribute, to_bytes, without_controls


def write_control(control: Control) -> bytes:
    """Write a control file.

    Raises:
        FormatError: `control-inside` when XML cannot carry a value.

    """
    values = control.values()
    faults: list[Finding] = [
        reject("control-inside", name, value=value)
        for name, value in values.items()
        if value != without_controls(value)
    ]
    faults += [
        reject("control-inside", "name", value=file.name)
        for file in control.files
        if file.name != without_controls(file.name)
    ]
    if rejected(faults):
        raise FormatError(faults)
    lines = ['<?xml version="1.0" encoding="EUC-KR"?>']
    lines.append(f"<exchange {_attributes({name: values[name] for name in OWN})}>")
    lines += [f"<{side} {_attributes({name: values[f'{side}.{name}'] for name in PARTY})}/>" for side in PARTIES]
    lines.append("<fileList>")
    lines += [
        f"<file {_attributes({'path': file.path, 'name': file.name, 'size': '' if file.size is None else str(file.size)})}/>"
        for file in control.files
    ]
    lines += ["</fileList>", "</exchange>", ""]
    return to_bytes("\n".join(lines))


def _attributes(values: dict[str, str]) -> str:
    return " ".join(f'{name}="{attribute(value)}"' for name, value in values.items())

"""Texts of a hand-over as CP949 can write them: look-alikes, else 〓, each told. Content -> content.

Registered titles are left as they are: the records officer can correct them (시행규칙 6), so what cannot be written refuses the
hand-over. Nobody could correct the others, and they must not keep a department's records back for ever.
"""

from typing import Any, Final

from adapters.formats import charset
from adapters.formats.findings import Finding
from onnara.exchange.v1.records_pb2 import RecordsContent

_CORRECTABLE: Final = frozenset({"records.title", "files.title"})


def writable(content: RecordsContent, findings: list[Finding]) -> RecordsContent:
    """Give the content as it can be written."""
    made = RecordsContent()
    made.CopyFrom(content)
    _spell(made, "", "", findings)
    return made


def _spell(part: Any, path: str, shown: str, findings: list[Finding]) -> None:
    for field, value in part.ListFields():
        here, seen = (f"{path}.{field.name}", f"{shown}.{field.name}") if path else (field.name, field.name)
        if field.message_type is not None:
            for place, each in enumerate(value if field.is_repeated else (value,), 1):
                _spell(each, here, f"{seen}[{place}]" if field.is_repeated else seen, findings)
        elif field.type == field.TYPE_STRING and here not in _CORRECTABLE:
            if field.is_repeated:
                value[:] = [_spelled(each, seen, findings) for each in value]
            elif (spelled := _spelled(value, seen, findings)) is not value:
                setattr(part, field.name, spelled)


def _spelled(text: str, field: str, findings: list[Finding]) -> str:
    data, found = charset.encode_cp949(text, policy="substitute", field=field)
    findings += found
    return data.decode("cp949") if found else text

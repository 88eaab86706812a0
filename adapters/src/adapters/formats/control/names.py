"""Names of the files of a transmission: `<department 7>_<job>_<yyMMddHHmmss>.txt`, both ways."""

import re
from dataclasses import dataclass
from typing import Final

_NAME: Final = re.compile(
    r"(?P<unit>[0-9A-Za-z]{7})_(?P<job>[A-Z0-9_]{1,30})_(?P<made>[0-9]{12})\.(?:txt|TXT)", re.ASCII
)


@dataclass(frozen=True, slots=True)
class FileName:
    """What a name says. unit: code of the department. job: what the file holds. made: yyMMddHHmmss, Korean time."""

    unit: str
    job: str
    made: str


def read_file_name(name: str) -> FileName | None:
    """Take a name apart; None when it is made otherwise."""
    match = _NAME.fullmatch(name)
    return FileName(match["unit"], match["job"], match["made"]) if match else None


def file_name(unit: str, job: str, made: str) -> str:
    """Make a name."""
    return f"{unit}_{job}_{made}.txt"

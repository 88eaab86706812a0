"""Keys and columns made of several values: registration 13, file 28, persons, moments of lists. Both ways."""

import datetime as dt
import re
from typing import Final

from google.protobuf.timestamp_pb2 import Timestamp

from adapters.canonical import moments
from adapters.formats.koreantime import KST
from onnara.exchange.v1.records_pb2 import RecordFileKey, RecordItem

_FILE: Final = re.compile(r"([0-9A-Za-z]{7})([0-9A-Za-z]{8})([0-9]{4})([0-9]{6})([0-9]{3})", re.ASCII)
_NUMBER: Final = re.compile(r"([0-9A-Za-z]{7})([0-9]{6})", re.ASCII)
_RECORD: Final = re.compile(r"([0-9]{4})([0-9A-Za-z]{7})([0-9]{6})", re.ASCII)
_CANONICAL: Final = re.compile(r"([0-9A-Za-z]{7})([0-9]{4})([0-9]{6})", re.ASCII)
_CODE: Final = re.compile(r"[0-9A-Za-z]{15}[0-9]{10}", re.ASCII)
_STAMP: Final = re.compile(r"[0-9]{14}", re.ASCII)
_SHORT: Final = re.compile(r"[0-9]{8}", re.ASCII)
_BETWEEN: Final = "/"


def number_of(record: RecordItem) -> str:
    """The 13 characters of a registration: department 7 + serial 6."""
    return f"{record.registration.department_code}{record.registration.serial:06}"


def read_number(text: str) -> int | None:
    """The serial of 13 characters; None when they are none."""
    match = _NUMBER.fullmatch(text)
    return int(match[2]) if match else None


def record_key(record: RecordItem) -> str:
    """Year 4 + registration 13: what lists and e-files name a record by."""
    return f"{record.registration.year:04}{number_of(record)}"


def fault_key(registration_key: str) -> str:
    """Department 7 + year 4 + serial 6 as the lists name a record: year 4 + department 7 + serial 6. Others as they are."""
    match = _CANONICAL.fullmatch(registration_key)
    return f"{match[2]}{match[1]}{match[3]}" if match else registration_key


def read_fault_key(text: str) -> str | None:
    """A record as lists name it as department 7 + year 4 + serial 6; None when it is none."""
    match = _RECORD.fullmatch(text)
    return f"{match[2]}{match[1]}{match[3]}" if match else None


def read_fault_file(text: str) -> str | None:
    """A file as lists name it, with or without its volume, as the 25 characters of its code; None when it is none."""
    return text[:25] if _FILE.fullmatch(text) or _CODE.fullmatch(text) else None


def file_key(key: RecordFileKey) -> str:
    """Department 7 + unit task 8 + year 4 + serial 6 + volume 3; empty for no file."""
    if not key.department_code:
        return ""
    return f"{key.department_code}{key.task_code}{key.year:04}{key.serial:06}{key.volume:03}"


def read_file_key(text: str) -> RecordFileKey | None:
    """The file of 28 characters; None when they are none."""
    match = _FILE.fullmatch(text)
    if match is None:
        return None
    return RecordFileKey(
        department_code=match[1], task_code=match[2], year=int(match[3]), serial=int(match[4]), volume=int(match[5])
    )


def person(name: str, position: str) -> str:
    """Name and rank in one column: 박정훈/국장."""
    return f"{name}{_BETWEEN}{position}" if position else name


def read_person(text: str) -> tuple[str, str]:
    """Name and rank."""
    name, _, position = text.partition(_BETWEEN)
    return name, position


def stamp(moment: Timestamp) -> str:
    """14 digits of Korean time."""
    return f"{moments.korean(moment):%Y%m%d%H%M%S}"


def read_stamp(text: str) -> Timestamp | None:
    """The moment of 14 digits; None when they are none."""
    if _STAMP.fullmatch(text) is None:
        return None
    parts = [int(text[:4]), *(int(text[at : at + 2]) for at in range(4, 14, 2))]
    return _moment(*parts)


def short(moment: Timestamp) -> str:
    """MMDDHHMM of Korean time."""
    return f"{moments.korean(moment):%m%d%H%M}"


def read_short(text: str, year: int) -> Timestamp | None:
    """The moment of MMDDHHMM in a year; None when it is none."""
    if _SHORT.fullmatch(text) is None:
        return None
    return _moment(year, *(int(text[at : at + 2]) for at in range(0, 8, 2)))


def _moment(*parts: int) -> Timestamp | None:
    try:
        found = dt.datetime(*parts, tzinfo=KST)  # type: ignore[misc,arg-type]  # year to second, in their order
    except ValueError:
        return None
    if not moments.is_plausible(found.date()):
        return None
    made = Timestamp()
    made.FromDatetime(found)
    return made

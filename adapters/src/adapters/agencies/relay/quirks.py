"""What the relay's tables cannot say: which receiver a pack is for, lists of receivers, registration codes, file names."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from adapters.formats.findings import FormatError
from adapters.formats.pack import PackFileName, parse_pack_file_name
from onnara.exchange.v1.official_document_pb2 import Recipient, RegistrationNumber

_COMMA: Final = re.compile(r"\s*[,，、]\s*(?![^()（）]*[)）])")
_CODE: Final = re.compile(r"([0-9A-Za-z]{7})([0-9]{6})", re.ASCII)
_FOLDERS: Final = re.compile(r"^.*[\\/]")


def file_name(name: str) -> PackFileName | None:
    """Take a pack's file name apart, with or without `.xml`; None when it is none."""
    try:
        return parse_pack_file_name(name if name.lower().endswith(".xml") else f"{name}.xml")
    except FormatError:
        return None


def receiver_code(name: str, receive_ids: Sequence[str]) -> str:
    """Give the code a pack is for: characters 8 to 14 of its file's name, as receivers find themselves; else the first."""
    found = file_name(name)
    return found.receive_id if found else receive_ids[0] if receive_ids else ""


def printed(recipient: Recipient) -> str:
    """Give a recipient as it stands after 수신: 행정안전부장관(행정제도과장), else made from the names."""
    if recipient.printed_as:
        return recipient.printed_as
    agency, department = recipient.agency.name or recipient.agency.code, recipient.department.name
    return f"{agency}({department})" if agency and department else agency or department


def receiver_names(text: str) -> list[str]:
    """Take a list of receivers apart at the commas outside of brackets."""
    return [name for name in _COMMA.split(text.strip()) if name]


def fill_registration(registration: RegistrationNumber, code: str, year: int) -> bool:
    """Put department and serial of a 13-character code into the number. Answers False for another form."""
    match = _CODE.fullmatch(code)
    if match is None:
        return False
    registration.department_code = match[1]
    registration.serial = int(match[2])
    registration.year = year
    return True


def registration_code(registration: RegistrationNumber) -> str:
    """Give department 7 + serial 6; empty while the document has no number or it is no such code."""
    code = f"{registration.department_code}{registration.serial:06d}"
    return code if registration.serial > 0 and _CODE.fullmatch(code) else ""


def plain_name(raw: str) -> str:
    """Give a file's name in composed letters (macOS sends them apart) and without folders."""
    return _FOLDERS.sub("", unicodedata.normalize("NFC", raw)).strip() or "unnamed"


def stem(name: str) -> str:
    """Give a file's name without its extension: its title in the 붙임 list unless it has one."""
    return name.rpartition(".")[0] or name

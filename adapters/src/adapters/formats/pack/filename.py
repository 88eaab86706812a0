"""Names of pack files: send-id 7 + receive-id 7 + yyyyMMddHHmmss 14 + sequence 2 + `.xml`. Both ways."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final

from adapters.formats.findings import FormatError, reject
from adapters.formats.koreantime import parse_stamp, stamp

_NAME: Final = re.compile(r"([0-9A-Za-z]{7})([0-9A-Za-z]{7})([0-9]{14})([0-9]{2})\.xml", re.IGNORECASE | re.ASCII)
_CODE: Final = re.compile(r"[0-9A-Za-z]{7}", re.ASCII)


@dataclass(frozen=True, slots=True)
class PackFileName:
    """A pack file's name taken apart; a receiver finds itself by `receive_id`. `when` is aware, Korean time."""

    send_id: str
    receive_id: str
    when: dt.datetime
    seq: int


def pack_file_name(send_id: str, receive_id: str, when: dt.datetime, seq: int) -> str:
    """Build the name for an aware time and a sequence of 0–99.

    Raises:
        FormatError: `pack-file-name-invalid` when a code has not 7 letters or digits or the sequence does not fit.

    """
    if not (_CODE.fullmatch(send_id) and _CODE.fullmatch(receive_id) and 0 <= seq <= 99):
        raise FormatError([reject("pack-file-name-invalid", name=f"{send_id}/{receive_id}/{seq}")])
    return f"{send_id}{receive_id}{stamp(when)}{seq:02d}.xml"


def parse_pack_file_name(name: str) -> PackFileName:
    """Take a name apart. Raises FormatError `pack-file-name-invalid`."""
    match = _NAME.fullmatch(name)
    if match is None:
        raise FormatError([reject("pack-file-name-invalid", name=name)])
    try:
        return PackFileName(match[1], match[2], parse_stamp(match[3]), int(match[4]))
    except ValueError:
        raise FormatError([reject("pack-file-name-invalid", name=name)]) from None

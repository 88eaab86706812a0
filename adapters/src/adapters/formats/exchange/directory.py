"""Names of message directories: receiver's user + sender's server + receiver's server + yyyyMMddHHmmss + sequence of 5."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final

from adapters.formats.findings import FormatError, reject
from adapters.formats.koreantime import parse_stamp, stamp

SERVER_ID: Final = re.compile(r"[A-Z]{3}[0-9A-Za-z]{7}[0-9]{2}", re.ASCII)
_USER_ID: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z_.@-]{0,63}", re.ASCII)
_NAME: Final = re.compile(
    rf"({_USER_ID.pattern})({SERVER_ID.pattern})({SERVER_ID.pattern})([0-9]{{14}})([0-9]{{5}})", re.ASCII
)


@dataclass(frozen=True, slots=True)
class MessageName:
    """A directory name taken apart. `when` is aware, Korean time; `seq` 1–99999."""

    receiver_user_id: str
    sender_server_id: str
    receiver_server_id: str
    when: dt.datetime
    seq: int = 1


def build_message_name(name: MessageName) -> str:
    """Build the directory name.

    Raises:
        FormatError: `message-name-invalid` when a part does not fit, so that no path can be smuggled in.

    """
    parts = (name.receiver_user_id, name.sender_server_id, name.receiver_server_id)
    fits = (
        _USER_ID.fullmatch(parts[0])
        and all(SERVER_ID.fullmatch(server) for server in parts[1:])
        and 0 <= name.seq <= 99999
    )
    built = f"{''.join(parts)}{stamp(name.when)}{name.seq:05d}"
    if not fits:
        raise FormatError([reject("message-name-invalid", name=built)])
    return built


def parse_message_name(text: str) -> MessageName:
    """Take a directory name apart from the right, since the user's id has no fixed length. Raises FormatError."""
    match = _NAME.fullmatch(text)
    if match is None:
        raise FormatError([reject("message-name-invalid", name=text)])
    try:
        return MessageName(match[1], match[2], match[3], parse_stamp(match[4]), int(match[5]))
    except ValueError:
        raise FormatError([reject("message-name-invalid", name=text)]) from None

"""Zip archives of strangers: bytes in, members by name out, within the reading's budget; sizes that are promised are not believed.

Source: PKWARE APPNOTE 4.3. A destroyed directory is replaced by a search for the members' own headers.
"""

import struct
import zlib
from dataclasses import dataclass
from typing import Final

from adapters.formats.hwp.reading import Reading, inflate

SIGNATURE: Final = b"PK\x03\x04"
_END: Final = b"PK\x05\x06"
_CENTRAL: Final = b"PK\x01\x02"
_MOST_MEMBERS: Final = 20_000
_STORED, _DEFLATED = 0, 8
_UTF8: Final = 1 << 11
_ENCRYPTED: Final = 1


@dataclass(frozen=True, slots=True)
class Member:
    """A member: where its own header begins and what the directory says of it. size: packed; None: unknown."""

    name: str
    offset: int
    size: int | None
    checksum: int | None
    encrypted: bool


class Archive:
    """Members of a zip archive. `members` by name; of two with one name the first counts, as with the writing program."""

    def __init__(self, data: bytes, reading: Reading) -> None:
        self._data = data
        self._reading = reading
        self.members = {member.name: member for member in reversed(self._directory())}

    def read(self, name: str) -> bytes | None:
        """Give a member's bytes, as far as they can be unpacked; None when there is none of the name.

        Raises:
            FormatError: `hwp-too-large`.

        """
        member = self.members.get(name)
        if member is None:
            return None
        head = self._data[member.offset : member.offset + 30]
        if len(head) < 30 or not head.startswith(SIGNATURE):
            self._reading.damaged(name, "container")
            return None
        (method,) = struct.unpack_from("<H", head, 8)
        names, extras = struct.unpack_from("<HH", head, 26)
        start = member.offset + 30 + names + extras
        stop = len(self._data) if member.size is None else start + member.size
        packed = memoryview(self._data)[start:stop]
        if method == _DEFLATED:
            out = inflate(packed, self._reading, name)
        elif method == _STORED:
            out = bytes(packed)
            self._reading.spend(len(out))
        else:
            self._reading.damaged(name, "method")
            return None
        if member.checksum is not None and zlib.crc32(out) != member.checksum:
            self._reading.damaged(name, "checksum")
        return out

    def _directory(self) -> list[Member]:
        data = self._data
        end = data.rfind(_END, max(0, len(data) - 65_557))
        if end >= 0 and len(data) >= end + 22:
            count, size, place = struct.unpack_from("<HII", data, end + 10)
            found = self._central(place if data.startswith(_CENTRAL, place) else end - size, count)
            if found:
                return found
        self._reading.damaged("file", "container")
        return self._searched()

    def _central(self, place: int, count: int) -> list[Member]:
        data = self._data
        found: list[Member] = []
        while (
            place >= 0 and data.startswith(_CENTRAL, place) and len(data) >= place + 46 and len(found) < _MOST_MEMBERS
        ):
            (flags,) = struct.unpack_from("<H", data, place + 8)
            checksum, size = struct.unpack_from("<II", data, place + 16)
            names, extras, comments = struct.unpack_from("<HHH", data, place + 28)
            (offset,) = struct.unpack_from("<I", data, place + 42)
            name = _name(data[place + 46 : place + 46 + names], flags)
            found.append(Member(name, offset, size, checksum, bool(flags & _ENCRYPTED)))
            place += 46 + names + extras + comments
        if len(found) != count:
            self._reading.damaged("file", "container")
        return found

    def _searched(self) -> list[Member]:
        data = self._data
        found: list[Member] = []
        place = data.find(SIGNATURE)
        while place >= 0 and len(data) >= place + 30 and len(found) < _MOST_MEMBERS:
            (flags,) = struct.unpack_from("<H", data, place + 6)
            (size,) = struct.unpack_from("<I", data, place + 18)
            (names,) = struct.unpack_from("<H", data, place + 26)
            name = _name(data[place + 30 : place + 30 + names], flags)
            found.append(Member(name, place, size or None, None, bool(flags & _ENCRYPTED)))
            place = data.find(SIGNATURE, place + 30)
        return found


def _name(raw: bytes, flags: int) -> str:
    text = raw.decode("utf-8" if flags & _UTF8 else "cp949", "replace")
    return text.replace("\\", "/").removeprefix("./").removeprefix("/")

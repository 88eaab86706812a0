"""Writes the EBCDIC tables the adapters ship: `python -m tools.ebcdic_tables FOLDER`. Asks the C library's iconv, code by code.

iconv -> one byte and two byte codes to code points, and code points that go only one way -> `ibm933.bin`, `ibm1364.bin`,
`latin.bin`, zlib over 16-bit big-endian numbers. `Oracle` is the same question put by the tests.
"""

import ctypes
import struct
import sys
import zlib
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Final

KOREAN: Final = ("IBM933", "IBM1364")
LATIN: Final = tuple(
    f"IBM{number}" for number in (277, 278, 280, 284, 285, 297, 424, 870, 871, 875, 1025, 1047, *range(1141, 1150))
)
SHIFT_OUT, SHIFT_IN = 0x0E, 0x0F
NONE: Final = 0xFFFE
SUBSTITUTE: Final = b"\x3f"
_FAILED: Final = ctypes.c_size_t(-1).value
_CLOSED: Final = ctypes.c_void_p(-1).value


class Oracle:
    """One direction of the C library's iconv. Raises LookupError when it knows no such code page."""

    def __init__(self, target: str, source: str) -> None:
        self._library = ctypes.CDLL(None)
        self._library.iconv_open.restype = ctypes.c_void_p
        self._library.iconv.restype = ctypes.c_size_t
        self._library.iconv.argtypes = [ctypes.c_void_p] * 5
        self._handle = self._library.iconv_open(target.encode(), source.encode())
        if self._handle == _CLOSED:
            raise LookupError(target, source)

    def __call__(self, data: bytes) -> bytes | None:
        """Convert; None when the input holds what the page lacks."""
        self._library.iconv(self._handle, None, None, None, None)
        room = 16 + 8 * len(data)
        source, target = ctypes.create_string_buffer(data, len(data)), ctypes.create_string_buffer(room)
        read, written = ctypes.c_void_p(ctypes.addressof(source)), ctypes.c_void_p(ctypes.addressof(target))
        left, free = ctypes.c_size_t(len(data)), ctypes.c_size_t(room)
        places = [ctypes.addressof(each) for each in (read, left, written, free)]
        if self._library.iconv(self._handle, *places) == _FAILED:
            return None
        self._library.iconv(self._handle, None, None, *places[2:])
        return target.raw[: room - free.value]


@cache
def known(page: str) -> bool:
    """Tell whether this machine's iconv has the page."""
    try:
        Oracle("UTF-32BE", page)
    except (LookupError, AttributeError):
        return False
    return True


def single(page: str) -> list[int]:
    """Code points of the 256 single bytes; `NONE` where there is none, and for the shifts of a Korean page."""
    ask = _one("UTF-32BE", page)
    out = [ask(bytes([byte])) for byte in range(256)]
    if page in KOREAN:
        out[SHIFT_OUT] = out[SHIFT_IN] = NONE
    return out


def double(page: str) -> dict[int, int]:
    """Code points of the two-byte codes that a shifted run can hold: 4040 and 41..FE each."""
    ask = _one("UTF-32BE", page)
    codes = [0x4040, *(first << 8 | second for first in range(0x41, 0xFF) for second in range(0x41, 0xFF))]
    found = {code: ask(struct.pack(">BHB", SHIFT_OUT, code, SHIFT_IN)) for code in codes}
    return {code: point for code, point in found.items() if point != NONE}


def back(page: str) -> dict[int, bytes]:
    """What each code point of the basic plane is written as; the substitute character counts as not at all."""
    ask = Oracle(page, "UTF-32BE")
    out = {}
    for point in [*range(0xD800), *range(0xE000, 0x10000)]:
        written = ask(point.to_bytes(4, "big"))
        if written and (written != SUBSTITUTE or point == 0x1A):
            out[point] = written
    return out


def one_way(page: str) -> dict[int, int]:
    """Two-byte codes of the code points that come back as another one."""
    here = double(page)
    codes = {point: int.from_bytes(written[1:-1], "big") for point, written in back(page).items() if len(written) == 4}
    return {point: code for point, code in codes.items() if here[code] != point}


def _one(target: str, source: str) -> Callable[[bytes], int]:
    ask = Oracle(target, source)

    def number(data: bytes) -> int:
        found = ask(data)
        return int.from_bytes(found, "big") if found is not None and len(found) == 4 else NONE

    return number


def packed(numbers: Sequence[int]) -> bytes:
    """Compress 16-bit numbers."""
    return zlib.compress(struct.pack(f">{len(numbers)}H", *numbers), 9)


def main(arguments: Sequence[str]) -> int:
    """Write the three files."""
    if len(arguments) != 1:
        print("usage: python -m tools.ebcdic_tables FOLDER", file=sys.stderr)
        return 2
    folder = Path(arguments[0])
    for page in KOREAN:
        codes, ways = double(page), one_way(page)
        numbers = [*single(page), len(codes), *codes, *codes.values(), *ways, *ways.values()]
        (folder / f"{page.lower()}.bin").write_bytes(packed(numbers))
        print(f"{page}: {len(codes)} two-byte codes, {len(ways)} one way")
    names = [int(page[3:]) for page in LATIN]
    (folder / "latin.bin").write_bytes(packed([len(names), *names, *(n for page in LATIN for n in single(page))]))
    print(f"{len(names)} single-byte pages")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The shipped tables of EBCDIC pages: zlib over 16-bit numbers to Python mappings. NOTES.md tells where they come from."""

import struct
import zlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

_NONE: Final = 0xFFFE


@dataclass(frozen=True, slots=True)
class Korean:
    """A mixed page.

    Attributes:
        single: one character a byte, U+FFFE where there is none.
        double: letters by two-byte code. one_way: codes of characters that come back as another one.

    """

    single: str
    double: dict[int, str]
    one_way: dict[str, int]


def _numbers(name: str) -> tuple[int, ...]:
    data = zlib.decompress(files(__package__).joinpath(name).read_bytes())
    return struct.unpack(f">{len(data) // 2}H", data)


@cache
def korean(name: str) -> Korean:
    """Read a mixed page's table; `name` is that of the file without its end."""
    numbers = _numbers(f"{name}.bin")
    single, count, rest = numbers[:256], numbers[256], numbers[257:]
    codes, points, ways = rest[:count], rest[count : 2 * count], rest[2 * count :]
    half = len(ways) // 2
    return Korean(
        "".join(map(chr, single)),
        dict(zip(codes, map(chr, points), strict=True)),
        dict(zip(map(chr, ways[:half]), ways[half:], strict=True)),
    )


@cache
def latin() -> dict[int, str]:
    """Read the single-byte pages Python lacks or has wrong: 256 characters by the page's number."""
    numbers = _numbers("latin.bin")
    count = numbers[0]
    names, points = numbers[1 : count + 1], numbers[count + 1 :]
    return {name: "".join(map(chr, points[256 * place : 256 * (place + 1)])) for place, name in enumerate(names)}

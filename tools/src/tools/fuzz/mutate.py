"""An item and a source of chance -> the item damaged: bytes, numbers, lines, tags, members of archives, whole parts.

The same chance always damages alike, so a number and a seed name an input for ever.
"""

import io
import random
import re
import zipfile
from collections.abc import Callable, Sequence
from typing import Final

from adapters.contract import Item
from tools.hangul.mutants import mutated

# What parsers stumble over: signs of the formats, borders of numbers, halves of letters, marks of other charsets.
WORDS: Final = (
    b"\0", b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\x1a", b"\r", b"\n", b"\r\n\r\n", b"\t", b"\x0e", b"\x0f",
    b"\x0e\x0f", b"\x40", b"\xc7\xd1"[:1], "똠".encode("cp949"), "\u3164\u115f".encode(), b"\xef\xbb\xbf", b"\xff\xfe",
    b'"', b'""', b"'", b",", b",,,,,,,,", b"|", b";", b"=cmd|' /C'!A0", b"<", b">", b"&", b"&#0;", b"&#x110000;", b"&lt;",
    b"]]>", b"<!--", b"<![CDATA[", b"<?xml version='1.0' encoding='x'?>", b"<!DOCTYPE a>", b"</a>", b"<a/>", b"-", b"+",
    b"-0", b"0" * 30, b"9" * 40, b"1e999", b"NaN", b"Infinity", b"20261331", b"00000000", b"99999999", b"0229", b"{", b"}",
    b"[", b"]", b"\\", b"\\u0000", b"null", b"..", b"../", b"%00", b"\xe2\x80\xae", b"\xed\xa0\x80", b" " * 300, b"A" * 5000,
)  # fmt: skip
_DIGITS: Final = re.compile(rb"[0-9]+")
_TAG: Final = re.compile(rb"<[^<>]{1,200}>")
_LARGEST: Final = 1 << 20
_MEMBERS: Final = 200

Damage = Callable[[bytes, random.Random], bytes]


def damaged(item: Item, others: Sequence[Item], chance: random.Random) -> Item:
    """Damage an item one to four times. `others`: whose bytes may come into it."""
    parts = dict(item.parts)
    name = item.name
    for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 4))):
        if not parts or (chance.random() < 0.04 and len(item.parts) > 1) or chance.random() < 0.01:
            _shuffle(parts, chance)
            continue
        chosen = chance.choice(sorted(parts))
        if chance.random() < 0.06:
            donor = chance.choice(others)
            if donor.parts:
                parts[chosen] = _spliced(parts[chosen], donor.parts[chance.choice(sorted(donor.parts))], chance)
            continue
        parts[chosen] = _changed(parts[chosen], chance)[:_LARGEST]
    return Item(name, parts)


def _shuffle(parts: dict[str, bytes], chance: random.Random) -> None:
    """Take a part away, name it otherwise, or put one there that nobody asked for."""
    what = chance.randrange(4)
    if what == 0 or not parts:
        parts[chance.choice(("x", "eof.inf", "../x", "a" * 300, "", "attach_1.hwp", "한글.xml"))] = chance.choice(WORDS)
        return
    chosen = chance.choice(sorted(parts))
    data = parts.pop(chosen)
    if what == 1:
        parts[chosen.swapcase()] = data
    elif what == 2:
        parts[chosen] = b""


def _changed(data: bytes, chance: random.Random) -> bytes:
    if data[:2] == b"PK" and chance.random() < 0.7:
        return _repacked(data, chance)
    return chance.choice(_WAYS)(data, chance)


def _word(data: bytes, chance: random.Random) -> bytes:
    at = chance.randint(0, len(data))
    word = chance.choice(WORDS)
    return data[:at] + word + data[at + chance.choice((0, 0, len(word))) :]


def _number(data: bytes, chance: random.Random) -> bytes:
    """Put other digits in a number's place, as many as there were or not."""
    found = list(_DIGITS.finditer(data[: 1 << 16]))
    if not found:
        return _word(data, chance)
    match = chance.choice(found)
    width = len(match[0]) if chance.random() < 0.7 else chance.randint(0, 12)
    digits = chance.choice((b"0" * width, b"9" * width, b"%0*d" % (width, chance.randrange(10 ** min(width, 9)))))
    return data[: match.start()] + digits + data[match.end() :]


def _lines(data: bytes, chance: random.Random) -> bytes:
    """Double, drop, swap or blank a line."""
    lines = data.splitlines(keepends=True)
    if len(lines) < 2:
        return _word(data, chance)
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    what = chance.randrange(4)
    if what == 0:
        lines[one:one] = [lines[other]] * chance.choice((1, 1, 40))
    elif what == 1:
        del lines[one]
    elif what == 2:
        lines[one], lines[other] = lines[other], lines[one]
    else:
        lines[one] = b" " * len(lines[one])
    return b"".join(lines)


def _tags(data: bytes, chance: random.Random) -> bytes:
    """Double, drop or exchange tags."""
    found = list(_TAG.finditer(data[: 1 << 16]))
    if not found:
        return _word(data, chance)
    match, other = chance.choice(found), chance.choice(found)
    tag = chance.choice((b"", match[0] * 2, match[0] * 300, other[0], match[0].replace(b" ", b"\0 ", 1)))
    return data[: match.start()] + tag + data[match.end() :]


def _spliced(data: bytes, other: bytes, chance: random.Random) -> bytes:
    return (data[: chance.randint(0, len(data))] + other[chance.randint(0, len(other)) :])[:_LARGEST]


_WAYS: Final[tuple[Damage, ...]] = (mutated, mutated, _word, _word, _number, _number, _lines, _tags)


def _repacked(data: bytes, chance: random.Random) -> bytes:
    """Damage a member of an archive and pack it again, so that what is inside is reached."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()[:_MEMBERS]
            members = [(info.filename, archive.read(info)) for info in infos if info.file_size < _LARGEST]
    except (OSError, ValueError, RuntimeError, NotImplementedError, zipfile.BadZipFile, EOFError):
        return mutated(data, chance)
    except Exception as error:  # noqa: BLE001 - zlib.error and lzma.LZMAError are no relatives of one another
        del error
        return mutated(data, chance)
    if not members:
        return mutated(data, chance)
    at = chance.randrange(len(members))
    name, content = members[at]
    what = chance.random()
    if what < 0.05:
        del members[at]
    elif what < 0.1:
        members[at] = (chance.choice(("../x", "", "a" * 300, name.swapcase())), content)
    else:
        members[at] = (name, chance.choice(_WAYS)(content, chance))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, content in members:
            archive.writestr(zipfile.ZipInfo(each), content)
    return out.getvalue()

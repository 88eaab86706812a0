"""Searching in Korean: titles as pairs of syllables, since words are glued to particles and written apart or together at will.

A title is compared without blanks and in small letters. Two letters that stand together make a gram, which is a number;
names of people are grams of their own, from the line feed before the name to the one behind it. The database makes the same
grams of what it stores, see ``grams_of`` in the migrations.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

LONGEST = 100
"""Characters of what may be searched for."""
PEOPLE = 1509949440
"""Mask of names."""
_SPAN = 1 << 32


def plain(text: str) -> str:
    """A text as it is compared: NFC, small letters, without blanks."""
    return "".join(unicodedata.normalize("NFC", text).lower().split())


def people_of(names: Iterable[str]) -> str:
    """Names of a document's people as they are stored, each once."""
    return "".join(f"\n{name}\n" for name in sorted({plain(name) for name in names} - {""}))


def grams_of(text: str, mask: int = 0) -> set[int]:
    """Grams of a text that is plain already; none for a single letter."""
    return {_signed((ord(first) << 16) ^ ord(second) ^ mask) for first, second in pairwise(text)}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the index and the comparison are asked for. patterns, person: of LIKE."""

    grams: list[int]
    patterns: list[str]
    person: str


def wanted_of(title: str, person: str) -> Wanted:
    """A search for words of the title, all of them, and for a person's whole name."""
    words = [plain(word) for word in title.split()]
    name = people_of([person])
    grams = grams_of(name, PEOPLE).union(*(grams_of(word) for word in words))
    return Wanted(sorted(grams), [f"%{_escaped(word)}%" for word in words], f"%{_escaped(name)}%")


def after(text: str) -> str:
    """The first text behind all that begin with this one, by code points; empty for none."""
    return text[:-1] + chr(ord(text[-1]) + 1) if text else ""


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _signed(number: int) -> int:
    low = number % _SPAN
    return low - _SPAN if low >= _SPAN // 2 else low

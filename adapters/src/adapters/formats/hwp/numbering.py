"""The numbers and bullets that the program draws before paragraphs: heading definitions in, labels out, counted in order.

A definition has a format per level ("^1." or "(^5)": the number of that level; "^n" the path of all) and a kind of digits.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

_HANGUL: Final = "가나다라마바사아자차카타파하"
_JAMO: Final = "ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ"
_STEMS: Final = "갑을병정무기경신임계"
_STEMS_HANJA: Final = "甲乙丙丁戊己庚辛壬癸"
_PLACE: Final = re.compile(r"\^([1-9nN]|10)")
_PRIVATE: Final = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
_BULLET: Final = "\u2022"
_ROMAN: Final = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
    (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
# A format is a few signs long; a longer one would be drawn before every paragraph.
LONGEST: Final = 32
# Names of OWPML (KS X 6101) in the order of HWP 5's numbers (revision 1.3, table 43).
DIGITS: Final = (
    "DIGIT", "CIRCLED_DIGIT", "ROMAN_CAPITAL", "ROMAN_SMALL", "LATIN_CAPITAL", "LATIN_SMALL", "CIRCLED_LATIN_CAPITAL",
    "CIRCLED_LATIN_SMALL", "HANGUL_SYLLABLE", "CIRCLED_HANGUL_SYLLABLE", "HANGUL_JAMO", "CIRCLED_HANGUL_JAMO",
    "HANGUL_PHONETIC", "IDEOGRAPH", "CIRCLED_IDEOGRAPH", "DECAGON_CIRCLE", "DECAGON_CIRCLE_HANJA",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Level:
    """How one level is drawn. digits: a name of `DIGITS`."""

    text: str = "^1."
    digits: str = "DIGIT"
    start: int = 1


@dataclass(frozen=True, slots=True)
class Heading:
    """What a paragraph shape says of its label. kind: outline, number, bullet. level: from zero."""

    kind: str
    definition: int
    level: int


@dataclass(slots=True)
class Headings:
    """All definitions of a document and the counters while it is read.

    Attributes:
        shapes: heading by paragraph shape; only those that have one.
        outline: numbering that the present section's outline uses.

    """

    shapes: Mapping[int, Heading] = field(default_factory=dict)
    numberings: Mapping[int, Sequence[Level]] = field(default_factory=dict)
    bullets: Mapping[int, str] = field(default_factory=dict)
    outline: int = 0
    _counts: dict[int, list[int]] = field(default_factory=dict)

    def label(self, shape: int) -> str:
        """Give the label of the next paragraph of this shape; empty when it has none."""
        heading = self.shapes.get(shape)
        if heading is None:
            return ""
        if heading.kind == "bullet":
            bullet = self.bullets.get(heading.definition, "")
            # A sign of a symbol font has no meaning outside it.
            return _BULLET if _PRIVATE.match(bullet) else bullet
        number = self.outline if heading.kind == "outline" else heading.definition
        levels = self.numberings.get(number)
        if not levels or heading.level >= len(levels):
            return ""
        return self._next(number, levels, heading.level)

    def _next(self, number: int, levels: Sequence[Level], level: int) -> str:
        counts = self._counts.setdefault(number, [0] * len(levels))
        for above in range(level):
            # A level that was skipped counts as begun: what comes on it later is its second.
            counts[above] = counts[above] or levels[above].start
        counts[level] = counts[level] + 1 if counts[level] else levels[level].start
        counts[level + 1 :] = [0] * (len(counts) - level - 1)

        def put(match: re.Match[str]) -> str:
            if match[1] in "nN":
                path = (drawn(counts[each] or levels[each].start, levels[each].digits) for each in range(level + 1))
                return ".".join(path) + ("." if match[1] == "N" else "")
            of = int(match[1]) - 1
            if of >= len(levels):
                return ""
            return drawn(counts[of] or levels[of].start, levels[of].digits)

        return _PLACE.sub(put, levels[level].text)


def drawn(number: int, digits: str) -> str:
    """Draw a number in a kind of digits; plain digits where the kind has no more."""
    circled = digits.startswith("CIRCLED_")
    plain = digits.removeprefix("CIRCLED_")
    if circled and plain == "DIGIT" and 1 <= number <= 20:
        return chr(0x245F + number)
    if circled and plain == "LATIN_SMALL" and 1 <= number <= 26:
        return chr(0x24CF + number)
    if circled and plain == "LATIN_CAPITAL" and 1 <= number <= 26:
        return chr(0x24B5 + number)
    if circled and plain == "HANGUL_SYLLABLE" and 1 <= number <= 14:
        return chr(0x326D + number)
    if circled and plain == "HANGUL_JAMO" and 1 <= number <= 14:
        return chr(0x325F + number)
    return _uncircled(number, plain)


def _uncircled(number: int, digits: str) -> str:
    if digits in {"ROMAN_CAPITAL", "ROMAN_SMALL"} and 0 < number < 4000:
        text = _roman(number)
        return text if digits == "ROMAN_CAPITAL" else text.lower()
    if digits in {"LATIN_CAPITAL", "LATIN_SMALL"} and 1 <= number <= 26:
        return chr((0x40 if digits == "LATIN_CAPITAL" else 0x60) + number)
    if digits in {"HANGUL_PHONETIC", "IDEOGRAPH"} and 0 < number < 100:
        return _counted(number, "일이삼사오육칠팔구십" if digits == "HANGUL_PHONETIC" else "一二三四五六七八九十")
    row = {
        "HANGUL_SYLLABLE": _HANGUL,
        "HANGUL_JAMO": _JAMO,
        "DECAGON_CIRCLE": _STEMS,
        "DECAGON_CIRCLE_HANJA": _STEMS_HANJA,
    }.get(digits, "")
    return row[number - 1] if 1 <= number <= len(row) else str(number)


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        text += letters * count
    return text


def _counted(number: int, digits: str) -> str:
    tens, ones = divmod(number, 10)
    return (digits[tens - 1] if tens > 1 else "") + (digits[9] if tens else "") + (digits[ones - 1] if ones else "")

"""Characters of HWP 3 (hchar, 16 bits): combination-code Hangul, KS X 1001 symbols and hanja in Hancom's order, to Unicode.

Hangul: five bits each for initial, vowel and final, as KS X 1001 annex 3. Hanja: the 4,888 of KS X 1001 from 0x4000, 94 a row.
Symbols: rows 1 to 12 of KS X 1001 from 0x3401, 96 places a row. Hiragana from 0x1F01 in Unicode's order. Hancom's own signs outside these have no published table.
"""

from functools import lru_cache
from typing import Final

UNKNOWN: Final = "\ufffd"
_INITIALS: Final = {code: code - 2 for code in range(2, 21)}
_VOWELS: Final = {
    code: number
    for number, code in enumerate((3, 4, 5, 6, 7, 10, 11, 12, 13, 14, 15, 18, 19, 20, 21, 22, 23, 26, 27, 28, 29))
}
_FINALS: Final = {code: number for number, code in enumerate((*range(1, 18), *range(19, 30)))}
# The vowel that modern Hangul lost (아래아) keeps its code in the combination table; Unicode spells it by letters.
_ARAEA: Final = 30
# Seen in documents that exist in a later kind, too.
_SIGNS: Final = {0x81: "\u201c", 0x82: "\u201d", 0x2F17: "\u2022", 0x2F67: "\u25b8"}
_HIRAGANA: Final = range(0x1F01, 0x1F54)


@lru_cache(maxsize=8192)
def character(code: int) -> str:
    """Give the character of an hchar of 0x20 or more; `UNKNOWN` for one of Hancom's own."""
    if code < 0x7F:
        return chr(code)
    if code >= 0x8000:
        return _hangul(code)
    if 0x4000 <= code < 0x4000 + 52 * 94:
        row, cell = divmod(code - 0x4000, 94)
        return _plain(0xCA + row, 0xA1 + cell)
    if 0x3401 <= code < 0x3401 + 12 * 96:
        row, cell = divmod(code - 0x3401, 96)
        return _plain(0xA1 + row, 0xA1 + cell) if cell < 94 else UNKNOWN
    if code in _HIRAGANA:
        return chr(code - 0x1F00 + 0x3040)
    return _SIGNS.get(code, UNKNOWN)


def _plain(high: int, low: int) -> str:
    try:
        return bytes((high, low)).decode("cp949")
    except UnicodeDecodeError:
        return UNKNOWN


def _hangul(code: int) -> str:
    initial, vowel, final = _INITIALS.get(code >> 10 & 31), code >> 5 & 31, _FINALS.get(code & 31)
    if initial is not None and final is not None:
        if vowel in _VOWELS:
            return chr(0xAC00 + (initial * 21 + _VOWELS[vowel]) * 28 + final)
        if vowel == _ARAEA:
            return chr(0x1100 + initial) + "\u119e" + (chr(0x11A7 + final) if final else "")
    try:
        return code.to_bytes(2, "big").decode("johab")
    except UnicodeDecodeError:
        return UNKNOWN

"""Amounts as official documents write them: figures, and the same in letters (행정업무규정 시행규칙 2)."""

from typing import Final

_DIGITS: Final = "영일이삼사오육칠팔구"
_PLACES: Final = ("", "십", "백", "천")
_GROUPS: Final = ("", "만", "억", "조", "경")
_MOST: Final = 10**20


def in_words(amount: int) -> str:
    """Give a whole number of 0 to 10^20 - 1 in Hangul, every digit with its place: 113560 is 일십일만삼천오백육십."""
    if amount == 0:
        return _DIGITS[0]
    parts = []
    for group, name in enumerate(_GROUPS):
        four = amount // 10000**group % 10000
        if four:
            digits = [(four // 10**place % 10, _PLACES[place]) for place in (3, 2, 1, 0)]
            parts.append("".join(_DIGITS[digit] + place for digit, place in digits if digit) + name)
    return "".join(reversed(parts))


def won(amount: int) -> str:
    """Give an amount: 금113,560원(금일십일만삼천오백육십원), △ in front when negative; without letters beyond 10^20."""
    sign = "△" if amount < 0 else ""
    figures = f"{sign}금{abs(amount):,}원"
    return f"{figures}(금{in_words(abs(amount))}원)" if abs(amount) < _MOST else figures

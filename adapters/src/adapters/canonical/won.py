"""Amounts as official documents write them: figures, and the same in letters (행정업무규정 시행규칙 2)."""

from functools import lru_cache
from typing import Final

_DIGITS: Final = "영일이삼사오육칠팔구"
_PLACES: Final = ("", "십", "백", "천")
_GROUPS: Final = ("", "만", "억", "조", "경")
_MOST: Final = 10**20


def in_words(amount: int) -> str:
    """Give a whole number of 0 to 10^20 - 1 in Hangul, every digit with its place: 113560 is 일십일만삼천오백육십."""
    if amount == 0:
        return _DIGITS[0]
    said = ""
    for name in _GROUPS:
        amount, four = divmod(amount, 10000)
        if four:
            said = _four(four) + name + said
        if not amount:
            break
    return said


@lru_cache(maxsize=10_000)
def _four(number: int) -> str:
    """Give four digits with their places."""
    digits = [(number // 10**place % 10, _PLACES[place]) for place in (3, 2, 1, 0)]
    return "".join(_DIGITS[digit] + place for digit, place in digits if digit)


def won(amount: int) -> str:
    """Give an amount: 금113,560원(금일십일만삼천오백육십원), △ in front when negative; without letters beyond 10^20."""
    size = abs(amount)
    sign = "△" if amount < 0 else ""
    return f"{sign}금{size:,}원(금{in_words(size)}원)" if size < _MOST else f"{sign}금{size:,}원"

"""Sums of money: figures, then the same in Korean words (행정업무규정 시행규칙 2②): 금113,560원(금일십일만삼천오백육십원)."""

import re
from collections.abc import Iterator

from documents.domain.layout.finding import RULE, Change

SOURCE = f"{RULE} 2②"
_FIGURES = "영일이삼사오육칠팔구"
_PLACES = ("", "십", "백", "천")
_MYRIADS = ("", "만", "억", "조", "경")
_SUM = re.compile(r"금 ?(\d[\d,]*\d|\d)원(?: ?\((금)? ?([가-힣 ]{1,60}?)원정?\))?")
_MOST = 10_000 ** len(_MYRIADS)


def won_in_words(amount: int) -> str:
    """An amount in Korean words, every one said: 113560 -> 일십일만삼천오백육십. Raises ValueError beyond 경."""
    if not 0 <= amount < _MOST:
        raise ValueError("an amount of won in words lies between 0 and 경")
    if amount == 0:
        return _FIGURES[0]
    words, place = "", 0
    while amount:
        amount, group = divmod(amount, 10_000)
        words = (_group(group) + _MYRIADS[place] if group else "") + words
        place += 1
    return words


def _group(number: int) -> str:
    figures = f"{number:04}"
    return "".join(_FIGURES[int(figure)] + _PLACES[3 - place] for place, figure in enumerate(figures) if figure != "0")


def amount_changes(text: str) -> Iterator[Change]:
    """Sums whose words are missing or differ, or whose commas are wrong: advice, for money is never changed by itself."""
    for found in _SUM.finditer(text):
        amount = int(found[1].replace(",", ""))
        if amount >= _MOST:
            continue
        right = f"금{amount:,}원(금{won_in_words(amount)}원)"
        code = _wrong(found, amount)
        if code:
            yield Change(found.start(), found.end(), right, code, SOURCE, {"right": right}, must=False)


def _wrong(found: re.Match[str], amount: int) -> str:
    if found[3] is None:
        return "layout-amount-words-missing"
    if found[3].replace(" ", "") != won_in_words(amount):
        return "layout-amount-words-differ"
    return "layout-amount-commas" if found[1] != f"{amount:,}" else ""

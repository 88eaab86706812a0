"""What the budget layout's tables cannot say: amounts marked negative in front, amounts in words, and the body's text.

Values of a record go in, text or numbers come out; pure.
"""

import re
from collections.abc import Mapping
from typing import Final

from adapters.formats.fixedwidth import Value
from adapters.formats.xmltext import text

_MARKED: Final = re.compile(r"[△▲\-]\s*([0-9][0-9,]*)", re.ASCII)
_DIGITS: Final = "영일이삼사오육칠팔구"
_PLACES: Final = ("", "십", "백", "천")
_GROUPS: Final = ("", "만", "억", "조", "경")


def marked_amount(raw: str) -> int | None:
    """Read `△1,200` or `-1200` as the negative amount it stands for; None when it is something else."""
    match = _MARKED.fullmatch(raw.strip())
    return -int(match[1].replace(",", "")) if match else None


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
    """Give an amount as official documents write it: 금113,560원(금일십일만삼천오백육십원), △ in front when negative."""
    sign = "△" if amount < 0 else ""
    return f"{sign}금{abs(amount):,}원(금{in_words(abs(amount))}원)"


def body(values: Mapping[str, Value]) -> str:
    """Compose the document's body, of the XHTML subset, from a record: a sentence, the text, a table of the amount."""
    amount = values["amount"]
    year = values["fiscal_year"]
    programme = values["programme_code"] or "-"
    said = text(str(values["text"] or values["title"] or ""))
    return (
        f"<p>1. {year}회계연도 예산과 관련하여 다음과 같이 요청하오니 검토하여 주시기 바랍니다.</p>"
        f"<p>2. 요청 내용: {said}</p>"
        '<table border="1" summary="요청 금액"><tr><th>회계연도</th><th>사업코드</th><th>요청 금액</th></tr>'
        f'<tr><td>{year}</td><td>{text(str(programme))}</td><td align="right">'
        f"{won(amount if isinstance(amount, int) else 0)}</td></tr></table><p>끝.</p>"
    )

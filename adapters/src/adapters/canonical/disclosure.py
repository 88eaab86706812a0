"""공개구분 between the 9 characters of the exchange standard, the words on paper and the canonical message.

`1` open, `2` partly open, `3` closed, then eight flags Y or N for the items of 정보공개법 9①: `3NNNNYNNN`. Both ways.
"""

import re
from typing import Final

from onnara.exchange.v1.official_document_pb2 import Disclosure, DisclosureLevel

CODE: Final = re.compile(r"[123][YN]{8}", re.ASCII)
WORDS: Final[dict[int, str]] = {
    DisclosureLevel.DISCLOSURE_LEVEL_OPEN: "공개",
    DisclosureLevel.DISCLOSURE_LEVEL_PARTIAL: "부분공개",
    DisclosureLevel.DISCLOSURE_LEVEL_CLOSED: "비공개",
}


def fill(disclosure: Disclosure, code: str) -> bool:
    """Put a code into the message. Answers False, and puts nothing, when it is no such code."""
    if CODE.fullmatch(code) is None:
        return False
    disclosure.level = ord(code[0]) - 48  # type: ignore[assignment]  # the digits are the enum's numbers
    if "Y" in code:
        disclosure.items.extend(place for place in range(1, 9) if code[place] == "Y")
    return True


def code_of(disclosure: Disclosure) -> str:
    """The 9 characters; empty when the level is not known."""
    if disclosure.level not in WORDS:
        return ""
    items = set(disclosure.items)
    return f"{int(disclosure.level)}{''.join('Y' if place in items else 'N' for place in range(1, 9))}"


def words_of(disclosure: Disclosure) -> str:
    """The mark as printed: 공개, 부분공개(5), 비공개(5,6)."""
    items = ",".join(str(item) for item in sorted(set(disclosure.items)))
    return WORDS.get(disclosure.level, "") + (f"({items})" if items else "")

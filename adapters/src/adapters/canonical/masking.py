"""What must not stand in a published document: e-mail addresses, mobile numbers, 주민등록번호, account numbers. Text in, text out.

Masking keeps the length and everything around: each hidden letter or digit becomes an asterisk. It errs on the side of
hiding (개인정보 보호법 24의2, 34의2; 정보공개법 9①6). Numbers are found as people key them: full-width digits, other dashes,
blanks or nothing between the groups, marks that nobody sees inside. Whether a 주민등록번호 is one, is judged by its form alone: numbers
given out since October 2020 have no check digit.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

EMAIL: Final = "email"
MOBILE: Final = "mobile"
RESIDENT: Final = "resident-number"
ACCOUNT: Final = "account"
KINDS: Final = (RESIDENT, MOBILE, ACCOUNT, EMAIL)

# Marks without width that separate nothing; soft hyphen, joiners, byte order mark, Hangul fillers.
_UNSEEN: Final = "\u00ad\u200b\u200c\u200d\u2060\ufeff\u115f\u1160\u3164"
_U: Final = f"[{_UNSEEN}]*"
_DASHES: Final = "-‐‑‒–—―−﹘﹣－ㅡ~∼～·ㆍ․./"
_BLANKS: Final = " \u00a0\u2002-\u200a\u3000\t"
_D: Final = f"[0-9]{_U}"
# Between two groups: a dash with or without blanks, or a blank.
_BETWEEN: Final = rf"{_U}(?:[{_BLANKS}]?[-]{_U}[{_BLANKS}]?|[{_BLANKS}])?{_U}"
_NOT_BEFORE: Final = r"(?<![0-9])"
_NOT_AFTER: Final = r"(?![0-9])"

_RESIDENT: Final = re.compile(
    rf"{_NOT_BEFORE}(?P<born>(?:{_D}){{2}}(?:0{_U}[1-9]|1{_U}[0-2]){_U}(?:0{_U}[1-9]|[12]{_U}[0-9]|3{_U}[01])){_BETWEEN}"
    rf"(?P<hide>(?:{_D}){{6}}[0-9]){_NOT_AFTER}"
)
_MOBILE: Final = re.compile(
    rf"(?:{_NOT_BEFORE}0|(?<![0-9])8{_U}2{_U}[)]?{_BETWEEN}(?:[(]?0[)]?{_U})?)1{_U}[016789][)]?{_BETWEEN}"
    rf"(?P<hide>(?:{_D}){{3,4}}{_BETWEEN}(?:{_D}){{3}}[0-9]){_NOT_AFTER}"
)
_GROUPED: Final = re.compile(rf"{_NOT_BEFORE}[0-9](?:{_U}[-{_BLANKS}]?{_U}[0-9]){{9,15}}{_NOT_AFTER}")
_NEAR: Final = re.compile(
    "계좌|예금주|입금|은행|농협|수협|신협|우체국|새마을금고|뱅크|축협|산림조합|국고|환급", re.IGNORECASE
)
_NEAR_BEFORE: Final = 30
_NEAR_BEHIND: Final = 15
_TELEPHONE: Final = re.compile(r"0[0-9]{1,3}[-][0-9]{3,4}[-][0-9]{4}|1[0-9]{3}[-][0-9]{4}")
# Looked for around each @, so that a long text of letters is gone over once (a name has 64 characters at most, RFC 5321).
_LOCAL: Final = re.compile(rf"[A-Za-z0-9._%+'{_UNSEEN}-]*[A-Za-z0-9_%+]{_U}")
_HOST: Final = re.compile(rf"@{_U}(?:[A-Za-z0-9-]{{1,63}}{_U}[.]{_U}){{1,8}}[A-Za-z]{{2,}}")
_LONGEST_LOCAL: Final = 80
_LOCAL_CHAR: Final = re.compile(rf"[A-Za-z0-9._%+'{_UNSEEN}-]")
_PLAIN: Final = {
    **{0xFF10 + digit: str(digit) for digit in range(10)},
    **{0xFF21 + letter: chr(0x41 + letter) for letter in range(26)},
    **{0xFF41 + letter: chr(0x61 + letter) for letter in range(26)},
    **{ord(dash): "-" for dash in _DASHES if dash not in "./"},
    0xFF20: "@", 0xFE6B: "@", 0xFF0E: ".", 0xFF3F: "_", 0xFF08: "(", 0xFF09: ")",
}  # fmt: skip
_DOTTED: Final = {ord(sign): "-" for sign in "./"}
HIDDEN: Final = "*"


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: its kind, and which characters are to be hidden."""

    kind: str
    start: int
    end: int


def find(text: str) -> list[Hit]:
    """Find what must be hidden, in the order of the text; no two overlap."""
    # One character for one: places in it are places in the text.
    plain = text.translate(_PLAIN)
    numbers = plain.translate(_DOTTED)
    hits: list[Hit] = []
    for kind, pattern in ((RESIDENT, _RESIDENT), (MOBILE, _MOBILE)):
        hits += [Hit(kind, *match.span("hide")) for match in pattern.finditer(numbers)]
        numbers = pattern.sub(_blotted, numbers)
    hits += _accounts(numbers)
    hits += _addresses(plain)
    return _apart(hits)


def masked(text: str) -> tuple[str, Counter[str]]:
    """Hide what must be hidden; what it was, counted by kind."""
    hits = find(text)
    out: list[str] = []
    place = 0
    for hit in hits:
        out += (text[place : hit.start], _hidden(text[hit.start : hit.end]))
        place = hit.end
    return "".join((*out, text[place:])), Counter(hit.kind for hit in hits)


def _accounts(numbers: str) -> Iterator[Hit]:
    """Find account numbers: 10 to 16 digits near a word about money, or 11 to 14 in three or four groups anywhere."""
    for match in _GROUPED.finditer(numbers):
        digits = sum(char.isdigit() for char in match[0])
        groups = [group for group in re.split(rf"[-{_BLANKS}{_UNSEEN}]+", match[0]) if group]
        around = numbers[max(0, match.start() - _NEAR_BEFORE) : match.end() + _NEAR_BEHIND]
        telephone = _TELEPHONE.fullmatch(match[0]) is not None
        near = digits <= 16 and not telephone and _NEAR.search(around) is not None
        alone = 11 <= digits <= 14 and len(groups) in {3, 4} and "-" in match[0] and not telephone
        if near or alone:
            kept = len(groups[0]) if 2 <= len(groups[0]) <= 4 and len(groups) > 1 else 3
            start = _behind(match[0], kept) + match.start()
            yield Hit(ACCOUNT, start, match.end())


def _behind(text: str, digits: int) -> int:
    """Tell where the digits begin that stand behind so many."""
    seen = 0
    for place, char in enumerate(text):
        if seen == digits and char.isdigit():
            return place
        seen += char.isdigit()
    return len(text)


def _blotted(match: re.Match[str]) -> str:
    return "#" * len(match[0])


def _addresses(plain: str) -> Iterator[Hit]:
    for match in _HOST.finditer(plain):
        start = match.start()
        while start > max(0, match.start() - _LONGEST_LOCAL) and _LOCAL_CHAR.match(plain, start - 1):
            start -= 1
        if _LOCAL.fullmatch(plain, start, match.start()):
            yield Hit(EMAIL, start, match.start())


def _apart(hits: list[Hit]) -> list[Hit]:
    ordered: list[Hit] = []
    for hit in sorted(hits, key=lambda each: (each.start, -each.end)):
        # Of two that overlap the second hides what the first leaves: an address may begin with a number.
        start = max(hit.start, ordered[-1].end) if ordered else hit.start
        if hit.end > start:
            ordered.append(Hit(hit.kind, start, hit.end))
    return ordered


def _hidden(text: str) -> str:
    return "".join(HIDDEN if char.isalnum() or char == "_" else char for char in text)

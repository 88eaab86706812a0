"""Where a field of an unknown file may go: its heading -> place in the message, kind of cell. Guesses, to be judged by a person.

The words are those Korean and English headings of approval systems use; the first rule that fits and is still free is taken.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sample. name: as it stands there. width, offset: bytes, where the format has them.

    kind: what the format itself says of its values; empty when it does not. example: the first value met.
    heading: what it is called, where its name says more than that.
    """

    name: str
    kind: str = ""
    width: int = 0
    offset: int = -1
    example: str = ""
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Guess:
    """An entry of the mapping table. to: its place. guessed: what led there; empty: nothing did, and it is only kept."""

    column: Column
    to: str
    kind: str
    guessed: str = ""
    extra: dict[str, str] = field(default_factory=dict)


_RULES: Final = (
    (r"(문서|접수|요청|신청|관리|기안|일련)\s*_?(번호|ID|아이디)$|^(doc|req|seq|appr)\w*_?(no|num|id)$|^(번호|no|id|number)$", "document_id", "code"),
    (r"제\s*목|건\s*명|^(title|subject)$|_title$", "title", "text"),
    (r"(기관|소속기관)\s*_?코드|^(org|agency|inst)\w*_?(cd|code)$", "sender.agency.code", "code"),
    (r"(부서|처리과|과|조직)\s*_?코드|^(dept|dep)\w*_?(cd|code|id)$|^department$", "sender.department.code", "code"),
    (r"기관\s*명|^(org|agency)\w*_?(nm|name)$", "sender.agency.name", "text"),
    (r"부서\s*명?$|처리과\s*명?$|담당\s*부서|^(dept|dep)\w*_?(nm|name)$", "sender.department.name", "text"),
    (r"(기안자|담당자|작성자|신청자)\s*_?(ID|아이디|사번|번호|식별)|^(draft|writer|user|emp)\w*_?(id|no|cd)$|^사번$", "steps.draft.person.external_id", "code"),
    (r"(기안자|담당자|작성자|신청자)\s*_?(명|성명|이름)?$|^(draft|writer|user|emp)\w*_?(nm|name)$", "steps.draft.person.name", "text"),
    (r"(검토자|중간결재자)\s*_?(ID|아이디|사번|번호|식별)|^review\w*_?(id|no|cd)$", "steps.review.person.external_id", "code"),
    (r"(검토자|중간결재자)\s*_?(명|성명|이름)?$|^review\w*_?(nm|name)$", "steps.review.person.name", "text"),
    (r"(결재자|승인자|결재권자)\s*_?(ID|아이디|사번|번호|식별)|^(appr|sign|decid)\w*_?(id|cd)$", "steps.decide.person.external_id", "code"),
    (r"(결재자|승인자|결재권자)\s*_?(명|성명|이름)?$|^(appr|sign|decid)\w*_?(nm|name)$", "steps.decide.person.name", "text"),
    (r"(내용|본문|요지|사유)$|^(content|body|text)s?$", "body", "text"),
)  # fmt: skip
_AMOUNT: Final = re.compile(
    r"금액|예산|단가|(사업|공사|용역|연구)비$|(사용|수수|임차)료$|amount|_amt$|cost|price", re.IGNORECASE
)
_DIGITS: Final = re.compile(r"[0-9]{1,3}(,[0-9]{3})+|[0-9]{1,18}")
_KEY: Final = re.compile(r"[^0-9A-Za-z가-힣_]+")


def guess(name: str, columns: Sequence[Column]) -> list[Guess]:
    """Guess all columns of a sample; no two go to one place. `name`: of the adapter, under which the rest is kept."""
    taken: set[str] = set()
    out = [_one(name, column, taken) for column in columns]
    if "document_id" not in taken and out:
        # Something has to tell the records apart; the first column is what people look at.
        first = next((at for at, each in enumerate(out) if not each.column.kind), 0)
        out[first] = Guess(out[first].column, "document_id", "code", "the first column")
    if "title" not in taken:
        spare = [at for at, each in enumerate(out) if not each.guessed and each.kind == "text"]
        if spare:
            longest = max(spare, key=lambda at: (len(out[at].column.example), out[at].column.width))
            out[longest] = Guess(out[longest].column, "title", "text", "the longest text")
    return out


def _one(name: str, column: Column, taken: set[str]) -> Guess:
    # What the format itself holds as a number or a day goes where those may stand.
    for pattern, to, kind in () if column.kind else _RULES:
        if to not in taken and re.search(pattern, (column.heading or column.name).strip(), re.IGNORECASE):
            taken.add(to)
            extra = {"as": "paragraphs"} if to == "body" else {}
            return Guess(column, to, kind, f"the heading {column.name}", extra)
    kept = f"extensions.{name}.{_KEY.sub('_', column.name).strip('_') or 'field'}"
    while kept in taken:
        kept += "_"
    taken.add(kept)
    if column.kind:
        return Guess(column, kept, column.kind)
    if _AMOUNT.search(column.name) and _DIGITS.fullmatch(column.example or "0"):
        return Guess(column, kept, "amount", f"the heading {column.name}")
    return Guess(column, kept, "text")

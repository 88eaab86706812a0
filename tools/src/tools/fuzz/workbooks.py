"""Spreadsheets to fuzz: books of both kinds, and what must hold of one that is read: written again, it means the same."""

import base64
import datetime as dt
import zlib
from collections.abc import Iterable, Sequence
from typing import Final

from adapters.contract import Item
from adapters.formats.findings import Finding, rejected
from adapters.formats.rows import DETAIL, Values
from adapters.formats.spreadsheet import Column, Layout, SpreadsheetRows
from tools.fuzz.judge import FaultError, judge_reader

_COLUMNS: Final = (
    Column("번호", kind="code", width=4),
    Column("제목"),
    Column("금액", required=False, kind="number"),
    Column("일자", required=False, kind="day", written=frozenset({8})),
)
_CODEC: Final = SpreadsheetRows({DETAIL: Layout(_COLUMNS)}, footer="합계")


def judge_book(item: Item, number: int) -> str:
    """Read the rows; every fourth book is written again. Raises FaultError."""

    def read(data: bytes) -> Iterable[Finding]:
        findings: list[Finding] = []
        rows = list(_CODEC.read({"x": data}, findings))
        if number % 4 == 0:
            _and_back([row.values for row in rows])
        return [*findings, *(finding for row in rows for finding in row.findings)]

    return judge_reader(read, item)


def _and_back(rows: Sequence[Values]) -> None:
    settled = [_CODEC.settle(values, DETAIL) for values in rows]
    kept: list[tuple[str, Values]] = [(DETAIL, values) for values, findings in settled if not rejected(findings)]
    if not kept:
        return
    again = list(_CODEC.read(_CODEC.write(kept, "x"), []))
    if [dict(row.values) for row in again] != [dict(values) for _, values in kept]:
        raise FaultError("what was written means something else")


def books() -> Sequence[Item]:
    """Give a new book, written here, and an old one that was kept: nothing that is looked after writes those."""
    day = dt.date(2026, 5, 6)
    rows: list[tuple[str, Values]] = [
        (DETAIL, {"번호": f"{number:04d}", "제목": "똠방각하" * number, "금액": number * 1000 - 1, "일자": day})
        for number in range(1, 6)
    ]
    [made] = _CODEC.write(rows, "x").values()
    return [Item("x.xlsx", {"x.xlsx": made}), Item("x.xls", {"x.xls": zlib.decompress(base64.b85decode(_OLD))})]


# BIFF8: a title in merged cells, days, amounts, a formula, a closing row, a hidden sheet.
_OLD: Final = (
    "c-rk)T}V_x6#nM^>|SNn)l|?z7C}o>P<ru2x1#bXu^vjINNt70)L42kqAXkJB@luj=|!*yL9AZP)WV?9hoC<!2m&p7>M1DbLA{+hcW&<L1}>"
    "Cg+;5pPGiT<UIrp41b7$|%7uoZJ_X`)W3U$!2Y^T8&#}ic2+)fZQZrify))p1p!=^%-MS=90n9O+Ymob#_UVw&s#uK8zM=Hm077g89ZJ`asU"
    "bdk{NE>Q}LAj^lHkC{iuw6M!PchxX^e)exV!E3-*O}JR+<9>fFTxGwH7bvrv|=91Br5QLW!^KV8hMzNd3>o~ICD+xiMF?#*<=GnMgT*gkk+?"
    "#wMAt=3wMwX^bjgLJ1ZlRdE`>Khw$AF0pHwxJstA+8_O3U{*Oey|2KS#g1DN0Lo<M0*v&#Fa|{6-G31CQh9^#p$LPo|@ypB*IK7BwnFD-M)8"
    "uWl!xL0po2q$Bl{MP(jH(MW{WBzARaI4OL4?N2ro>3ooLdLhvfP?v+vlE+Nd3;K5==N%GI*~Ah(?gb?QGt0L9%9X`0ML~t&QQ6%;{zOocB$M"
    "d^p&+EG0-dlSf!7<VZP7>|}a{wQl8hA=6yi4pf&m=BdVkKAv-xM@wm)U5q#3?Q!iL)Q){QG+q?@6fUFoX#K+Z+|hU8K@^iSBkW3nK2(SbF>p"
    ")bVc4yOI+;E&Em(6(Sz1upZmXAS7M3_BAb&_aCLe*lBY!$eh$Iq%B_wrvLdiQlO?lVp>8#0FT}z@%V_k-t@5IKW-Xne*sq1E`JacniY04r!i"
    "55LUi_ThnN{h}~CI|8pw8*)7oE9HN&tNS&vurhFVjr0}eNjuNVX3G{J&eh&N;Jb{1%5Td$Em(D!_+L|33lCQ<wmd>by^O_q$lY0v4V|AXYq?"
    "})^v`KfsB%q&eBipRV4GO2M-=Rc<|uiA3^Z-2<kouzC8KV4O@QKS)#J+eJ1&DaTwk7J4b&h_oIvID0))LpM03Y)g{&`<9;ucI7+KW(ScUBqa"
    ")?~rR%APf1Y&<2LId^N_G9^RP6lA>;D8sAuP-"
)

"""Makes batches of the budget system as large and as bad as wanted, for the demonstration and the benchmark.

numbers and a seed -> records by the adapter's own layout, between people, tasks and receivers of the seeded government
-> damage of the kinds met in the field -> bytes. The same arguments always give the same bytes.
"""

import datetime as dt
import random
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Final

from adapters import catalogue
from adapters.agencies.mpb_budget.adapter import BudgetAdapter
from adapters.formats.fixedwidth import Layout, Row, Value, encode
from directory.seed import seed as seeded

LENGTH: Final = 400
_WORK: Final = (
    "전자정부 통합전산센터 운영",
    "국도 확장 공사",
    "해양 경비함정 건조",
    "국제 과학기술 협력",
    "지방재정 조정",
    "재난 안전망 구축",
)
_WHAT: Final = ("세출예산 요구", "예산 전용 승인 요청", "수시배정 요청", "이월 승인 요청", "예비비 사용 승인 요청")
_TEXT: Final = "연차별 투자계획에 따라 다음과 같이 요청함. 산출내역은 따로 보냄"
_OPEN: Final = ("1NNNNNNNN", "3NNNNYNNN", "2NNNNNYNN")
_REASONS: Final = {"1": None, "2": "개인정보 포함", "3": "의사결정 과정에 있는 사항"}


def _put(record: bytearray, field: str, data: bytes) -> None:
    """Write bytes over a field's beginning, whatever they break."""
    place = next(each for each in _layout().kind("detail").fields if each.name == field)
    record[place.offset : place.offset + min(len(data), place.width)] = data[: place.width]


def _half(record: bytearray, field: str) -> None:
    """Fill a field to its last byte with letters of two bytes, the last one cut in half."""
    place = next(each for each in _layout().kind("detail").fields if each.name == field)
    _put(record, field, (b"A" + "예산".encode("cp949") * place.width)[: place.width - place.width % 2])


def _nul(record: bytearray) -> None:
    place = next(each for each in _layout().kind("detail").fields if each.name == "text")
    filled = bytes(record[place.offset : place.end]).rstrip(b" ")
    record[place.offset : place.end] = filled.ljust(place.width, b"\0")


DAMAGE: Final[Mapping[str, Callable[[bytearray], None]]] = {
    # refused
    "short": lambda record: record.__delitem__(slice(LENGTH - 37, LENGTH)),
    "code": lambda record: _put(record, "agency_code", "기획".encode("cp949")),
    "amount": lambda record: _put(record, "amount", b"12,500 thousand"),
    "date": lambda record: _put(record, "requested_on", b"20261345"),
    "disclosure": lambda record: _put(record, "disclosure", b"9YYYYYYYY"),
    "cut-reason": lambda record: _half(record, "disclosure_reason"),
    # read all the same, with what was wrong reported
    "cut-title": lambda record: _half(record, "title"),
    "nul": _nul,
    "triangle": lambda record: _put(record, "amount", "△".encode("cp949") + b"0000000125000"),
    "no-line-end": lambda _: None,
}
REFUSED: Final = frozenset({"short", "code", "amount", "date", "disclosure", "cut-reason"})


def make_batch(records: int, bad: Mapping[str, int] | None = None, seed: int = 1, *, uniform: bool = False) -> bytes:
    """Make one batch.

    Args:
        records: detail records.
        bad: how many of them are damaged, by a name of `DAMAGE`; `totals`: the trailer promises what is not there.
        seed: decides contents and places of damage.
        uniform: every record goes out to a receiver and is decided by the director general, as the benchmark counts.

    Raises:
        ValueError: an unknown kind of damage, or more damage than records.

    """
    wanted = dict(bad or {})
    totals_off = wanted.pop("totals", 0)
    if unknown := set(wanted) - set(DAMAGE):
        raise ValueError(f"unknown damage: {', '.join(sorted(unknown))}; known: {', '.join(DAMAGE)}, totals")
    if sum(wanted.values()) > records:
        raise ValueError("more damage than records")
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
    rows = [Row(_values(number, chance, seed, uniform=uniform), "detail") for number in range(1, records + 1)]
    total = sum(amount for row in rows if isinstance(amount := row.values["amount"], int))
    trailer: dict[str, Value] = {"count": str(records + bool(totals_off)), "total": total + bool(totals_off)}
    data = encode([Row(_header(seed), "header"), *rows, Row(trailer, "trailer")], _layout())
    return _damaged(data, records, wanted, chance) if wanted else data


def _damaged(data: bytes, records: int, wanted: Mapping[str, int], chance: random.Random) -> bytes:
    places = chance.sample(range(records), sum(wanted.values()))
    kinds = [kind for kind, count in wanted.items() for _ in range(count)]
    lines = data[:-1].split(b"\r\n")
    ends = [b"\r\n"] * (len(lines) - 1) + [b""]
    for place, kind in zip(places, kinds, strict=True):
        record = bytearray(lines[place + 1])
        DAMAGE[kind](record)
        lines[place + 1] = bytes(record)
        if kind == "no-line-end":
            ends[place + 1] = b""
    return b"".join(line + end for line, end in zip(lines, ends, strict=True)) + b"\x1a"


def _header(seed: int) -> dict[str, Value]:
    return {
        "batch_id": f"B20261123-{seed:04d}",
        "system": "mpb-budget",
        "agency_code": "Z090000",
        "created": dt.datetime(2026, 11, 23, 2, 0),  # noqa: DTZ001 - local by the file's meaning
        "notification": "F",
    }


def _values(number: int, chance: random.Random, seed: int, *, uniform: bool) -> dict[str, Value]:
    disclosure = chance.choice(_OPEN)
    head = chance.random() < 0.1 and not uniform
    return {
        "request_no": f"R{seed % 10_000:04d}-{number:07d}",
        "agency_code": "Z090000",
        "department_code": "Z090101",
        "drafter_id": "MPB00101",
        "reviewer_id": "MPB00102",
        "approver_id": "MPB00104" if head else "MPB00103",
        "decision": "0" if head else "1",
        "title": f"2027년도 {chance.choice(_WORK)} {chance.choice(_WHAT)}",
        "amount": chance.randrange(-5_000, 900_000) * 1_000,
        "fiscal_year": "2027",
        "programme_code": f"P{chance.randrange(1000, 9999)}-{chance.randrange(10, 99)}",
        "task_code": chance.choice(("ZB010101", "ZB010102")),
        "recipient_code": None if chance.random() < 0.1 and not uniform else chance.choice(_receivers()),
        "disclosure": disclosure,
        "disclosure_reason": _REASONS[disclosure[0]],
        "requested_on": dt.date(2026, 11, 20) - dt.timedelta(days=chance.randrange(30)),
        "text": _TEXT,
    }


@cache
def _receivers() -> Sequence[str]:
    """Agencies of the seeded government other than the one that asks."""
    return tuple(unit.code for unit in seeded().units if unit.parent_code == "0000000" and unit.code != "Z090000")


@cache
def _layout() -> Layout:
    adapter = catalogue.load("mpb_budget")
    if not isinstance(adapter, BudgetAdapter):
        raise TypeError(type(adapter).__name__)
    return adapter.layout

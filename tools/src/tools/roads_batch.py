"""Makes batches of the road works host as large and as bad as wanted: `python -m tools.roads_batch` writes the samples anew.

numbers and a seed -> records by the adapter's own copybook -> damage of the kinds met on hosts -> bytes with descriptor
words. The same arguments always give the same bytes.
"""

import random
import sys
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

from adapters import catalogue
from adapters.agencies.moct_roads.adapter import RoadsAdapter
from adapters.formats.copybook import HOST, HostFile, join

_ROADS: Final = (
    "국도 1호선 수원-오산",
    "국도 17호선 전주-남원",
    "국도 42호선 이천-여주",
    "국도 7호선 울진-삼척",
    "국도 21호선",
)
_WHAT: Final = (
    "확장공사 실시설계 승인 요청",
    "우회도로 신설 승인 요청",
    "교량 보수공사 시행 승인 요청",
    "터널 시설개량 승인 요청",
)
_TEXT: Final = "총사업비 범위 안에서 다음과 같이 시행하고자 함. 용지보상은 관계 기관과 협의를 마침(2006. 4. 3.)"
_SITES: Final = ("경기도 화성시 정남면", "전라북도 임실군 관촌면", "강원도 삼척시 원덕읍", "충청남도 천안시 목천읍")
# The people of the seeded ministry under the host's own numbers.
_PEOPLE: Final = {
    "D": ("RD000101", "김태환", "행정사무관"),
    "R": ("RD000102", "이보람", "과장"),
    "C": ("RD000201", "서지우", "시설사무관"),
    "B": ("RD000103", "박진수", "국장"),
    "A": ("RD000104", "윤석호", "장관"),
}


@cache
def file() -> HostFile:
    """Give the host's file layout."""
    adapter = catalogue.load("moct_roads")
    if not isinstance(adapter, RoadsAdapter):
        raise TypeError(type(adapter).__name__)
    return adapter.file


def signer(letter: str, signed: int = 0) -> dict[str, Any]:
    """Make an entry of the line; with a time it has signed."""
    number, name, post = _PEOPLE[letter]
    return {"SIGNER-ROLE": letter, "SIGNER-ID": number, "SIGNER-NAME": name, "SIGNER-POST": post, "SIGNED-AT": signed}


def request(number: int, chance: random.Random, **change: Any) -> dict[str, Any]:
    """Make the values of one request."""
    made = 20060500000000 + chance.randrange(1, 29) * 1000000 + chance.randrange(9, 18) * 10000 + 1500
    letters = chance.choice(("DRB", "DRCB", "DB", "DRCA"))
    disclosure = chance.choice(("1NNNNNNNN", "3NNNNYNNN", "2NNNNNYNN"))
    return {
        "REC-TYPE": "20",
        "REQUEST-NO": f"RW06-{number:07d}",
        "AGENCY-CODE": "Z150000",
        "DEPT-CODE": "Z150101",
        "TASK-CODE": "ZC010101",
        "TITLE": f"{chance.choice(_ROADS)} {chance.choice(_WHAT)}",
        "WORKS-KIND": f"0{chance.randrange(1, 7)}",
        "SITE": chance.choice(_SITES).replace(" ", "\u3000"),
        "ROAD-LENGTH": Decimal(chance.randrange(200, 45000)).scaleb(-3),
        "WORKS-COST": chance.randrange(1_000, 90_000_000) * 1_000,
        "COMPENSATION": chance.randrange(-500, 9_000_000) * 1_000,
        "RECIPIENT-CODE": chance.choice(("6280000", "Z090000", "")),
        "DISCLOSURE": disclosure,
        "DISCLOSURE-REASON": {"1": "", "2": "개인정보 포함", "3": "의사결정 과정에 있는 사항"}[disclosure[0]],
        "RETENTION": chance.choice(("10", "30", "97")),
        "CONTENT": _TEXT,
        "SIGNER": [signer(letter, made if letter == "D" else 0) for letter in letters],
        **change,
    }


def header(batch: int = 1, flag: str = "F") -> dict[str, Any]:
    """Make the values of a header."""
    return {
        "REC-TYPE": "10", "BATCH-NO": batch, "SYSTEM-ID": "moct-roads", "AGENCY-CODE": "Z150000",
        "MADE-AT": 20060506023000, "NOTIFY-FLAG": flag,
    }  # fmt: skip


def trailer(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Make the values of a trailer that matches."""
    return {"REC-TYPE": "90", "REQUEST-COUNT": len(rows), "COST-TOTAL": sum(row["WORKS-COST"] for row in rows)}


def make_batch(records: int, seed: int = 1) -> bytes:
    """Make one clean batch of so many requests."""
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
    rows = [request(number, chance) for number in range(1, records + 1)]
    return whole(header(seed), rows, trailer(rows))


def whole(head: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], tail: Mapping[str, Any]) -> bytes:
    """Put a file of requests together."""
    return file().write(
        [("HEADER-REC", dict(head)), *(("REQUEST-REC", dict(row)) for row in rows), ("TRAILER-REC", dict(tail))]
    )


def _put(record: bytearray, field: str, data: bytes) -> None:
    node = file().kinds["REQUEST-REC"].node.find(field)
    record[node.offset : node.offset + min(len(data), node.size)] = data[: node.size]


def _korean(text: str) -> bytes:
    return file().kinds["REQUEST-REC"].rules.page.write(text)[0]


def _half(record: bytearray, field: str, *, closed: bool) -> None:
    """Fill a field to its last byte with two-byte letters, the last one cut in half; `closed`: SI stands behind the half."""
    size = file().kinds["REQUEST-REC"].node.find(field).size
    half = b"\xd1" + (b"\x0f" if closed else b"")
    room = (size - 1 - len(half)) // 2
    lead = b"\xc1" * (size - 1 - len(half) - 2 * room)
    _put(record, field, lead + _korean("도로" * size)[: 1 + 2 * room] + half)


DAMAGE: Final[Mapping[str, Callable[[bytearray], None]]] = {
    # refused
    "packed": lambda record: _put(record, "WORKS-COST", b"\x40" * 7),
    "packed-digit": lambda record: _put(record, "COMPENSATION", bytes.fromhex("00000012A4000C")),
    "code": lambda record: _put(record, "WORKS-KIND", b"\xf9\xf9"),
    "agency": lambda record: _put(record, "AGENCY-CODE", _korean("건설")),
    "signers": lambda record: _put(record, "SIGNER-COUNT", b"\x00\x63"),
    "date": lambda record: _put(record, "SIGNED-AT", _korean("20061345000000")),
    "cut-reason": lambda record: _half(record, "DISCLOSURE-REASON", closed=True),
    "letter": lambda record: _put(record, "SITE", b"\x41\x00"),
    "short": lambda record: record.__delitem__(slice(300, len(record))),
    "segment": lambda record: _put(record, "REC-TYPE", b"\xf4\xf2"),
    # read all the same, with what was wrong reported
    "cut-title": lambda record: _half(record, "TITLE", closed=False),
    "no-shift-in": lambda record: _put(record, "CONTENT", _korean("보상 협의")[:-1] + b"\x40" * 191),
    "sign": lambda record: _put(record, "WORKS-COST", bytes.fromhex("0000012500000F")),
    "nul": lambda record: _put(record, "TASK-CODE", b"\0" * 8),
}


def damaged(seed: int = 3) -> bytes:
    """Make a batch with a record of each kind of damage, good ones between, a broken descriptor word and wrong totals."""
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
    codec = file().kinds["REQUEST-REC"]
    rows = [request(number, chance) for number in range(1, len(DAMAGE) + 4)]
    records = [bytearray(codec.write(row)) for row in rows]
    for record, damage in zip(records[1:], DAMAGE.values(), strict=False):
        damage(record)
    head = file().kinds["HEADER-REC"].write(header(seed))
    tail = file().kinds["TRAILER-REC"].write(trailer(rows))
    data = bytearray(join([head, *(bytes(record) for record in records[:-1])], HOST))
    at = len(data)
    data += join([bytes(records[-1]), *(bytes(record) for record in records[:1]), tail], HOST)
    data[at : at + 2] = b"\xff\xff"
    return bytes(data)


def boundary() -> bytes:
    """Make a batch whose fields are full, empty, longest, largest."""
    chance = random.Random(5)  # noqa: S311 - repeatable on purpose
    nine = [signer("D", 19491001000000), *(signer("R") for _ in range(7)), signer("A")]
    rows = [
        request(1, chance, TITLE="도" * 39, CONTENT="가" * 99, SITE="강" * 20, SIGNER=nine),
        request(
            2, chance, TITLE="A" * 80, CONTENT="가A" * 40, **{"WORKS-COST": 10**13 - 1, "COMPENSATION": -(10**13) + 1}
        ),
        request(3, chance, TITLE="제", CONTENT="", SITE="", **{"TASK-CODE": "", "RECIPIENT-CODE": "", "WORKS-COST": 0}),
        request(4, chance, TITLE="사용자 정의 글자 \ue000\ue757", SITE="國道", **{"ROAD-LENGTH": Decimal("99999.999")}),
        request(5, chance, SIGNER=[signer("D", 20991231235959), signer("B", 20991231235959)]),
    ]
    rows[2]["COMPENSATION"] = 0
    return whole(header(999_999_999, "A"), rows, trailer(rows))


def answers() -> bytes:
    """Make a file with one answer."""
    steps = [
        {**signer("D", 20060506093000), "OUTCOME": "S", "OPINION": ""},
        {**signer("R", 20060507101500), "OUTCOME": "A", "OPINION": "보상비 산출 근거를 붙일 것"},
        {**signer("B", 20060508140000), "OUTCOME": "R", "OPINION": "노선 재검토 후 다시 올릴 것"},
    ]
    values = {
        "REC-TYPE": "30", "REQUEST-NO": "RW06-0000001", "STATUS": "2", "REPORTED-AT": 20060508140005, "REG-DEPT-CODE": "",
        "REG-YEAR": 0, "REG-SERIAL": 0, "REG-DATE": 0, "REG-TEXT": "", "TITLE": "국도 1호선 확장공사 승인 요청",
        "SIGNER": [{key: value for key, value in step.items() if key != "SIGNER-POST"} for step in steps],
    }  # fmt: skip
    head = header(0) | {"MADE-AT": 20060508140005}
    return file().write([("HEADER-REC", head), ("RESULT-REC", values), ("TRAILER-REC", trailer([]))])


def main() -> int:
    """Write the adapter's samples."""
    samples = Path(str(catalogue.folder("moct_roads"))) / "samples"
    for case, name, data in (
        ("plain", "MOCTRW06-0000001.ebc", make_batch(4)),
        ("boundary", "MOCTRW06-0000001.ebc", boundary()),
        ("field_damage", "MOCTRW06-0000001.ebc", damaged()),
        ("answer", "MOCTRRW06-00000012.ebc", answers()),
    ):
        target = samples / case / "in" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        print(target.relative_to(samples), len(data))
    return 0


if __name__ == "__main__":
    sys.exit(main())

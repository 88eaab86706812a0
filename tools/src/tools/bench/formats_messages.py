"""Records per second to canonical messages, validated, format by format: one table of fifteen fields, one processor.

The same generated records in fixed-width text, delimited text and host records, with and without Korean; beside each the
ceiling: the same messages made of their finished values (`construct`) and of their finished bytes (`parse`), with nothing
read, judged or said. A rival is measured in the same run: pydifact, cutting messages of as many values into segments.
"""

import io
import random
import subprocess
import time
from collections.abc import Callable, Mapping
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import python_calamine
from google.protobuf.message import Message

from adapters import catalogue
from adapters import manifest as manifests
from adapters.canonical.hosts import host
from adapters.canonical.layouts import fixed
from adapters.canonical.spreadsheet import spreadsheet
from adapters.canonical.tabular import TabularAdapter
from adapters.canonical.tabular.layouts import delimited
from adapters.contract import Item
from adapters.formats.rows import DETAIL, Codec, Values
from adapters.items import read
from adapters.manifest import Manifest
from tools.bench.figure import note, say
from tools.budget_batch import make_batch
from tools.roads_batch import make_batch as make_host_batch

RECORDS: Final = 20_000
_ROUNDS: Final = 3
_COPYBOOK: Final = """
       01 PAYMENT.
          05 PAY-NO PIC X(12).
          05 AGENCY PIC X(7).
          05 DEPT PIC X(7).
          05 PAYEE PIC X(40).
          05 BANK PIC X(30).
          05 ACCOUNT PIC X(20).
          05 CLERK PIC X(12).
          05 YEAR PIC X(4).
          05 GROSS PIC S9(13) COMP-3.
          05 TAX PIC S9(13) COMP-3.
          05 NET PIC S9(13) COMP-3.
          05 TASK PIC X(8).
          05 RECEIVER PIC X(7).
          05 TITLE PIC X(70).
          05 REMARK PIC X(64).
"""
_LAYOUTS: Final[Mapping[str, str]] = {
    "fixed": '[layout]\nrecord_length = 300\nline_end = "lf"\nmarks = { mapping = "P" }\nmarker_offset = 0\nmarker_width = 1\n',
    "delimited": '[layout]\ndelimiter = ","\n',
    "host": '[layout]\npage = "IBM-933"\n',
    "spreadsheet": "",
}
_EDIFACT: Final = """
import sys, time, warnings
from pydifact.parser import Parser
warnings.simplefilter("ignore")
text = open(sys.argv[1], encoding="ascii").read()
begun = time.process_time()
count = sum(segment.tag == "UNH" for segment in Parser().parse(text))
sys.__stdout__.write(f"\\n{count} {time.process_time() - begun}\\n")
"""
_TIMEOUT: Final = 900


def measure(records: int) -> None:
    """Measure each format; a figure a line."""
    rows = [_row(number, random.Random(number)) for number in range(1, records + 1)]  # noqa: S311  # repeatable on purpose
    for name, codec_of in _CODECS.items():
        described = _manifest(name)
        codec = codec_of(described)
        data = next(iter(codec.write([(DETAIL, row) for row in rows], "b").values()))
        _say(name, TabularAdapter(described, codec), data, fields=15)
        if name == "spreadsheet":
            say(
                "formats_messages_per_s",
                records / _best(partial(_parsed, data)),
                "1/s",
                format="calamine alone",
                fields=15,
            )
    _say("budget batch", catalogue.load("mpb_budget"), make_batch(records), fields=17)
    _say("Korean host, with signers", catalogue.load("moct_roads"), make_host_batch(records), fields=31)
    for style, case in (("document", "C3"), ("encoded", "C4")):
        _say_calls(f"SOAP, {style}", case, records // 10)


def edifact(folder: str, python: str, records: int) -> float:
    """Messages a second of pydifact, cut into segments; 0 where it is not installed or fails."""
    path = f"{folder}/payments.edi"
    with open(path, "w", encoding="ascii") as out:  # noqa: PTH123  # a path as text goes on to the rival
        out.write("UNA:+.? '" + "".join(map(_message, range(1, records + 1))))
    done = subprocess.run([python, "-c", _EDIFACT, path], capture_output=True, text=True, check=False, timeout=_TIMEOUT)
    answer = done.stdout.split()[-2:] if done.returncode == 0 else []
    if len(answer) < 2 or int(answer[0]) != records:
        note(f"pydifact gave nothing there: {(done.stderr or done.stdout)[-200:]}")
        return 0.0
    return records / float(answer[1])


def _message(number: int) -> str:
    row = {key: str(value) for key, value in _row(number, random.Random(number)).items()}  # noqa: S311  # as above
    return (
        f"UNH+{number}+PAYMUL:D:96A:UN'BGM+452+{row['PAY-NO']}'NAD+MS+{row['AGENCY']}:{row['DEPT']}'NAD+PE+{row['CLERK']}'"
        f"FII+BF+{row['ACCOUNT']}+BANK'RFF+AAA:{row['TASK']}'DTM+137:{row['YEAR']}:602'MOA+9:{row['GROSS']}'"
        f"MOA+124:{row['TAX']}'MOA+125:{row['NET']}'NAD+MR+{row['RECEIVER']}'FTX+AAI+++PAYEE {number}:TITLE:REMARK'UNT+12+{number}'"
    )


def _manifest(name: str) -> Manifest:
    text = files("tools.bench").joinpath("payments.toml").read_text("utf-8")
    head, mark, tables = text.partition("[constants]")
    if name != "fixed":
        tables = "".join(line for line in tables.splitlines(keepends=True) if not line.startswith(("offset", "width")))
    return manifests.read(f"{head}{_LAYOUTS[name]}{mark}{tables}", "payments")


def _row(number: int, chance: random.Random) -> Values:
    gross, tax = chance.randrange(10**9), chance.randrange(10**8)
    return {
        "PAY-NO": f"P{number:011d}", "AGENCY": "Z150000", "DEPT": chance.choice(("Z150101", "Z150102")),
        "PAYEE": f"{chance.choice(_NAMES)}건설 주식회사", "BANK": chance.choice(("한국산업은행", "농업협동조합중앙회")),
        "ACCOUNT": str(chance.randrange(10**12, 10**13)), "CLERK": f"RD{chance.randrange(40):06d}", "YEAR": "2006",
        "GROSS": gross, "TAX": -tax, "NET": gross - tax, "TASK": "ZC010101", "RECEIVER": chance.choice(("6280000", "Z090000")),
        "TITLE": f"국도 {chance.randrange(1, 90)}호선 공사 기성금 지급 요청", "REMARK": "계좌 이체, 준공 검사 완료",
    }  # fmt: skip


_NAMES: Final = ("한빛", "새롬", "두리", "가람", "누리", "대한", "동아", "삼광")
_CODECS: Final[Mapping[str, Callable[[Manifest], Codec]]] = {
    "fixed": fixed,
    "delimited": delimited,
    "host": lambda manifest: host(manifest, _COPYBOOK),
    "spreadsheet": spreadsheet,
}


def _parsed(data: bytes) -> object:
    """Read a book with the parser alone: the ceiling of what is made of it."""
    with python_calamine.load_workbook(io.BytesIO(data)) as book:
        return book.get_sheet_by_index(0).to_python()


def _say(name: str, adapter: Any, data: bytes, *, fields: int) -> None:
    item = Item("b", {"b": data})
    decoded = adapter.decode(item)
    messages = [record.message for record in decoded.records]
    if None in messages:
        raise ValueError(name)
    count = len(messages)
    rate = count / _best(lambda: adapter.decode(item))
    made, plain = (
        [message.SerializeToString() for message in messages],
        [_values(message) for message in messages[:5000]],
    )
    form = type(messages[0])
    parse = count / _best(lambda: [form.FromString(each) for each in made])
    construct = len(plain) / _best(lambda: [form(**each) for each in plain])
    ceilings = {"parse": round(parse), "construct": round(construct)}
    say(
        "formats_messages_per_s", rate, "1/s", format=name, fields=fields, bytes=len(data) // count, records=count,
        message_bytes=sum(map(len, made)) // count, ceilings=ceilings,
    )  # fmt: skip


def _say_calls(name: str, case: str, count: int) -> None:
    """Measure calls, each a message of its own: what a worker does for one request, from bytes to the canonical message."""
    adapter = catalogue.load("most_projects")
    folder = Path(str(catalogue.folder("most_projects"))) / "samples" / "generations" / "in" / case
    parts = read(folder).parts
    mark = b"2026-NR-000" + case[1:].encode()
    items = [
        Item(f"{number}", {part: data.replace(mark, b"%012d" % number) for part, data in parts.items()})
        for number in range(count)
    ]
    if any(record.message is None for item in items[:5] for record in adapter.decode(item).records):
        raise ValueError(name)
    rate = count / _best(lambda: [adapter.decode(item) for item in items])
    say("formats_messages_per_s", rate, "1/s", format=name, fields=45, bytes=items[0].size, records=count)


def _best(work: Callable[[], Any]) -> float:
    taken = []
    for _ in range(_ROUNDS):
        begun = time.process_time()
        kept = work()
        taken.append(time.process_time() - begun)
        del kept
    return min(taken)


def _values(message: Message) -> dict[str, Any]:
    """Give a message as the arguments that make it."""
    out: dict[str, Any] = {}
    for field, value in message.ListFields():
        form = field.message_type
        if form is None:
            out[field.name] = list(value) if field.is_repeated else value
        elif form.GetOptions().map_entry:
            out[field.name] = dict(value)
        else:
            out[field.name] = [_values(each) for each in value] if field.is_repeated else _values(value)
    return out

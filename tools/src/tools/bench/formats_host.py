"""Host records per second: ours and a rival on the same generated file, in one run, on one processor.

The file: records of 300 bytes, fifteen fields, text, zoned, binary and packed decimals, IBM-037, no Korean, as the rival reads
no mixed page. How fast records become canonical messages is measured by `formats_messages`, in the same run.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from adapters.formats.copybook import Codec, Framing, HostFile, Rules, join, parse
from adapters.formats.ebcdic import page
from tools.bench import formats_messages
from tools.bench.figure import machine, note, say
from tools.roads_batch import file, make_batch

RECORDS: Final = 50_000
KOREAN: Final = 10_000
_SIZE: Final = 300
COPYBOOK: Final = """
 01 PAYMENT.
   05 PAY-NO PIC X(12).        05 AGENCY PIC X(7).          05 DEPT PIC X(7).
   05 PAYEE PIC X(40).         05 BANK PIC X(30).           05 ACCOUNT PIC X(20).
   05 PAID-ON PIC 9(8).        05 YEAR PIC 9(4).            05 GROSS PIC S9(11)V99 COMP-3.
   05 TAX PIC S9(11)V99 COMP-3. 05 NET PIC S9(11)V99 COMP-3. 05 ITEMS PIC S9(4) COMP.
   05 SERIAL PIC S9(9) COMP.   05 TITLE PIC X(60).          05 REMARK PIC X(85).
"""
_TYPES: Final = {"text": "string", "zoned": "zonedDecimal", "packed": "packedDecimal", "binary": "integer"}
_RIVAL: Final = """
import sys, time
from ebcdic_parser.convert import run
begun = time.process_time()
status = run(sys.argv[1], sys.argv[2], sys.argv[3], logfolder=sys.argv[2], verbose=False)
sys.__stdout__.write(f"\\n{status} {time.process_time() - begun}\\n")
"""
_TIMEOUT: Final = 900


def payments() -> HostFile:
    """Give the layout of the generated file."""
    record = parse(COPYBOOK, "free")[0]
    return HostFile({"PAYMENT": Codec(record, Rules(page("cp037")))}, Framing(length=_SIZE))


def generated(layout: HostFile, records: int) -> bytes:
    """Make the file; the same number always gives the same bytes."""
    chance = random.Random(7)  # noqa: S311 - repeatable on purpose
    codec = layout.kinds["PAYMENT"]
    return join((codec.write(values) for values in _rows(chance, records)), layout.framing)


def _rows(chance: random.Random, records: int) -> Iterator[dict[str, Any]]:
    for number in range(records):
        gross, tax = (Decimal(chance.randrange(10**9)).scaleb(-2) for _ in range(2))
        yield {
            "PAY-NO": f"P{number:011d}", "AGENCY": "Z150000", "DEPT": "Z150101", "PAYEE": f"PAYEE NUMBER {chance.randrange(10**6)}",
            "BANK": "KOREA DEVELOPMENT BANK", "ACCOUNT": str(chance.randrange(10**13)), "PAID-ON": 20060500 + chance.randrange(1, 31),
            "YEAR": 2006, "GROSS": gross, "TAX": -tax, "NET": gross - tax, "ITEMS": chance.randrange(99),
            "SERIAL": number, "TITLE": "ROAD WORKS SECTION " + str(chance.randrange(999)), "REMARK": "PAID BY TRANSFER",
        }  # fmt: skip


def main(arguments: Sequence[str]) -> int:
    """Measure ours, then the rival where it is installed; a figure a line."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench formats")
    parser.add_argument("--records", type=int, default=RECORDS)
    parser.add_argument("--rivals", default=sys.executable, help="an interpreter that has ebcdic-parser and pydifact")
    asked = parser.parse_args(arguments)
    note(machine())
    formats_messages.measure(formats_messages.RECORDS)
    with tempfile.TemporaryDirectory() as folder:
        cut = formats_messages.edifact(folder, asked.rivals, formats_messages.RECORDS)
    if cut:
        say("formats_edifact_messages_cut_per_s", cut, "1/s", rival="pydifact", fields=15)
    layout = payments()
    data = generated(layout, asked.records)
    rival = _rival(layout, data, asked.records, asked.rivals)
    begun = time.process_time()
    count = sum(1 for record in layout.read(data) if not record.rejected)
    rate = count / (time.process_time() - begun)
    rivals = {"ebcdic-parser 3.4": round(rival, 1)} if rival else {}
    say("formats_host_records_per_s", rate, "1/s", bytes=_SIZE, fields=15, records=count, rivals=rivals)
    _korean()
    return 0


def _korean() -> None:
    """Records of the road works host, 30 fields and more with their signers: decoding alone."""
    data = make_batch(KOREAN)
    begun = time.process_time()
    count = sum(1 for _ in file().read(data)) - 2
    say("formats_host_korean_records_per_s", count / (time.process_time() - begun), "1/s", bytes=len(data) // count)


def _rival(layout: HostFile, data: bytes, records: int, python: str) -> float:
    """Records a second of the rival, which writes a text file; 0 where it is not installed or fails."""
    with tempfile.TemporaryDirectory() as folder:
        source, rules = Path(folder) / "payments.dat", Path(folder) / "payments.json"
        source.write_bytes(data)
        rules.write_text(json.dumps(_rules(layout)), "utf-8")
        done = subprocess.run(
            [python, "-c", _RIVAL, str(source), folder, str(rules)],
            capture_output=True, text=True, check=False, timeout=_TIMEOUT,
        )  # fmt: skip
        answer = done.stdout.splitlines()[-1].split() if done.returncode == 0 and done.stdout else []
        if answer[:1] != ["0"]:
            note(f"ebcdic-parser gave nothing there: {(done.stderr or done.stdout)[-200:]}")
            return 0.0
        return records / float(answer[1])


def _rules(layout: HostFile) -> dict[str, Any]:
    """Describe the file in the rival's own terms."""
    fields = []
    for node in layout.kinds["PAYMENT"].node.children:
        described: dict[str, Any] = {"name": node.name, "type": _TYPES[node.kind], "size": node.size}
        if node.picture is not None and node.picture.scale:
            described["scale"] = node.picture.scale
        fields.append(described)
    return {"description": "payments", "layouts": [{"layouttype": "single", "layout": fields}]}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

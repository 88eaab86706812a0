"""`python -m tools.corpora legacy_dbf PATH ...`: what is read of folders of dBase tables, a line a table.

A table is judged by `NAME_summary.txt` beside it where there is one (kind, records, memo file, code page, columns); memo
files are found by the table's name. Answers 1 when one reads otherwise, or when bytes of a file are in no row.
"""

import argparse
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from adapters.formats.dbf import Dbf, Table, read_table
from adapters.formats.findings import FormatError

_COLUMN: Final = re.compile(r"(\S+)\s+([A-Z0@])\s+(\d+)\s+(\d+)\s*")
_NUMBERED: Final = re.compile(r"#\d+$")


def main(arguments: Sequence[str]) -> int:
    """Read the folders and say what came of them."""
    parser = argparse.ArgumentParser(prog="python -m tools.corpora legacy_dbf")
    parser.add_argument("path", type=Path, nargs="+")
    tables = [path for folder in parser.parse_args(arguments).path for path in _tables(folder)]
    if not tables:
        sys.stderr.write("no tables\n")
        return 2
    print("| table | kind | code page | columns | records | cells | with text | memos | findings | as its summary |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    begun = time.process_time()
    failures = [f"{path.name}: {reason}" for path in tables for reason in _judge(path)]
    print(f"{len(tables)} tables, {time.process_time() - begun:.2f} s")
    for failure in failures:
        print(failure)
    return 1 if failures else 0


def _tables(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.suffix.lower() == ".dbf")


def _judge(path: Path) -> list[str]:
    """Print a table's line and give what is wrong with its reading."""
    data = path.read_bytes()
    beside = [each for each in path.parent.glob(f"{path.stem}.*") if each.suffix.lower() in {".dbt", ".fpt"}]
    try:
        table = read_table(data)
        rows = list(Dbf().read(data, beside[0].read_bytes() if beside else None))
    except FormatError as error:
        return [f"not read: {error}"]
    records = [row for row in rows if row.kind in {"record", "deleted"}]
    cells = [cell for row in records for cell in row.cells]
    memos = {column.name for column in table.columns if column.kind == "M"}
    filled = [cell for cell in cells if cell.value]
    found = Counter(finding.code for row in rows for finding in row.findings)
    summary = path.with_name(f"{path.stem}_summary.txt")
    reasons = _differences(table, len(records), summary.read_text("utf-8")) if summary.exists() else []
    if b"".join(row.raw for row in rows) != data:
        reasons.append("bytes in no row")
    told = ", ".join(f"{code} {count}" for code, count in sorted(found.items()))
    same = "none" if not summary.exists() else "no" if reasons else "yes"
    print(
        f"| {path.stem} | {table.kind} | {table.charset} | {len(table.columns)} | {len(records)} | {len(cells)} | "
        f"{len(filled)} | {sum(cell.name in memos for cell in filled)} | {told} | {same} |"
    )
    return reasons


def _differences(table: Table, records: int, summary: str) -> list[str]:
    said = dict(line.split(": ", 1) for line in summary.splitlines() if ": " in line)
    ours = {
        "Type": f"({table.version:02x}) {table.kind}",
        "Memo File": str(table.has_memo).lower(),
        "Records": str(records),
        "Encoding": table.charset,
    }
    reasons = [f"{key}: {said[key]}, read {value}" for key, value in ours.items() if said.get(key, value) != value]
    columns = [match.groups() for line in summary.splitlines() if (match := _COLUMN.fullmatch(line))]
    read = [(_NUMBERED.sub("", each.name), each.kind, str(each.width), str(each.decimals)) for each in table.columns]
    if columns != read:
        reasons.append(
            f"columns differ: {[pair for pair in zip(columns, read, strict=False) if pair[0] != pair[1]][:3]}"
        )
    return reasons

"""`python -m tools.corpora legacy PATH`: host files and copybooks of a folder of public samples, a line each, then what differs.

PATH holds any of `cobrix`, `carddemo`, `cb2xml`, `jrecord`; what is not there is passed over. Answers 1 when a copybook is not
understood, or a value differs from what the other program read.
"""

import csv
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from lxml import etree

from adapters.formats.copybook import HOST, Codec, CopybookError, Framing, Rules, parse, split
from adapters.formats.ebcdic import page
from adapters.formats.findings import FormatError, rejected
from tools.corpora._cobrix import CASES, Case
from tools.corpora._expected import Agreement, compare, nested, same


class Report:
    """Lines for standard output, and whether all is well."""

    def __init__(self) -> None:
        self.failed = False

    def say(self, text: str) -> None:
        """Print a line."""
        sys.stdout.write(f"{text}\n")

    def judge(self, name: str, seen: Agreement, what: str) -> None:
        """Print how far two readings agree."""
        self.say(f"{name:18} {seen.agree:6}/{seen.fields:<6} values agree; {what}")
        for line in seen.differ:
            self.say(f"  {line}")
        self.failed |= seen.agree < seen.fields


def text_of(path: Path) -> str:
    """Give a source's text; its comments may be of any charset."""
    return path.read_text("utf-8", "replace")


def copybooks(root: Path) -> dict[str, str]:
    """Give all copybooks below a folder by the name COPY knows."""
    found = [each for each in sorted(root.rglob("*")) if each.suffix.lower() in {".cbl", ".cob", ".cpy"}]
    return {each.stem.upper(): text_of(each) for each in found}


def parsed(root: Path, report: Report) -> None:
    """Read every copybook."""
    books = copybooks(root)
    wrong = []
    for name, text in books.items():
        try:
            parse(text, books=books)
        except CopybookError as error:
            wrong.append(f"  {name}: {error}")
    report.say(f"{'copybooks':18} {len(books) - len(wrong):6}/{len(books):<6} understood")
    for line in wrong:
        report.say(line)


def trees(folder: Path, report: Report) -> None:
    """Compare sizes and places with cb2xml's trees; what comes from a size counted otherwise is not counted twice."""
    books = copybooks(folder)
    files = nodes = same_size = same_place = 0
    differ = []
    for path in sorted((folder / "xml").glob("*.xml")):
        tree = etree.parse(path, etree.XMLParser(resolve_entities=False)).getroot()
        if tree.get("dialect") is None:
            continue
        files += 1
        records = parse(books[Path(tree.get("filename", "")).stem.upper()], books=books)
        ours = [(node.name.upper(), node.offset + 1, node.size) for record in records for node in record.walk()]
        for item in tree.iter("item"):
            name = item.get("name", "").upper().replace("FILLER", "")
            place, size = int(item.get("position", "0")), int(item.get("storage-length", "0"))
            nodes += 1
            found = [index for index, (known, _, _) in enumerate(ours) if known == name]
            _, at, length = ours[found[0]] if found else ("", 0, 0)
            ours = ours[found[0] + 1 :] if found else ours
            same_size += size == length
            same_place += place == at
            if size != length:
                differ.append(f"  {path.stem} {name}: {size} bytes in its tree, {length} here")
    report.say(f"{'cb2xml trees':18} {same_size:6}/{nodes:<6} sizes, {same_place} places agree in {files} trees")
    for line in differ:
        report.say(line)


def pieces(case: Case, codec: Codec, data: bytes) -> Iterator[tuple[int, bytes, bool]]:
    """Give offset and bytes of each record, and whether the framing found it whole."""
    framing = case.framing or Framing(length=codec.node.size + case.skip)
    for offset, raw, wrong in split(data, framing):
        if case.mark and data[offset - framing.prefix : offset - framing.prefix + len(case.mark)] != case.mark:
            continue
        end = case.skip + codec.node.size if framing.length else len(raw)
        yield offset + case.skip, raw[case.skip : end], wrong is None


def cobrix(folder: Path, report: Report) -> None:
    """Read every data file and compare with the JSON beside it."""
    for case in CASES:
        copybook, path = folder / case.copybook, folder / case.data
        if copybook.is_file() and path.is_file():
            _case(case, copybook, path, folder, report)


def _case(case: Case, copybook: Path, path: Path, folder: Path, report: Report) -> None:
    rules = Rules(page(case.page), **case.rules)
    codec = Codec(parse(text_of(copybook))[0], rules, **case.options)
    wanted: list[Any] = []
    if (folder / case.expected).is_file():
        lines = (folder / case.expected).read_text("utf-8", "replace").splitlines()
        wanted = [json.loads(line, parse_float=Decimal) for line in lines if line.strip()]
    seen, counts, codes = Agreement(), Counter[str](), Counter[str]()
    started = time.process_time()
    for number, (offset, raw, whole) in enumerate(pieces(case, codec, path.read_bytes())):
        values, findings = codec.read(raw, offset)
        counts["records"] += 1
        refused = not whole or rejected(findings)
        codes.update(finding.code for finding in findings)
        counts["refused" if refused else _way_back(codec, raw, values)] += 1
        if number < len(wanted):
            compare(wanted[number], nested(codec.node, values), seen)
    seconds = time.process_time() - started
    told = ", ".join(f"{count} {word}" for word, count in counts.items() if count)
    report.judge(case.name, seen, f"{told}, {dict(codes) or 'nothing odd'}, {seconds:.2f} s")


def _way_back(codec: Codec, raw: bytes, values: Mapping[str, Any]) -> str:
    try:
        if codec.write(values) == raw:
            return "back to the byte"
    except FormatError:
        return "not written back"
    return "back, explained" if codec.differences(raw) else "back, unexplained"


def carddemo(folder: Path, report: Report) -> None:
    """Compare the EBCDIC data set with its ASCII twin: values, and the bytes written in ASCII."""
    host = next((folder / "data" / "EBCDIC").glob("*CUSTDATA*")).read_bytes()
    lines = (folder / "data" / "ASCII" / "custdata.txt").read_bytes().splitlines()
    for book in sorted((folder / "cpy").iterdir()):
        node = parse(text_of(book))[0]
        there, here = Codec(node, Rules(page("cp037"))), Codec(node, Rules(page("ascii")))
        seen, equal = Agreement(), 0
        for (offset, raw, _), line in zip(split(host, Framing(length=node.size)), lines, strict=True):
            values, _ = there.read(raw, offset)
            compare(here.read(line)[0], values, seen)
            equal += here.write(values) == line
        report.judge(book.stem, seen, f"{equal} of {len(lines)} ASCII records written to the byte")


def jrecord(folder: Path, report: Report) -> None:
    """Compare two host files with their tables of values."""
    for book, data, table, mark, framing in (
        ("DTAR020.cbl", "DTAR020.bin", "DTAR020.csv", "\t", Framing(length=27)),
        ("DTAR1000.cbl", "DTAR1000_Store_file_std.bin", "DTAR1000_Store_file_std_02.csv", ";", HOST),
    ):
        codec = Codec(parse(text_of(folder / book))[0], Rules(page("cp037")))
        rows = list(csv.reader(text_of(folder / table).splitlines(), delimiter=mark))[1:]
        seen, back = Agreement(), 0
        for (offset, raw, _), row in zip(split((folder / data).read_bytes(), framing), rows, strict=False):
            values, _ = codec.read(raw, offset)
            for (name, got), said in zip(values.items(), row, strict=False):
                seen.take(name, _typed(said, got), got)
            back += codec.write(values) == raw
        report.judge(table.split(".")[0][:18], seen, f"{back} of {len(rows)} records back to the byte")


def _typed(said: str, got: object) -> object:
    number = isinstance(got, int | Decimal) and not same(said, got)
    return Decimal(said) if number else said


def main(arguments: Sequence[str]) -> int:
    """Print the report; answers 1 when something differs, 2 without a folder."""
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        sys.stderr.write("usage: python -m tools.corpora legacy PATH\n")
        return 2
    root, report = Path(arguments[0]), Report()
    parsed(root, report)
    for name, read in (("cb2xml", trees), ("cobrix", cobrix), ("carddemo", carddemo), ("jrecord", jrecord)):
        if (root / name).is_dir():
            report.say(f"-- {name}")
            read(root / name, report)
    return int(report.failed)

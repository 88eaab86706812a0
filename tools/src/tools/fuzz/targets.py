"""What is fuzzed: every agency with its samples, and every format that no agency reaches by itself, with samples made here."""

import base64
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from adapters import catalogue
from adapters.contract import Adapter, Item
from adapters.formats import hwp
from adapters.formats.copybook import CopybookError, parse
from adapters.formats.dbf import Dbf, DbfWriter, WriteColumn
from adapters.formats.findings import Finding, reject
from adapters.formats.pubdoc import read_pubdoc
from adapters.formats.soap.model import Fault, Message, Part, Reference
from adapters.formats.soap.read import read as read_soap
from adapters.formats.soap.write import write as write_soap
from adapters.formats.xhtml import sanitise, validate
from tools.fuzz.judge import FaultError, judge_adapter, judge_reader
from tools.fuzz.workbooks import books, judge_book
from tools.golden import taken
from tools.hangul import SAMPLE, WRITERS

_BASE64 = re.compile(rb">\s*([A-Za-z0-9+/\s]{400,}={0,2})\s*<")
Judge = Callable[[Item, int], str]


@dataclass(frozen=True, slots=True)
class Target:
    """A reader and samples of it. judge: item and number of the case to how it ended; raises FaultError, or anything at all."""

    name: str
    seeds: Sequence[Item]
    judge: Judge


@cache
def targets() -> Mapping[str, Target]:
    """All there are, by name."""
    found = [_agency(name) for name in catalogue.names()]
    found += [_reader(f"hwp:{kind}", [write(SAMPLE)], _hwp) for kind, write in WRITERS.items()]
    found += [
        _reader("soap", _envelopes(), lambda data: read_soap(data, _kind_of(data)).findings),
        _reader("xhtml", [_PAGE.encode()], _xhtml),
        _reader("pubdoc", _pubdocs(), lambda data: read_pubdoc(data)[1]),
        _reader("copybook", _copybooks(), _copybook),
        Target("dbf", [_table()], _dbf),
        Target("spreadsheet", books(), judge_book),
    ]
    # An agency whose folder is only begun has no samples yet; the catalogue's check says so.
    return {target.name: target for target in found if target.seeds}


def _agency(name: str) -> Target:
    adapter = catalogue.load(name)
    samples = Path(str(catalogue.folder(name))) / "samples"
    cases = sorted(samples.iterdir()) if samples.is_dir() else []
    seeds = [item for case in cases if (case / "in").is_dir() for item in taken(case)]
    return of_adapter(name, adapter, seeds)


def of_adapter(name: str, adapter: Adapter, seeds: Sequence[Item]) -> Target:
    """Make a target of an adapter. Every fourth case is written back, too."""
    return Target(name, seeds, lambda item, number: judge_adapter(adapter, item, back=number % 4 == 0))


def _reader(name: str, seeds: Iterable[bytes], read: Callable[[bytes], Iterable[Finding]]) -> Target:
    items = [Item(name, {"file": seed}) for seed in seeds]
    return Target(name, items, lambda item, _: judge_reader(read, item))


def _hwp(data: bytes) -> Iterable[Finding]:
    read = hwp.read(data)
    if not read.text.strip() and not read.findings:
        raise FaultError("silently empty")
    return read.findings


def _xhtml(data: bytes) -> Iterable[Finding]:
    cleaned, findings = sanitise(data.decode("utf-8", "replace"))
    if validate(cleaned):
        raise FaultError("what was cleaned is not clean")
    return findings


def _copybook(data: bytes) -> Iterable[Finding]:
    try:
        parse(data.decode("utf-8", "replace"))
    except CopybookError:
        # Operators' files, not agencies': their error says the line.
        return [reject("layout-unrecognised")]
    return ()


def _dbf(item: Item, number: int) -> str:
    del number
    parts = list(item.parts.values())
    memo = parts[1] if len(parts) > 1 else None

    def read(data: bytes) -> Iterable[Finding]:
        return [finding for row in Dbf().read(data, memo) for finding in row.findings]

    return judge_reader(read, Item(item.name, {"table": parts[0]} if parts else {}))


def _table() -> Item:
    columns = [WriteColumn("NAME", "C", 20), WriteColumn("AMOUNT", "N", 12, 2), WriteColumn("DAY", "D")]
    columns += [WriteColumn("DONE", "L"), WriteColumn("TEXT", "M")]
    rows: list[Mapping[str, str | None]] = [
        {"NAME": "똠방각하", "AMOUNT": "1200.50", "DAY": "2026-05-06", "DONE": "true", "TEXT": "긴 글 " * 300},
        {"NAME": "", "AMOUNT": "-3", "DAY": None, "DONE": "false", "TEXT": None},
    ]
    made = DbfWriter(columns).write(rows)
    return Item("t.dbf", {"t.dbf": made.table, "t.dbt": made.memo or b""})


def _kind_of(data: bytes) -> str:
    """A content type that fits what the bytes look like: the parts of a parcel are told by their boundary."""
    if data[:2] != b"--":
        return "text/xml"
    boundary = data[2 : data.find(b"\r\n")].decode("ascii", "replace").replace('"', "")
    return f'multipart/related; type="text/xml"; boundary="{boundary}"'


def _envelopes() -> Sequence[bytes]:
    values = {"title": "연구과제 <협약>", "amount": "1200", "people": ["김나래", "이준호"], "memo": None}
    parcel = Part(b"\xd0\xcf\x11\xe0", "application/x-hwp", "계약서.hwp")
    return [
        write_soap(Message("submitApproval", "urn:a", values))[0],
        write_soap(Message("submitApproval", "urn:a", {"request": values}, style="rpc"))[0],
        write_soap(Message("a", "urn:a", {"file": Reference("f1")}, attachments={"f1": parcel}))[0],
        write_soap(Message("a", "urn:a", {}, fault=Fault("Server", "닫힘")))[0],
    ]


def _pubdocs() -> Sequence[bytes]:
    """Give the documents that stand in the samples' packs."""
    folder = Path(str(catalogue.folder("relay"))) / "samples"
    packs = [item.parts for case in sorted(folder.iterdir()) if case.is_dir() for item in taken(case)]
    found = [base64.b64decode(each[1]) for parts in packs for data in parts.values() for each in _BASE64.finditer(data)]
    return [each for each in found if b"<pubdoc" in each][:20]


def _copybooks() -> Sequence[bytes]:
    own = [
        each for name in catalogue.names() for each in catalogue.folder(name).iterdir() if each.name.endswith(".cpy")
    ]
    return [_COPYBOOK.encode(), *[each.read_bytes() for each in own]]


_COPYBOOK = """
       01  A-REC.
           05  A-NO        PIC X(10).
           05  A-SUM       PIC S9(11)V99 COMP-3.
           05  A-OTHER     REDEFINES A-SUM PIC X(7).
           05  A-COUNT     PIC 9(3).
           05  A-LINE      OCCURS 0 TO 9 TIMES DEPENDING ON A-COUNT.
               10  A-TEXT  PIC N(20).
               10  A-SHOWN PIC ZZ,ZZ9.99- VALUE 1.
               88  A-GOOD  VALUE 'Y' THRU 'Z'.
"""
_PAGE = (
    '<p style="text-indent:2mm" class="a">1. <b>가</b> &amp; <a href="http://a.kr">나</a><br/></p><ul><li>다<ol><li>라</li></ol></li>'
    "</ul><table><caption>표</caption><colgroup><col width='10'/></colgroup><thead><tr><th scope='row'>1</th></tr></thead>"
    "<tbody><tr><td colspan='2' align='center'>2<img src='a.gif' alt='b'/></td></tr></tbody></table>끝.<script>x</script>"
)

"""The human table of `check`: each field beside its bytes, then what became of all records."""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

from adapters.contract import Adapter, Decoded, FieldView, Record
from adapters.formats.findings import Finding
from adapters.formats.messages import Language
from adapters.jsonlines import finding_of
from adapters.words import say

_RAW, _VALUE = 28, 48


def table(adapter: Adapter, decoded: Decoded, name: str, limit: int, language: Language) -> Iterator[str]:
    """Give the lines of the table and of the loss report."""
    shown = 0
    for record in decoded.records:
        if record.message is not None and shown >= limit:
            continue
        shown += record.message is not None
        yield from _record(adapter, record, language)
    accepted = sum(record.message is not None for record in decoded.records)
    if accepted > shown:
        yield say("not-shown", language, count=accepted - shown)
    yield from _report(decoded, name, accepted, language)


def _record(adapter: Adapter, record: Record, language: Language) -> Iterator[str]:
    state = say("rejected" if record.message is None else "accepted", language)
    yield say("record", language, ordinal=record.ordinal, offset=f"{record.offset:,}", part=record.part, state=state)
    yield _row(say("columns", language).split("|"))
    for view in adapter.fields(record.raw, record.part):
        yield _row(_cells(view))
        for finding in view.findings:
            yield _finding(finding, 1, language)
    for finding in record.findings:
        yield _finding(finding, 1, language)
    yield ""


def _cells(view: FieldView) -> list[str]:
    value = "" if view.value is None else " ".join(view.value.split())
    name = view.label if view.label == view.name else f"{view.label} {view.name}"
    return [str(view.offset), str(len(view.raw)), name, _bytes(view.raw, binary=view.binary), _cut(value, _VALUE)]


def _bytes(raw: bytes, *, binary: bool) -> str:
    """Show bytes: ASCII as it stands, others in hexadecimal, long ones cut."""
    if not binary and raw.isascii() and raw.decode("ascii").isprintable():
        return _cut(raw.decode("ascii"), _RAW)
    return _cut(raw[: _RAW // 2].hex(), _RAW - 1) + ("…" if len(raw) > _RAW // 2 else "")


def _row(cells: Sequence[str]) -> str:
    widths = (7, 6, 34, _RAW + 1, 0)
    return "  " + " ".join(_pad(cell, width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _pad(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _cut(text: str, width: int) -> str:
    if _width(text) <= width:
        return text
    out = ""
    for char in text:
        if _width(out + char) >= width:
            break
        out += char
    return out + "…"


def _finding(finding: Finding, count: int, language: Language) -> str:
    shown = finding_of(finding, language)
    return say("finding-line", language, count=count, **{key: shown[key] for key in ("severity", "code", "message")})


def _report(decoded: Decoded, name: str, accepted: int, language: Language) -> Iterator[str]:
    total = len(decoded.records)
    yield say("report", language, name=name, total=total, accepted=accepted, rejected=total - accepted)
    every = [*decoded.findings, *(finding for record in decoded.records for finding in record.findings)]
    first: dict[str, Finding] = {}
    for finding in every:
        first.setdefault(finding.code, finding)
    for code, count in Counter(finding.code for finding in every).most_common():
        yield _finding(first[code], count, language)

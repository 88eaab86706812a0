"""Values to bytes of a fixed-width file: every record exactly as long as the layout says, text cut at character borders."""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from adapters.formats.charset import cut, encode_cp949
from adapters.formats.findings import Finding, FormatError, loss, reject, rejected
from adapters.formats.fixedwidth.amounts import write_amount
from adapters.formats.fixedwidth.dates import parser, writer
from adapters.formats.fixedwidth.layout import Field, Layout, RecordKind, Value

_ENDS: Final = {"none": b"", "lf": b"\n", "any": b"\n", "crlf": b"\r\n"}
_BREAKS: Final = str.maketrans({"\0": " ", "\r": " ", "\n": " ", "\x1a": " "})


@dataclass(frozen=True, slots=True)
class Row:
    """One record to write: the name of its kind and its values; a missing or None value is left blank."""

    values: Mapping[str, Value]
    kind: str = "detail"


def encode(rows: Iterable[Row], layout: Layout, *, report: list[Finding] | None = None) -> bytes:
    """Write a file.

    Args:
        rows: the records in order; header and trailer are rows too. Totals a trailer leaves None are filled in.
        layout: the file's layout.
        report: takes findings that do not forbid writing (`text-cut`, `char-substituted`).

    Raises:
        FormatError: a value does not fit its field and the field's policy is to refuse.

    """
    findings: list[Finding] = []
    out: list[bytes] = []
    end = _ENDS[layout.line_end]
    count, total = 0, Decimal(0)
    for row in rows:
        kind = layout.kind(row.kind)
        values = row.values
        if layout.totals is not None and kind.role == "detail":
            amount = values.get(layout.totals.amount_field or "")
            count, total = count + 1, total + (amount if isinstance(amount, int | Decimal) else 0)
        elif layout.totals is not None and kind.name == layout.totals.trailer:
            values = _with_totals(kind, values, layout, count, total)
            count, total = 0, Decimal(0)
        record, found = encode_record(values, layout, row.kind)
        findings += found
        out += (record, end)
    if layout.eof_mark:
        out.append(b"\x1a")
    if rejected(findings):
        raise FormatError(findings)
    if report is not None:
        report += findings
    return b"".join(out)


def _with_totals(
    kind: RecordKind, values: Mapping[str, Value], layout: Layout, count: int, total: Decimal
) -> dict[str, Value]:
    filled = dict(values)
    totals = layout.totals
    for name, value in ((totals.count_field, Decimal(count)), (totals.sum_field, total)) if totals else ():
        if name is not None and filled.get(name) is None:
            field = next(each for each in kind.fields if each.name == name)
            filled[name] = str(int(value)) if field.kind in {"digits", "text"} else value
    return filled


def encode_record(values: Mapping[str, Value], layout: Layout, kind: str = "detail") -> tuple[bytes, list[Finding]]:
    """Write one record, without line end.

    Returns:
        Exactly `layout.record_length` bytes, and the findings; with a reject among them the bytes must not be used.

    """
    record_kind = layout.kind(kind)
    record = bytearray(b" " * layout.record_length)
    findings: list[Finding] = []
    for field in record_kind.fields:
        data, found = encode_field(field, values.get(field.name))
        record[field.offset : field.end] = data
        findings += found
    if record_kind.marker:
        start, end = layout.marker_offset, layout.marker_offset + layout.marker_width
        record[start:end] = record_kind.marker
    return bytes(record), findings


def encode_field(field: Field, value: Value) -> tuple[bytes, list[Finding]]:
    """Write one value into exactly the field's width."""
    if value is None or field.kind == "filler":
        findings = [reject("value-missing", field.name)] if field.required and field.kind != "filler" else []
        return _fill(field.nulls[0].encode(field.charset) if field.nulls else b"", field, blank=True), findings
    if field.kind == "amount":
        return _amount(field, value)
    text = _date(field, value) if isinstance(value, dt.date) else str(value)
    fault = _fault(field, value, text)
    if fault is not None:
        return b" " * field.width, [fault]
    data, findings = _bytes(field, text)
    kept, finding = cut(data, field.width, field.charset, field=field.name)
    if finding is not None:
        refuse = field.too_long == "reject" or field.kind != "text"
        findings.append(dataclasses.replace(finding, severity="reject") if refuse else finding)
    return _fill(kept, field), findings


def _fill(data: bytes, field: Field, *, blank: bool = False) -> bytes:
    pad = b" " if blank and field.pad_byte == b"0" else field.pad_byte
    return data.rjust(field.width, pad) if field.right else data.ljust(field.width, pad)


def _amount(field: Field, value: Value) -> tuple[bytes, list[Finding]]:
    try:
        return write_amount(value if isinstance(value, int | Decimal) else Decimal("NaN"), field), []
    except ValueError:
        return b" " * field.width, [reject("amount-invalid", field.name, value=str(value))]


def _date(field: Field, value: dt.date) -> str:
    return writer(field.pattern or "YYYYMMDD")(value)


def _fault(field: Field, value: Value, text: str) -> Finding | None:
    """Find what reading back would not accept."""
    if field.kind == "digits" and not (text.isascii() and text.isdigit()):
        return reject("digits-invalid", field.name, value=text)
    if field.kind == "code" and field.codes and text not in field.codes:
        return reject("code-unknown", field.name, value=text)
    if field.kind == "date":
        try:
            back = parser(field.pattern or "YYYYMMDD", field.pivot)(text)
        except ValueError:
            back = None
        if back != value:
            return reject("date-invalid", field.name, value=str(value))
    return None


def _bytes(field: Field, text: str) -> tuple[bytes, list[Finding]]:
    findings: list[Finding] = []
    plain = text.translate(_BREAKS)
    if plain != text:
        make = reject if field.unencodable == "reject" else loss
        findings.append(make("line-break-inside", field.name, value=text))
    if field.charset == "cp949":
        data, found = encode_cp949(plain, policy=field.unencodable, field=field.name)
        return data, findings + found
    try:
        return plain.encode(field.charset), findings
    except UnicodeEncodeError as error:
        char = plain[error.start]
        refuse = field.unencodable == "reject"
        params = {
            "char": char,
            "codepoint": f"U+{ord(char):04X}",
            "place": str(error.start + 1),
            "count": "1",
            "put": "?",
        }
        code = "char-unencodable" if refuse else "char-substituted"
        finding = Finding(code, field.name, params=params, severity="reject" if refuse else "loss")
        return plain.encode(field.charset, "replace"), [*findings, finding]

"""What a sample file says of itself: headings of a delimited file, fields of a copybook, the header of a dBase table.

bytes -> `Sample`: its columns, and the signs of its layout. A file that says nothing of itself is refused with what to do.
"""

import codecs
import csv
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from adapters.formats.copybook import CopybookError, Node, parse
from adapters.formats.dbf import read_table
from adapters.formats.findings import FormatError
from tools.new_adapter.guesses import Column

_SIGNS: Final = (",", "\t", "|", ";", "^")
_MOST_COLUMNS: Final = 500


@dataclass(frozen=True, slots=True)
class Sample:
    """What was read of it. layout: keys of `[layout]`. text: the copybook. data: bytes that are records, not a description."""

    columns: tuple[Column, ...]
    charset: str = "cp949"
    layout: dict[str, str | bool | int] = field(default_factory=dict)
    text: str = ""
    data: bytes = b""


def read(path: Path, form: str) -> Sample:
    """Read a sample of a format.

    Raises:
        OSError: the file cannot be read.
        ValueError: it says nothing of its fields.

    """
    data = path.read_bytes()
    if form == "copybook":
        return _copybook(data)
    if form == "dbf":
        return _dbf(data)
    if form in {"delimited", "tab", "nul"}:
        return _delimited(data, form)
    raise ValueError(
        f"a {form} file does not name its fields: scaffold without SAMPLE, then write the table by its description"
    )


def _charset(data: bytes) -> tuple[str, str]:
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8", data.decode("utf-8-sig", "replace")
    for name in ("utf-8", "cp949"):
        try:
            return name, data.decode(name)
        except UnicodeDecodeError:
            continue
    raise ValueError("the sample is neither UTF-8 nor CP949; save it again or cut it at a whole line")


def _delimited(data: bytes, form: str) -> Sample:
    charset, text = _charset(data)
    if form == "nul":
        # No headings: the cells of the first line are counted.
        cells = text.split("\n", 1)[0].rstrip("\r").split("\0")
        columns = [Column(f"field{number}", example=cell) for number, cell in enumerate(cells, 1)]
        return Sample(tuple(columns), charset, {"newline": "crlf" if b"\r\n" in data else "lf"}, data=data)
    lines = text.lstrip("\r\n").splitlines()
    if not lines:
        raise ValueError("the sample is empty")
    counted = Counter({sign: lines[0].count(sign) for sign in _SIGNS})
    sign = "\t" if form == "tab" else counted.most_common(1)[0][0]
    rows = [[each.strip() for each in row] for row in csv.reader(lines[:2], delimiter=sign)]
    headings = rows[0]
    if len(headings) < 2 or len(headings) > _MOST_COLUMNS or len(set(headings)) < len(headings) or not all(headings):
        raise ValueError(f"the first line holds no headings of their own, parted by {sign!r}: {lines[0][:80]}")
    examples = rows[1] if len(rows) > 1 else []
    examples += [""] * (len(headings) - len(examples))
    columns = [Column(name, example=example) for name, example in zip(headings, examples, strict=False)]
    layout: dict[str, str | bool | int] = {"delimiter": sign, "newline": "crlf" if b"\r\n" in data else "lf"}
    if charset == "utf-8":
        layout["mark"] = data.startswith(codecs.BOM_UTF8)
    return Sample(tuple(columns), charset, layout, data=data if len(lines) > 1 else b"")


def _copybook(data: bytes) -> Sample:
    _, text = _charset(data)
    try:
        records = parse(text)
    except CopybookError as error:
        raise ValueError(f"not a copybook: {error}") from None
    if len(records) != 1:
        raise ValueError(f"the copybook describes {len(records)} records; cut it to the one that makes a document")
    return Sample(tuple(_leaves(records[0])), "IBM-933", text=text)


def _leaves(node: Node, prefix: str = "") -> list[Column]:
    out: list[Column] = []
    for child in node.children:
        if child.redefines or not child.key:
            continue
        if child.occurs is not None:
            raise ValueError(f"{child.key} is a table: write its entries as {child.key}[1].FIELD by hand")
        if child.children:
            out += _leaves(child, prefix)
        else:
            kind = "" if child.kind in {"text", "national", "double"} else "amount"
            out.append(Column(child.key, kind, child.size))
    return out


def _dbf(data: bytes) -> Sample:
    try:
        table = read_table(data)
    except FormatError as error:
        raise ValueError(f"not a dBase table: {error}") from None
    kinds = {"N": "amount", "F": "amount", "D": "day"}
    columns = [Column(each.name, kinds.get(each.kind, ""), each.width) for each in table.columns if each.kind != "0"]
    return Sample(tuple(columns), table.charset, data=data)

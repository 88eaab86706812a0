"""What every form shows of a sheet, as plain values: texts ready to be set, blocks of the body, lines of the foot."""

import math
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from documents.domain.layout.dates import written
from documents.domain.layout.ending import ATTACHED, mark_at_end
from documents.domain.markup import parse
from documents.domain.passages import passages
from documents.domain.signatures import Cell
from documents.rendering.flow import Block, blocks_of
from documents.rendering.sheet import Sheet

_LONG = re.compile(r"[!-~]{24}(?=[!-~])")
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def values_of(sheet: Sheet, names: Mapping[str, str]) -> dict[str, Any]:
    """What the form reads. names: file of each picture that is there."""
    blocks = [_for_form(block, names) for block in blocks_of(sheet.body, dict.fromkeys(names, b""))]
    listed, ended = _tail(sheet.body)
    contact = sheet.contact
    place = " ".join(part for part in (f"우 {contact.zipcode}" if contact.zipcode else "", contact.address) if part)
    values = {
        "title": sheet.title,
        "agency": sheet.agency,
        "department": sheet.department,
        "internal": sheet.internal,
        "recipient": sheet.recipient,
        "recipients": list(sheet.recipients),
        "via": sheet.via,
        "blocks": blocks,
        "attached": [] if listed else list(sheet.attached),
        "ended": ended,
        "sender-names": list(sheet.sender_names),
        "seal": {"omission": sheet.seal.omission, "file": names.get(sheet.seal.picture, ""), "alt": "관인"},
        "cells": [_cell(cell) for cell in sheet.cells],
        "helpers": [_cell(cell) for cell in sheet.helpers],
        "number": sheet.number,
        "number-line": _numbered("시행", sheet.number, sheet.enforced_on),
        "receipt-line": _numbered("접수", sheet.receipt_number, sheet.receipt_day),
        "registered": _day(sheet.registered_on),
        "decided": _day(sheet.decided_on),
        "contact": {
            "place": place,
            "homepage": contact.homepage,
            "telephone": f"전화번호 {contact.telephone}" if contact.telephone else "",
            "fax": f"팩스번호 {contact.fax}" if contact.fax else "",
            "email": contact.email,
        },
        "disclosure": sheet.disclosure,
    }
    return {key: _clean(value) for key, value in values.items()}


def _tail(body: str) -> tuple[bool, bool]:
    """Whether the body lists what is attached, and whether it ends with 끝."""
    texts = [each.text for each in passages(parse(body)) if each.text.strip()]
    return any(ATTACHED.match(text) for text in texts), bool(texts) and mark_at_end(texts[-1], last=True) is not None


def _numbered(word: str, number: str, day: date | None) -> str:
    return f"{word}  {number}" + (f" ({written(day)})" if day and number else "")


def _day(day: date | None) -> str:
    return written(day) if day else ""


def _cell(cell: Cell) -> dict[str, Any]:
    return {
        "position": cell.position,
        "mark": cell.mark,
        "day": _day(cell.day),
        "sign": cell.sign,
        "opinion": cell.opinion,
    }


def _for_form(block: Block, names: Mapping[str, str]) -> Block:
    """A block with picture files for names, and weights of columns by what stands in them."""
    if block["k"] == "p":
        return block | {"runs": [_run(run, names) for run in block["runs"]]}
    if block["k"] == "list":
        return block | {"items": [[_for_form(each, names) for each in item] for item in block["items"]]}
    rows = [
        [cell | {"blocks": [_for_form(each, names) for each in cell["blocks"]]} for cell in row]
        for row in block["rows"]
    ]
    for row in rows[: block["head"]]:
        for cell in row:
            cell["down"] = min(cell["down"], block["head"] - cell["y"])
    return block | {"rows": rows, "weights": _weights(rows, block["columns"])}


def _run(run: dict[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    if "img" in run:
        return {"img": names[run["img"]], "alt": run["img"]}
    # A long address without blanks would run off the page.
    return run | {"t": _LONG.sub(lambda found: found[0] + "\u200b", run["t"])}


def _weights(rows: Sequence[Sequence[dict[str, Any]]], columns: int) -> list[float]:
    weights = [4.0] * columns
    for row in rows:
        for cell in row:
            if cell["across"] == 1:
                longest = max(
                    (sum(len(run.get("t", "      ")) for run in each.get("runs", ())) for each in cell["blocks"]),
                    default=0,
                )
                weights[cell["x"]] = max(weights[cell["x"]], min(math.sqrt(longest) * 3, 30.0), min(longest, 9.0))
    return weights


def _clean(value: Any) -> Any:
    """Without signs that no font shows and no XML takes."""
    if isinstance(value, str):
        return _UNSEEN.sub("", value)
    if isinstance(value, list):
        return [_clean(each) for each in value]
    if isinstance(value, dict):
        return {key: _clean(each) for key, each in value.items()}
    return value

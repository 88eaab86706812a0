"""Golden samples of adapters: `samples/<case>/in/` items, `decoded.jsonl` what they mean, `out/` what goes back where that
differs from what came (NOTES.md of the adapter says why).
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from adapters import catalogue, items
from adapters.contract import Adapter, Decoded, Item, Outgoing
from adapters.formats.findings import FormatError
from adapters.jsonlines import accepted, rejected


def cases(name: str) -> list[Path]:
    """Folders of an adapter's samples."""
    folder = Path(str(catalogue.folder(name))) / "samples"
    return sorted(each for each in folder.iterdir() if each.is_dir())


def all_cases() -> list[Any]:
    """Every case of every adapter, as (adapter, folder)."""
    return [(name, case) for name in catalogue.names() for case in cases(name)]


def taken(case: Path) -> Iterator[Item]:
    """Items a case holds."""
    for path in sorted((case / "in").iterdir()):
        yield items.read(path)


def lines(item: Item, decoded: Decoded) -> list[dict[str, Any]]:
    """What an item means, without sentences (they are others' to improve) and bytes of attachments (they stand in `in`)."""
    out = []
    for record in decoded.records:
        if record.message is None:
            line = rejected(record, item.name, "en")
            del line["raw"]
        else:
            line = accepted(record, record.message, item.name, "en")
            line["attachments"] = sorted(line["attachments"])
        out.append(line)
    if decoded.findings:
        out.append({"item": item.name, "findings": [plain(finding) for finding in decoded.findings]})
    for line in out:
        for finding in line["findings"]:
            finding.pop("message", None)
    return out


def plain(finding: Any) -> dict[str, Any]:
    """A finding without its sentence."""
    return {
        "code": finding.code, "field": finding.field, "offset": finding.offset, "length": finding.length,
        "params": dict(finding.params), "severity": finding.severity,
    }  # fmt: skip


def encoded(adapter: Adapter, decoded: Decoded) -> list[Item]:
    """What goes back for the accepted messages of an item."""
    outgoing = [Outgoing(record.message, record.blobs) for record in decoded.records if record.message is not None]
    result = adapter.encode(outgoing)
    if result.rejected:
        raise FormatError([finding for findings in result.rejected.values() for finding in findings])
    return list(result.items)


def golden(case: Path) -> list[dict[str, Any]]:
    """The lines a case was found to mean."""
    return [json.loads(line) for line in (case / "decoded.jsonl").read_text("utf-8").splitlines()]

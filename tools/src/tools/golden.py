"""Writes what the samples of an adapter mean: `python -m tools.golden NAME [CASE ...]`. Look at the difference before it lands.

`samples/<case>/in/` items -> `decoded.jsonl`, and `out/` where what goes back differs from what came.
"""

import json
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from adapters import catalogue, items
from adapters.contract import Adapter, Decoded, Item, Outgoing
from adapters.formats.findings import Finding
from adapters.jsonlines import accepted, rejected


def taken(case: Path) -> Iterator[Item]:
    """Items a case holds."""
    for path in sorted((case / "in").iterdir()):
        yield items.read(path)


def lines(item: Item, decoded: Decoded) -> list[dict[str, Any]]:
    """What an item means, without sentences (others may improve them) and without bytes (they stand in `in`)."""
    out = []
    for record in decoded.records:
        if record.message is None:
            line = rejected(record, item.name, "en")
            del line["raw"]
        else:
            line = accepted(record, record.message, item.name, "en")
            line["attachments"] = sorted(line["attachments"])
        line["findings"] = [_plain(finding) for finding in record.findings]
        out.append(line)
    if decoded.findings:
        out.append({"item": item.name, "findings": [_plain(finding) for finding in decoded.findings]})
    return out


def _plain(finding: Finding) -> Mapping[str, Any]:
    return {
        "code": finding.code,
        "field": finding.field,
        "offset": finding.offset,
        "length": finding.length,
        "params": dict(finding.params),
        "severity": finding.severity,
    }


def encoded(adapter: Adapter, decoded: Decoded) -> list[Item]:
    """What goes back for the accepted messages of an item. Raises ValueError when one of them cannot."""
    outgoing = [Outgoing(record.message, record.blobs) for record in decoded.records if record.message is not None]
    result = adapter.encode(outgoing)
    if result.rejected:
        raise ValueError(f"{adapter.name}: {dict(result.rejected)}")
    return list(result.items)


def write(name: str, case: Path) -> None:
    """Write one case's `decoded.jsonl` and `out`."""
    adapter = catalogue.load(name)
    meaning: list[dict[str, Any]] = []
    back: list[Item] = []
    for item in taken(case):
        decoded = adapter.decode(item)
        meaning += lines(item, decoded)
        back += encoded(adapter, decoded)
    text = "".join(json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n" for line in meaning)
    (case / "decoded.jsonl").write_text(text, "utf-8")
    shutil.rmtree(case / "out", ignore_errors=True)
    came = [_bytes(item) for item in taken(case)]
    if back and came != [_bytes(item) for item in back]:
        for item in back:
            items.write(item, case / "out")


def _bytes(item: Item) -> list[bytes]:
    return [data for _, data in sorted(item.parts.items())]


def main(arguments: Sequence[str]) -> int:
    """Run the command; answers its exit status."""
    if not arguments or arguments[0] not in catalogue.names():
        print(f"usage: python -m tools.golden NAME [CASE ...]; known: {', '.join(catalogue.names())}", file=sys.stderr)
        return 2
    name, *wanted = arguments
    samples = Path(str(catalogue.folder(name))) / "samples"
    for case in sorted(each for each in samples.iterdir() if each.is_dir() and (not wanted or each.name in wanted)):
        write(name, case)
        print(f"{name}/{case.name}{' (goes back different)' if (case / 'out').is_dir() else ''}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

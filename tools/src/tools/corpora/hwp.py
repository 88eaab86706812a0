"""`python -m tools.corpora hwp PATH`: what is read of a folder of Hangul documents, a line a kind, then each failure by name.

With `expected.jsonl` beside them (file, kind, encrypted, distribution, preview_text) the answers are judged by it; with
`pairs.jsonl` (hwp, hwpx) both files of a pair must read alike. Answers 1 when one fails.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from adapters.formats import hwp
from adapters.formats.hwp.coverage import coverage
from adapters.formats.hwp.plaintext import comparable

ENDINGS: Final = frozenset({".hwp", ".hwpx", ".hml", ".hwt", ".owpml"})
ENOUGH: Final = 0.98


@dataclass(slots=True)
class Tally:
    """What became of the files of one kind. seconds: of one processor."""

    files: int = 0
    locked: int = 0
    distributed: int = 0
    textless: int = 0
    shares: list[float] = field(default_factory=list)
    seconds: float = 0.0

    def line(self, kind: str) -> str:
        """One row of the table."""
        whole = sum(share >= ENOUGH for share in self.shares)
        mean = sum(self.shares) / len(self.shares) if self.shares else 0
        rate = self.files / self.seconds if self.seconds else 0
        return (
            f"| {kind} | {self.files} | {self.locked} | {self.distributed} | {self.textless} | {len(self.shares)} | "
            f"{whole} | {mean:.4f} | {rate:.0f} |"
        )


def main(arguments: Sequence[str]) -> int:
    """Read the folder and say what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tools.corpora hwp")
    parser.add_argument("path", type=Path)
    folder = parser.parse_args(arguments).path
    if not folder.is_dir():
        sys.stderr.write(f"{folder}: no folder\n")
        return 2
    expected = {row["file"]: row for row in _lines(folder / "expected.jsonl")}
    tallies: dict[str, Tally] = {}
    texts: dict[str, str] = {}
    failures: list[str] = []
    for path in documents(folder):
        name = path.relative_to(folder).as_posix()
        data = path.read_bytes()
        begun = time.process_time()
        read = hwp.read(data)
        spent = time.process_time() - begun
        texts[name] = read.numbered
        tally = tallies.setdefault(read.kind, Tally())
        failures += [f"{name}: {reason}" for reason in _judge(read, expected.get(name), tally)]
        tally.seconds += spent
    pairs = _lines(folder / "pairs.jsonl")
    unlike = [f"{pair['hwp']}: reads otherwise than its hwpx" for pair in pairs if not _alike(pair, texts)]
    _say(tallies, len(pairs), unlike, failures)
    return 1 if failures or unlike or not texts else 0


def documents(folder: Path) -> Iterator[Path]:
    """Give the files of the folder that bear a Hangul document's ending."""
    return (path for path in sorted(folder.rglob("*")) if path.suffix.lower() in ENDINGS and path.is_file())


def _lines(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def _judge(read: hwp.HwpText, expected: Mapping[str, Any] | None, tally: Tally) -> list[str]:
    """Count a file and give what is wrong with its reading."""
    reasons = []
    tally.files += 1
    tally.locked += "encrypted" in read.flags
    tally.distributed += "distribution" in read.flags
    tally.textless += not read.text.strip() and "encrypted" not in read.flags
    share = read.completeness
    if expected is not None:
        for what, said in (("encrypted", expected["encrypted"]), ("distribution", expected["distribution"])):
            if (what in read.flags) is not bool(said):
                reasons.append(f"{what} is {said}, not told so")
        if read.kind != expected["kind"]:
            reasons.append(f"kind is {expected['kind']}, read as {read.kind}")
        if read.readable and expected["preview_text"]:
            share = coverage(expected["preview_text"], comparable(read.sections))
    if share is not None:
        tally.shares.append(share)
        if share < ENOUGH:
            reasons.append(f"completeness {share:.3f}")
    if not read.text.strip() and not read.findings:
        reasons.append("silently empty")
    if not read.readable and "encrypted" not in read.flags:
        reasons.append("not read: " + ", ".join(finding.code for finding in read.findings))
    return reasons


def _alike(pair: Mapping[str, str], texts: Mapping[str, str]) -> bool:
    return texts.get(pair["hwp"]) == texts.get(pair["hwpx"]) is not None


def _say(tallies: Mapping[str, Tally], pairs: int, unlike: Sequence[str], failures: Sequence[str]) -> None:
    print("| kind | files | locked | distribution | no text | with preview | complete | mean | files/s |")
    print("|---|---|---|---|---|---|---|---|---|")
    for kind, tally in sorted(tallies.items()):
        print(tally.line(kind))
    print(f"pairs that read alike: {pairs - len(unlike)} of {pairs}")
    for failure in (*unlike, *failures):
        print(failure)

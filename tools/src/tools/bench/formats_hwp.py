"""Text of Hangul documents: files per second and completeness of ours and of rivals, on one corpus in one run.

A rival runs in the interpreter that has it (`--rivals PYTHON`, else this one). What it raises or gives as empty is counted.
Completeness is judged alike for all: the share of the 6-grams of each file's own preview that the text holds.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from adapters.formats import hwp
from adapters.formats.hwp.coverage import coverage
from adapters.runtime.sandbox import Sandbox
from tools.bench.figure import note, say
from tools.corpora.hwp import documents

# How each is asked for the whole text of a file, by its own manual, and what it says it reads.
_WITH: Final = "def read(path):\n    with {0}(path) as file: return file.extract_text()"
RIVALS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "unhwp": ("from unhwp import extract_text as read", (".hwp", ".hwpx", ".hml")),
    "hwp-hwpx-parser": ("from hwp_hwpx_parser import Reader\n" + _WITH.format("Reader"), (".hwp", ".hwpx", ".hml")),
    "python-hwpx": ("from hwpx import TextExtractor\n" + _WITH.format("TextExtractor"), (".hwpx",)),
}
_RUN: Final = """
import json, sys, time
exec(sys.argv[1])
texts, seconds = {}, 0.0
for path in json.load(sys.stdin):
    begun = time.perf_counter()
    try:
        text = read(path)
    except Exception:
        text = None
    seconds += time.perf_counter() - begun
    texts[path] = text
json.dump({"seconds": seconds, "texts": texts}, sys.stdout)
"""
ENOUGH: Final = 0.9
_TIMEOUT: Final = 900


@dataclass(frozen=True, slots=True)
class Score:
    """What one reader made of the corpus: previews found to nine tenths, texts empty that should not be, mean share."""

    per_s: float
    enough: int
    empty: int
    mean: float
    judged: int


def main(arguments: Sequence[str]) -> int:
    """Measure ours, then each rival that is installed; a figure a line."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench formats-hwp")
    parser.add_argument("path", type=Path)
    parser.add_argument("--rivals", default=sys.executable, help="an interpreter that has the rivals")
    asked = parser.parse_args(arguments)
    paths = [str(path) for path in documents(asked.path)]
    files = {path: Path(path).read_bytes() for path in paths}
    read = {path: hwp.read(data) for path, data in files.items()}
    # An encrypted file and one whose preview has no words judge nobody.
    previews = {path: each.preview or "" for path, each in read.items() if each.completeness is not None}
    note(f"{len(files)} files, {len(previews)} with a preview to judge by")
    rivals = _rivals(paths, previews, asked.rivals)
    ours = _ours(files, previews)
    say("formats_hwp_files_per_s", ours.per_s, "1/s", **_more(ours), rivals={k: _figures(v) for k, v in rivals.items()})
    say("formats_hwp_sandboxed_files_per_s", _sandboxed(files), "1/s", workers=2)
    return 0


def _ours(files: Mapping[str, bytes], previews: Mapping[str, str]) -> Score:
    begun = time.perf_counter()
    texts: dict[str, str | None] = {path: hwp.read(data).text for path, data in files.items()}
    return _score(texts, time.perf_counter() - begun, previews)


def _sandboxed(files: Mapping[str, bytes]) -> float:
    with Sandbox[hwp.HwpText]("adapters.formats.hwp:read", workers=2) as sandbox:
        list(sandbox.map(list(files.values())[:2]))
        begun = time.perf_counter()
        list(sandbox.map(files.values()))
        return len(files) / (time.perf_counter() - begun)


def _rivals(paths: Sequence[str], previews: Mapping[str, str], python: str) -> dict[str, Score]:
    scores = {}
    for name, (code, endings) in RIVALS.items():
        mine = [path for path in paths if path.lower().endswith(endings)]
        done = subprocess.run(
            [python, "-c", _RUN, code], input=json.dumps(mine), capture_output=True, text=True, check=False,
            timeout=_TIMEOUT,
        )  # fmt: skip
        if done.returncode:
            note(f"{name} is not installed there")
            continue
        answer = json.loads(done.stdout.splitlines()[-1])
        scores[name] = _score(
            answer["texts"], answer["seconds"], {path: previews[path] for path in mine if path in previews}
        )
    return scores


def _score(texts: Mapping[str, str | None], seconds: float, previews: Mapping[str, str]) -> Score:
    shares = [coverage(shown, texts.get(path) or "") or 0.0 for path, shown in previews.items()]
    empty = sum(not (texts.get(path) or "").strip() for path in previews)
    enough = sum(share >= ENOUGH for share in shares)
    return Score(len(texts) / seconds, enough, empty, sum(shares) / max(1, len(shares)), len(shares))


def _more(score: Score) -> dict[str, object]:
    return {"enough": score.enough, "empty": score.empty, "mean": round(score.mean, 4), "judged": score.judged}


def _figures(score: Score) -> dict[str, object]:
    return {"per_s": round(score.per_s, 1)} | _more(score)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

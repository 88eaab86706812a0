"""Golden samples of adapters: `samples/<case>/in/` items, `decoded.jsonl` what they mean, `out/` what goes back where that
differs from what came (NOTES.md of the adapter says why). Written by `python -m tools.golden`.
"""

import json
from pathlib import Path
from typing import Any

from adapters import catalogue
from tools.golden import encoded, lines, taken

__all__ = ["all_cases", "cases", "encoded", "golden", "lines", "taken"]


def cases(name: str) -> list[Path]:
    """Folders of an adapter's samples."""
    folder = Path(str(catalogue.folder(name))) / "samples"
    return sorted(each for each in folder.iterdir() if each.is_dir())


def all_cases() -> list[Any]:
    """Every case of every adapter, as (adapter, folder)."""
    return [(name, case) for name in catalogue.names() for case in cases(name)]


def golden(case: Path) -> list[dict[str, Any]]:
    """The lines a case was found to mean."""
    return [json.loads(line) for line in (case / "decoded.jsonl").read_text("utf-8").splitlines()]

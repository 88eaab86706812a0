"""The files a check looks at: tracked ones and new ones, without what git ignores."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

from tools.checkout import ROOT

GENERATED = "protos/gen/"


def paths(root: Path = ROOT) -> list[str]:
    """Relative paths, sorted; deleted files that are still in the index are left out."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        check=True,
    ).stdout
    return sorted(name for name in listed.decode().split("\0") if name and (root / name).is_file())


def texts(root: Path = ROOT) -> Iterator[tuple[str, str]]:
    """Path and content of every file that is UTF-8 text and not generated."""
    for name in paths(root):
        if name.startswith(GENERATED):
            continue
        try:
            yield name, (root / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue

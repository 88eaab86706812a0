"""The catalogue of adapters: the adapters' own command judges every agency folder and the generated table."""

import subprocess
import sys

from tools.checkout import ROOT
from tools.checks.finding import Finding

COMMAND = ROOT / "adapters" / "src" / "adapters" / "__main__.py"


def check() -> tuple[list[Finding], str]:
    """Ask `python -m adapters catalogue --check`; it prints one problem a line."""
    if not COMMAND.exists():
        return [], "no adapters yet"
    command = [sys.executable, "-m", "adapters", "catalogue", "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    said = (done.stdout + done.stderr).strip().splitlines()
    if done.returncode:
        return [Finding("adapters", 0, line) for line in said or ["failed without a message"]], ""
    return [], said[-1] if said else "in order"

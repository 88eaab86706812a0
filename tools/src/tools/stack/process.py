"""Background processes known by number *and* start time, so a number the system gave out again is never signalled."""

import atexit
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from tools.stack.account import Account

_CHILDREN: list[subprocess.Popen[bytes]] = []
"""Handles of what this run started: kept because the interpreter complains about a handle that dies before its process."""


@atexit.register
def _let_go() -> None:
    """Servers outlive the command that started them; a handle that dies beside its process would complain."""
    for child in _CHILDREN:
        if child.poll() is None:
            child.returncode = 0


class Process(msgspec.Struct, frozen=True):
    """One process; `started` is its start time in clock ticks since boot, empty where the system does not tell."""

    pid: int
    started: str


def started_at(pid: int) -> str | None:
    """Start time of a live process, or `None` when there is none (a zombie counts as none)."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return _without_proc(pid)
    # The command name is in brackets and may hold spaces and brackets: fields count from behind the last one.
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] in "ZX" else fields[19]


def _without_proc(pid: int) -> str | None:
    if Path("/proc/self/stat").exists():
        return None
    try:
        os.kill(pid, 0)
    except OSError:
        return None
    return ""


def alive(process: Process) -> bool:
    """Whether exactly this process still runs."""
    return started_at(process.pid) == process.started


def working_in(folder: Path) -> list[int]:
    """Numbers of the live processes whose current directory is `folder`."""
    return [int(place.parent.name) for place in Path("/proc").glob("[0-9]*/cwd") if _links_to(place, folder)]


def _links_to(place: Path, folder: Path) -> bool:
    try:
        return place.readlink() == folder
    except OSError:
        return False


def spawn(command: Sequence[str], env: Mapping[str, str], folder: Path, account: Account | None) -> Process:
    """Start `command` in its own session, as `account` (root only), with its output appended to `output.log` in `folder`."""
    with (folder / "output.log").open("ab") as log:
        child = subprocess.Popen(
            command,
            env=dict(env),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
    _CHILDREN.append(child)
    return Process(pid=child.pid, started=started_at(child.pid) or "")


def stop(process: Process, first: signal.Signals, seconds: float) -> None:
    """Send `first` and wait up to `seconds`; what still runs then is killed."""
    for number, patience in ((first, seconds), (signal.SIGKILL, 10.0)):
        if not alive(process):
            return
        os.kill(process.pid, number)
        deadline = time.monotonic() + patience
        while alive(process) and time.monotonic() < deadline:
            time.sleep(0.05)

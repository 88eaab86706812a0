"""A private PostgreSQL: data below `.run/`, loopback only, password, no socket file (a long path would not fit one)."""

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from tools.stack import ports, probe, process
from tools.stack.account import Account, data_folder, service_account
from tools.stack.failure import StackError
from tools.stack.state import USER, Server

PACKAGES = ("postgresql",)
DEBIAN_HOME = Path("/usr/lib/postgresql")

START_SECONDS = 600
"""A server that was not ended properly goes over all its files before it answers; one that cannot start ends by itself."""

SETTINGS = {
    # A small machine with two cores; durability stays as in production, since the tests judge it.
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "password_encryption": "scram-sha-256",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "wal_compression": "on",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
}


def find_binaries(home: Path = DEBIAN_HOME) -> Path | None:
    """Folder with `initdb` and `postgres`: Debian's newest version, else where PATH finds `initdb`."""
    versions = [place for place in home.glob("*/bin") if (place / "initdb").exists() and (place / "postgres").exists()]
    if versions:
        return max(versions, key=lambda place: [int(part) for part in re.findall(r"\d+", place.parent.name)])
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def start(root: Path, before: Server | None, record: Callable[[Server], None]) -> Server:
    """Start the instance of this checkout, creating its data once; returns when it answers a query.

    :raises StackError: with the end of its log.
    """
    binaries = find_binaries()
    if binaries is None:
        raise StackError("PostgreSQL is not installed")
    account = service_account("postgres", "nobody")
    # Data of one major version is closed to another: the folder carries the number.
    folder = data_folder(root, f"postgres-{_major(binaries)}", account)
    password = before.password if before and before.way == "private" and before.folder == str(folder) else ""
    server = Server(
        name="postgres",
        kind="postgres",
        way="private",
        password=password or os.urandom(12).hex(),
        ports=ports.choose(["main"], before.ports if before else {}),
        folder=str(folder),
    )
    if not password or not (folder / "data").exists():
        _create(binaries, folder, server.password, account)
    _configure(folder, server.ports["main"])
    clear_lock(folder / "data")
    _launch(server, binaries, account, record)
    return server


def clear_lock(data: Path, seconds: float = 10) -> None:
    """Remove the lock file of a killed server whose number is still held by a zombie.

    PostgreSQL takes the zombie for a running server and would refuse for ever where nobody collects it (containers without
    an init). Its own guard against leftover workers is lost with the file, so we wait for those to be gone first.
    """
    lock = data / "postmaster.pid"
    if not lock.exists():
        return
    pid = int(lock.read_text(encoding="utf-8").split("\n", 1)[0])
    if process.started_at(pid) is not None:
        return
    deadline = time.monotonic() + seconds
    while process.working_in(data):
        if time.monotonic() > deadline:
            raise StackError(f"workers of a killed PostgreSQL still run in {data}")
        time.sleep(0.1)
    lock.unlink(missing_ok=True)


def _launch(server: Server, binaries: Path, account: Account | None, record: Callable[[Server], None]) -> None:
    folder = Path(server.folder)
    (folder / "output.log").unlink(missing_ok=True)
    command = [str(binaries / "postgres"), "-D", str(folder / "data")]
    server.processes = [process.spawn(command, _environment(folder), folder, account)]
    record(server)
    try:
        server.version = probe.wait(lambda: probe.postgres(server.url), START_SECONDS, server.processes[0])
    except StackError as refusal:
        stop(server)
        log = (folder / "output.log").read_text(encoding="utf-8", errors="replace")
        raise StackError(f"PostgreSQL: {refusal}\n{log[-1500:]}") from None


def stop(server: Server) -> None:
    """End it: open sessions are cut, nothing committed is lost (SIGINT is PostgreSQL's fast shutdown)."""
    for known in server.processes:
        process.stop(known, signal.SIGINT, 30)


def _major(binaries: Path) -> str:
    said = subprocess.run([binaries / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"(\d+)", said)
    if not found:
        raise StackError(f"cannot read the version of {binaries}/postgres: {said!r}")
    return found[1]


def _environment(folder: Path) -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": str(folder)}


def _create(binaries: Path, folder: Path, password: str, account: Account | None) -> None:
    """Make the data folder beside its place and move it there, so an interrupted `initdb` leaves nothing half made."""
    fresh, secret = folder / "data.new", folder / "password"
    for old in (fresh, folder / "data"):
        shutil.rmtree(old, ignore_errors=True)
    secret.touch(mode=0o600)
    secret.write_text(password, encoding="utf-8")
    if account:
        os.chown(secret, account.uid, account.gid)
    flags = ["--locale=C.UTF-8", "--encoding=UTF8", f"--username={USER}", "--auth=scram-sha-256", "--no-sync"]
    done = subprocess.run(
        [binaries / "initdb", "-D", fresh, f"--pwfile={secret}", *flags],
        env=_environment(folder),
        cwd=folder,
        capture_output=True,
        text=True,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        check=False,
    )
    secret.unlink()
    if done.returncode:
        raise StackError(f"initdb: {done.stderr.strip()[-1500:]}")
    fresh.rename(folder / "data")


def _configure(folder: Path, port: int) -> None:
    lines = [f"{key} = '{value}'" for key, value in {**SETTINGS, "port": str(port)}.items()]
    (folder / "data" / "postgresql.conf").write_text("\n".join(lines) + "\n", encoding="utf-8")

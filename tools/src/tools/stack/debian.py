"""Packages of Debian and Ubuntu, installed without leaving a service running that nobody asked for.

A package starts its service, and enables it for the next boot; both are prevented, since our instances are private.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tools.stack.failure import StackError

POLICY = Path("/usr/sbin/policy-rc.d")
CREATE_CLUSTER = Path("/etc/postgresql-common/createcluster.conf")
SERVICES = ("rabbitmq-server.service", "postgresql.service")
MARK = "ONNARA_INSTALL"


def available() -> bool:
    """Whether we may install: root, with apt-get."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(packages: Sequence[str]) -> None:
    """Install `packages` and leave nothing running.

    :raises StackError: with apt's last lines.
    """
    mark = uuid.uuid4().hex
    quiet = ["-qq", "-o", "DPkg::Lock::Timeout=120", "-o", "Dpkg::Options::=--force-confold"]
    with _no_services():
        _apt(["update", *quiet], mark)
        _apt(["install", "--yes", "--no-install-recommends", *quiet, *packages], mark)
    _end_left_over(mark)


def _apt(arguments: list[str], mark: str) -> None:
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", MARK: mark}
    done = subprocess.run(
        ["apt-get", *arguments], env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
    )
    if done.returncode:
        last = "\n".join((done.stderr or done.stdout).strip().splitlines()[-5:])
        raise StackError(f"apt-get {arguments[0]} failed:\n{last}")


@contextmanager
def _no_services() -> Iterator[None]:
    """Forbid service starts while packages unpack, and PostgreSQL's ready-made system cluster."""
    ours = [place for place in (POLICY, CREATE_CLUSTER) if not place.exists()]
    enabled_before = {service for service in SERVICES if _systemctl("is-enabled", service)}
    if POLICY in ours:
        POLICY.write_text("#!/bin/sh\nexit 101\n", encoding="utf-8")
        POLICY.chmod(0o755)
    if CREATE_CLUSTER in ours:
        CREATE_CLUSTER.parent.mkdir(parents=True, exist_ok=True)
        CREATE_CLUSTER.write_text("create_main_cluster = false\n", encoding="utf-8")
    try:
        yield
    finally:
        if POLICY in ours:
            POLICY.unlink(missing_ok=True)
        if CREATE_CLUSTER in ours:
            _restore(CREATE_CLUSTER)
    for service in SERVICES:
        if service not in enabled_before:
            _systemctl("disable", service)


def _restore(file: Path) -> None:
    """Put the package's own version of a configuration file in place of ours; none was there before."""
    packaged = file.with_name(f"{file.name}.ucf-dist")
    if packaged.exists():
        packaged.replace(file)
    else:
        file.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            file.parent.rmdir()


def _systemctl(verb: str, service: str) -> bool:
    if not shutil.which("systemctl"):
        return False
    return subprocess.run(["systemctl", "--quiet", verb, service], capture_output=True, check=False).returncode == 0


def _end_left_over(mark: str) -> None:
    """End what an install script left behind (RabbitMQ's leaves an epmd): exactly the processes that carry our mark."""
    wanted = f"{MARK}={mark}".encode()
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if wanted in (place / "environ").read_bytes().split(b"\0"):
                os.kill(int(place.name), signal.SIGTERM)
        except OSError:  # gone meanwhile, or not ours to read
            continue

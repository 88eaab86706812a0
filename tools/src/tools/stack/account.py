"""Which account a server runs as, and a folder that account can reach.

PostgreSQL refuses to run as root, and a checkout below `/root` is closed to every other account; then the data goes to
`/var/tmp/onnara-<hash of the checkout>` and the state file points there.
"""

import contextlib
import hashlib
import os
import pwd
import re
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tools.stack.failure import StackError

SHELL_SAFE = re.compile(r"[A-Za-z0-9._/+-]{1,180}")
"""Paths the servers' own start scripts survive; anything else goes to the fallback folder."""


@dataclass(frozen=True, slots=True)
class Account:
    """A system account to give up root for."""

    name: str
    uid: int
    gid: int


def service_account(*names: str) -> Account | None:
    """Return the first of `names` that exists, or `None` when we are not root and servers run as ourselves."""
    if os.geteuid() != 0:
        return None
    for name in names:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise StackError(f"running as root, and none of these accounts exists to run a server as: {', '.join(names)}")


def checkout_hash(root: Path) -> str:
    """Eight hex digits that tell two checkouts on one machine apart."""
    return hashlib.sha256(str(root).encode()).hexdigest()[:8]


def reachable(folder: Path, account: Account | None) -> bool:
    """Whether `account` may enter `folder`; asked of the kernel, since access lists and mounts decide too."""
    if account is None:
        return os.access(folder, os.X_OK)
    asked = subprocess.run(
        ["test", "-x", folder], user=account.uid, group=account.gid, extra_groups=[], cwd="/", check=False
    )
    return asked.returncode == 0


def data_folder(root: Path, name: str, account: Account | None) -> Path:
    """Create (once) and return the private folder of server `name`, owned by its account."""
    run = run_folder(root)
    base = run if SHELL_SAFE.fullmatch(str(run)) and reachable(run, account) else _fallback(root)
    folder = base / name
    folder.mkdir(mode=0o700, exist_ok=True)
    if account:
        os.chown(folder, account.uid, account.gid)
    return folder


def run_folder(root: Path) -> Path:
    """Return `.run/` of the checkout; others may pass through it, nothing secret lies in it unprotected."""
    run = root / ".run"
    run.mkdir(exist_ok=True)
    run.chmod(0o755)
    return run


def fallback_place(root: Path) -> Path:
    """Where the data of this checkout goes when its servers cannot reach the checkout."""
    return Path("/var/tmp") / f"onnara-{checkout_hash(root)}"  # noqa: S108 (made below as ours, and no link)


def remove_fallback(root: Path) -> None:
    """Remove that folder once nothing is in it."""
    with contextlib.suppress(OSError):
        fallback_place(root).rmdir()


def _fallback(root: Path) -> Path:
    base = fallback_place(root)
    base.mkdir(mode=0o711, exist_ok=True)
    found = base.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise StackError(f"{base} belongs to someone else; remove it or move this checkout")
    base.chmod(0o711)
    return base

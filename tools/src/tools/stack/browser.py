"""Chromium for the tests that look at pages: found, else installed on Debian as root, with a font that has Hangul."""

import os
import shutil
import subprocess
from pathlib import Path

from tools.stack import debian
from tools.stack.failure import StackError

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = ("chromium", "fonts-noto-cjk")


def find() -> str | None:
    """Path of the browser: `ONNARA_CHROMIUM`, else by its usual names."""
    named = os.environ.get("ONNARA_CHROMIUM")
    if named:
        return named
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def has_hangul() -> bool:
    """Whether some installed font can draw Korean; without fontconfig there is none to ask."""
    if not shutil.which("fc-list"):
        return any(Path("/usr/share/fonts").rglob("*CJK*"))
    asked = subprocess.run(["fc-list", ":lang=ko", "file"], capture_output=True, text=True, check=False)
    return bool(asked.stdout.strip())


def provide() -> str:
    """Return the browser's path, installing what is missing where we may.

    :raises StackError: when there is no browser and we may not install one.
    """
    path = find()
    if path and (has_hangul() or not debian.available()):
        return path
    if not debian.available():
        raise StackError(
            "no Chromium: install it (Debian: apt-get install chromium fonts-noto-cjk), or name it in ONNARA_CHROMIUM"
        )
    debian.install(PACKAGES if path is None else PACKAGES[1:])
    path = find()
    if path is None:
        raise StackError("Chromium was installed and is still not found")
    return path

"""Files the browser loads: our own (``static/``) and the front-end packages, all served from this site.

Addresses carry a digest of the content, so they may be cached for a year; a package file that is not on the list is not served.
"""

import hashlib
from functools import cache
from pathlib import Path

from fastapi import FastAPI
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

# address prefix -> folder inside the packages
PACKAGES = {"krds": "krds-uiux/resources", "htmx": "htmx.org/dist"}


class Files:
    """Addresses of the files and where they lie."""

    def __init__(self, packages: Path, own: Path) -> None:
        self._folders = {"own": own, **{name: packages / folder for name, folder in PACKAGES.items()}}
        self.address = cache(self._address)

    def mount(self, app: FastAPI) -> None:
        """Serves every folder under ``/assets/<name>``."""
        for name, folder in self._folders.items():
            app.mount(f"/assets/{name}", _Cached(directory=folder), name=f"assets-{name}")

    def _address(self, name: str, path: str) -> str:
        digest = hashlib.sha256((self._folders[name] / path).read_bytes()).hexdigest()[:12]
        return f"/assets/{name}/{path}?v={digest}"


class _Cached(StaticFiles):
    """Static files with a lifetime: a year when the address names the version, a day else."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        lasting = scope["query_string"].startswith(b"v=")
        response.headers["Cache-Control"] = (
            "public, max-age=31536000, immutable" if lasting else "public, max-age=86400"
        )
        return response

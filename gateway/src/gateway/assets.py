"""Files the browser loads: our own (``static/``) and the front-end packages, all served from this site.

Addresses carry a digest of the content, so they may be cached for a year; a package file that is not on the list is not served.
"""

import base64
import hashlib
import json
from functools import cache, cached_property
from pathlib import Path

from fastapi import FastAPI
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

# address prefix -> folder inside the packages
PACKAGES = {"krds": "krds-uiux/resources", "htmx": "htmx.org/dist"}
# The body editor's parts, loaded by the browser as they are published: name of the module -> its file.
MODULES = {
    **{
        f"prosemirror-{part}": f"prosemirror-{part}/dist/index.js"
        for part in (
            "commands", "history", "inputrules", "keymap", "model", "schema-list", "state", "tables", "transform", "view",
        )
    },
    "orderedmap": "orderedmap/dist/index.js",
    "rope-sequence": "rope-sequence/dist/index.js",
    "w3c-keyname": "w3c-keyname/index.js",
}  # fmt: skip
STYLES = ("prosemirror-view/style", "prosemirror-tables/style")


class Files:
    """Addresses of the files and where they lie."""

    def __init__(self, packages: Path, own: Path) -> None:
        self._folders = {"own": own, **{name: packages / folder for name, folder in PACKAGES.items()}}
        for path in (*MODULES.values(), *(f"{style}/-" for style in STYLES)):
            folder = path.rpartition("/")[0]
            self._folders[folder.replace("/", "-")] = packages / folder
        self.address = cache(self._address)

    def mount(self, app: FastAPI) -> None:
        """Serves every folder under ``/assets/<name>``."""
        for name, folder in self._folders.items():
            app.mount(f"/assets/{name}", _Cached(directory=folder), name=f"assets-{name}")

    @cached_property
    def import_map(self) -> str:
        """Where the browser finds each module, as the JSON of an import map; own modules by ``onnara/<path>``."""
        own = sorted(path.relative_to(self._folders["own"]).as_posix() for path in self._folders["own"].rglob("*.js"))
        modules = {name: self._of_package(path) for name, path in MODULES.items()}
        modules |= {f"onnara/{path}": self.address("own", path) for path in own}
        return json.dumps({"imports": modules}, separators=(",", ":"))

    @cached_property
    def import_map_source(self) -> str:
        """The import map as a source of the content security policy."""
        digest = base64.b64encode(hashlib.sha256(self.import_map.encode()).digest()).decode()
        return f"'sha256-{digest}'"

    def style(self, folder: str, name: str) -> str:
        """Address of a package's style sheet."""
        return self._of_package(f"{folder}/{name}")

    def _of_package(self, path: str) -> str:
        folder, _, name = path.rpartition("/")
        return self.address(folder.replace("/", "-"), name)

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

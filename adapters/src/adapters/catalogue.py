"""The catalogue of adapters: finds the folders of `agencies`, reads their manifests, makes their adapters. Cached.

A folder with a `family.toml` holds a family: one adapter module for all, a folder with its own manifest for each. Names are
those of the innermost folders.
"""

from collections.abc import Mapping
from functools import cache
from importlib import import_module, resources
from importlib.resources.abc import Traversable

from adapters import manifest
from adapters.contract import Adapter
from adapters.manifest import Manifest

MANIFEST = "adapter.toml"
FAMILY = "family.toml"


class UnknownAdapterError(LookupError):
    """There is no adapter of this name. `known`: those there are."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        self.name = name
        self.known = known
        super().__init__(f"unknown adapter {name}; known: {', '.join(known)}")


@cache
def names() -> tuple[str, ...]:
    """Names of all adapters, sorted."""
    return tuple(sorted(_places()))


def folder(name: str) -> Traversable:
    """The folder of an adapter. Raises UnknownAdapterError."""
    found = resources.files("adapters.agencies")
    for part in place(name).split("/"):
        found = found / part
    return found


def place(name: str) -> str:
    """The folder of an adapter within `agencies`, `cities/city_busan` for a member of a family. Raises UnknownAdapterError."""
    if name not in _places():
        raise UnknownAdapterError(name, names())
    family = _places()[name]
    return f"{family}/{name}" if family else name


def family_of(name: str) -> str:
    """The family an adapter belongs to; empty for none. Raises UnknownAdapterError."""
    place(name)
    return _places()[name]


@cache
def manifest_of(name: str) -> Manifest:
    """The manifest of an adapter. Raises UnknownAdapterError, ManifestError."""
    return _read(name, (folder(name) / MANIFEST).read_text("utf-8"))


@cache
def load(name: str) -> Adapter:
    """The adapter of this name, one instance per process. Raises UnknownAdapterError, ManifestError."""
    return _made(name, manifest_of(name))


def load_with(name: str, text: str) -> Adapter:
    """A new adapter of this name with another manifest. Raises UnknownAdapterError, ManifestError."""
    return _made(name, _read(name, text))


@cache
def _places() -> Mapping[str, str]:
    """Give each adapter's family, empty for those of none, by the adapter's name."""
    found: dict[str, str] = {}
    for each in resources.files("adapters.agencies").iterdir():
        if not each.is_dir():
            continue
        if (each / MANIFEST).is_file():
            found[each.name] = ""
        elif (each / FAMILY).is_file():
            found |= {one.name: each.name for one in each.iterdir() if one.is_dir() and (one / MANIFEST).is_file()}
    return found


def _read(name: str, text: str) -> Manifest:
    family = family_of(name)
    if not family:
        return manifest.read(text, name)
    shared = (resources.files("adapters.agencies") / family / FAMILY).read_text("utf-8")
    return manifest.read(text, name, shared)


def _made(name: str, described: Manifest) -> Adapter:
    found: Adapter = import_module(f"adapters.agencies.{family_of(name) or name}.adapter").create(described)
    return found

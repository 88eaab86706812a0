"""The catalogue of adapters: finds the folders of `agencies`, reads their manifests, makes their adapters. Cached."""

from functools import cache
from importlib import import_module, resources
from importlib.resources.abc import Traversable

from adapters import manifest
from adapters.contract import Adapter
from adapters.manifest import Manifest

MANIFEST = "adapter.toml"


class UnknownAdapterError(LookupError):
    """There is no adapter of this name. `known`: those there are."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        self.name = name
        self.known = known
        super().__init__(f"unknown adapter {name}; known: {', '.join(known)}")


@cache
def names() -> tuple[str, ...]:
    """Names of all adapters, sorted."""
    agencies = resources.files("adapters.agencies")
    return tuple(sorted(each.name for each in agencies.iterdir() if each.is_dir() and (each / MANIFEST).is_file()))


def folder(name: str) -> Traversable:
    """The folder of an adapter. Raises UnknownAdapterError."""
    if name not in names():
        raise UnknownAdapterError(name, names())
    return resources.files("adapters.agencies") / name


@cache
def manifest_of(name: str) -> Manifest:
    """The manifest of an adapter. Raises UnknownAdapterError, ManifestError."""
    return manifest.read((folder(name) / MANIFEST).read_text("utf-8"), name)


@cache
def load(name: str) -> Adapter:
    """The adapter of this name, one instance per process. Raises UnknownAdapterError, ManifestError."""
    return _made(name, manifest_of(name))


def load_with(name: str, text: str) -> Adapter:
    """A new adapter of this name with another manifest. Raises UnknownAdapterError, ManifestError."""
    folder(name)
    return _made(name, manifest.read(text, name))


def _made(name: str, described: Manifest) -> Adapter:
    found: Adapter = import_module(f"adapters.agencies.{name}.adapter").create(described)
    return found

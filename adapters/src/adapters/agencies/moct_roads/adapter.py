"""Batches of the road works host: EBCDIC records to `RequestReceived`, one a request record, and back; answers likewise.

The copybook says where each field stands, the manifest where it goes; the engine reads and writes it.
"""

from importlib.resources import files

from adapters.canonical.hosts import host
from adapters.canonical.tabular import TabularAdapter
from adapters.formats.copybook import HostFile
from adapters.manifest import Manifest


def create(manifest: Manifest) -> "RoadsAdapter":
    """Make the adapter of a manifest."""
    return RoadsAdapter(manifest)


class RoadsAdapter(TabularAdapter):
    """Translates batches of the road works system. file: their layout."""

    def __init__(self, manifest: Manifest) -> None:
        text = files(__package__).joinpath(manifest.tables["layout"]["copybook"]).read_text("utf-8")
        codec = host(manifest, text)
        self.file: HostFile = codec.file
        super().__init__(manifest, codec)

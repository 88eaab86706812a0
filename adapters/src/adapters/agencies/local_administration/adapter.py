"""Requests of the local administration system: rows of its tables, and rows of answers. The manifest says it all."""

from adapters.canonical.polled import polled
from adapters.canonical.tabular import TabularAdapter
from adapters.manifest import Manifest


def create(manifest: Manifest) -> TabularAdapter:
    """Make the adapter of a manifest."""
    return TabularAdapter(manifest, polled(manifest))

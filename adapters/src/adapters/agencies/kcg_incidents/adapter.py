"""Incident reports of the Coast Guard: dBase tables with memo files, and answers. The manifest says it all."""

from adapters.canonical.dbase import dbase
from adapters.canonical.tabular import TabularAdapter
from adapters.manifest import Manifest


def create(manifest: Manifest) -> TabularAdapter:
    """Make the adapter of a manifest."""
    return TabularAdapter(manifest, dbase(manifest))

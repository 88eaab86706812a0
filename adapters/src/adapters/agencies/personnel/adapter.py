"""Nightly personnel files: lines of three kinds to reports of people, posts and absences, and back. The manifest says it all."""

from adapters.canonical.tabular import TabularAdapter
from adapters.canonical.tabular.layouts import marked
from adapters.manifest import Manifest


def create(manifest: Manifest) -> TabularAdapter:
    """Make the adapter of a manifest."""
    return TabularAdapter(manifest, marked(manifest))

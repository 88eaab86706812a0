"""Approval requests of the security service: NUL-separated records with a control file, and answers. The manifest says it all."""

from adapters.canonical.controlled import controlled
from adapters.canonical.tabular import TabularAdapter
from adapters.manifest import Manifest


def create(manifest: Manifest) -> TabularAdapter:
    """Make the adapter of a manifest."""
    return TabularAdapter(manifest, controlled(manifest))

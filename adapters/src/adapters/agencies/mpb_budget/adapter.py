"""Budget batches: fixed-width bytes to `RequestReceived`, one a detail record, and back; answers to `R` records and back.

The manifest says it all; the engine reads and writes it.
"""

from adapters.canonical.layouts import fixed
from adapters.canonical.tabular import TabularAdapter
from adapters.formats.fixedwidth import Layout
from adapters.manifest import Manifest


def create(manifest: Manifest) -> "BudgetAdapter":
    """Make the adapter of a manifest."""
    return BudgetAdapter(manifest)


class BudgetAdapter(TabularAdapter):
    """Translates batches of the budget system. layout: of its files."""

    def __init__(self, manifest: Manifest) -> None:
        codec = fixed(manifest)
        self.layout: Layout = codec.layout
        super().__init__(manifest, codec)

"""The table engine: an adapter out of a manifest and a codec of records, both directions from one mapping table."""

from adapters.canonical.tabular.adapter import TabularAdapter

__all__ = ["TabularAdapter"]

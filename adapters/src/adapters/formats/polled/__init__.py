"""Rows of another system's tables, as a connection to its database gives them: one row an item, a JSON object of column and text."""

from adapters.formats.polled.column import Column, column
from adapters.formats.polled.rows import Layout, Lines, PolledRows

__all__ = ["Column", "Layout", "Lines", "PolledRows", "column"]

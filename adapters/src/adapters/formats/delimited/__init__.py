"""Delimited text: CSV, TSV, NUL-separated. Bytes to rows and back; bytes are cut first and decoded after."""

from adapters.formats.delimited.codec import Delimited
from adapters.formats.delimited.dialect import Column, Dialect
from adapters.formats.delimited.marked import MarkedRows
from adapters.formats.delimited.rows import DelimitedRows

__all__ = ["Column", "Delimited", "DelimitedRows", "Dialect", "MarkedRows"]

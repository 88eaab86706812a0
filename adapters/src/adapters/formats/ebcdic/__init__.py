"""EBCDIC, as hosts write it: bytes to text and back, single-byte pages and the Korean mixed ones (IBM-933, IBM-1364).

In the mixed pages SO (0E) and SI (0F) wrap the two-byte letters and count in the width of a field; a field of two-byte
letters alone (PIC G, PIC N) has neither. Nothing is normalised; what cannot be read becomes a finding, never an exception.
"""

from adapters.formats.ebcdic.names import NAMES, page
from adapters.formats.ebcdic.page import SI, SO, Page

__all__ = ["NAMES", "SI", "SO", "Page", "page"]

"""Small Hangul documents made from nothing, of all four kinds, for tests and fuzzing: what a sample says in, bytes out.

One sample written as several kinds must read as one text. No document of anybody's is needed or shipped for it.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from tools.hangul import hwp3, hwp5, xmlkinds
from tools.hangul.sample import SAMPLE, Aside, Formula, Grid, Line

__all__ = ["SAMPLE", "WRITERS", "Aside", "Formula", "Grid", "Line"]

WRITERS: Final[Mapping[str, Callable[[Sequence[Line]], bytes]]] = {
    "hwp5": hwp5.write,
    "hwpx": xmlkinds.hwpx,
    "hwpml": xmlkinds.hwpml,
    "hwp3": hwp3.write,
}

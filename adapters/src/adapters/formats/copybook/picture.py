"""PICTURE strings: what stands in each place, how many digits, where the point is. `S9(7)V99` -> 9 digits, scale 2, signed."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from adapters.formats.copybook.source import CopybookError

Category = Literal["text", "edited-text", "number", "edited-number", "double", "float"]
_REPEAT: Final = re.compile(r"(CR|DB|.)\((\d{1,6})\)", re.IGNORECASE)
_ALLOWED: Final = re.compile(r"(?:CR|DB|[AXNGS9VPZ*+\-,.$₩\\B0/E])+", re.IGNORECASE)
_LARGEST: Final = 100_000


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture understood.

    Attributes:
        text: as written. places: written out, upper case, one character a place (S, V and P take none; CR and DB two).
        category: `text` X A; `double` G N; `number` 9 S V P; the edited kinds hold marks; `float` with E.
        size: characters on paper, without sign and point that are only meant.
        digits: decimal digits. scale: those right of the point; negative when P stands on the right.
        signed: S, or a mark for the sign.

    """

    text: str
    places: str
    category: Category
    size: int
    digits: int = 0
    scale: int = 0
    signed: bool = False


@lru_cache(maxsize=4096)
def picture(text: str) -> Picture:
    """Understand a picture.

    Raises:
        CopybookError: it is none.

    """
    if sum(int(match[2]) for match in _REPEAT.finditer(text)) > _LARGEST:
        raise CopybookError(f"picture {text} is too long")
    places = _REPEAT.sub(lambda match: match[1] * int(match[2]), text).upper()
    if not _ALLOWED.fullmatch(places):
        raise CopybookError(f"picture {text} is not understood")
    kinds = set(places)
    if kinds & set("GN"):
        return Picture(text, places, "double", len(places))
    if kinds & set("XA"):
        return Picture(text, places, "text" if kinds <= set("XA9") else "edited-text", len(places))
    if "E" in kinds:
        return Picture(text, places, "float", len(places.replace("V", "")), signed=True)
    return _number(text, places)


def _number(text: str, places: str) -> Picture:
    plain = set(places) <= set("S9VP")
    digits_at = "9" if plain else "9Z*"
    whole, point, part = places.partition("." if "." in places else "V")
    if not point and places.strip("S").startswith("P"):
        whole, part = "", places
    floating = {mark for mark in "+-$₩\\" if places.count(mark) > 1}
    count = sum(char in digits_at for char in places)
    # One place of a run that floats holds only the mark.
    count += sum(places.count(mark) - 1 for mark in floating)
    left = whole.count("P")
    right = part.count("P")
    after = sum(char in digits_at or char in floating for char in part)
    scale = after + right if right and not left else -left if left and not after else after
    signs = plain or (set(places).isdisjoint("+-") and "CR" not in places and "DB" not in places)
    return Picture(
        text,
        places,
        "number" if plain else "edited-number",
        sum(char not in "SVP" for char in places),
        count,
        scale,
        signed="S" in places or not signs,
    )

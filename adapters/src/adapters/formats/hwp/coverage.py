"""How complete a text is: the share of the preview's n-grams that the text holds. The preview is the writing program's own.

Blanks and the brackets that a preview puts round cells do not count; a preview ends in the middle of a word.
"""

from collections.abc import Iterator
from typing import Final

GRAM: Final = 6
# Hancom's program keeps about a thousand characters; a file that claims more is not believed further.
_MOST: Final = 2048
# A preview is the first page; text that stands this far behind cannot be it.
_REACH: Final = 400_000
_IGNORED: Final = ("<", ">", "\0", "\u200b", "\ufeff", "\u00ad")


def normal(text: str) -> str:
    """Take off what the comparison ignores."""
    # Splitting at blanks is many times faster than a pattern.
    text = "".join(text.split())
    for sign in _IGNORED:
        text = text.replace(sign, "")
    return text


def coverage(preview: str, text: str) -> float | None:
    """Give the share of the preview's n-grams in the text, 0 to 1; None when the preview holds nothing to compare."""
    wanted = normal(preview[:_MOST])
    if not wanted:
        return None
    held = normal(text[:_REACH])
    if len(wanted) <= GRAM:
        return 1.0 if wanted in held else 0.0
    total = len(wanted) - GRAM + 1
    return sum(_matches(wanted, held)) / total


def _matches(wanted: str, held: str) -> Iterator[int]:
    """Count n-grams run by run: where one is found, those that follow in both are found with it."""
    place, hint, last = 0, 0, len(wanted) - GRAM
    while place <= last:
        gram = wanted[place : place + GRAM]
        at = held.find(gram, hint, hint + 4096)
        if at < 0:
            at = held.find(gram)
        if at < 0:
            place += 1
            continue
        length = GRAM
        while place + length < len(wanted) and held[at + length : at + length + 1] == wanted[place + length]:
            length += 1
        count = length - GRAM + 1
        yield count
        place += count
        hint = at + count

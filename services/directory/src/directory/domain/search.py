"""What somebody types to find a unit, cut into what the index is asked for."""

from dataclasses import dataclass

LONGEST_QUERY = 100


@dataclass(frozen=True, slots=True)
class Words:
    """grams: pairs of characters the index knows. patterns: LIKE patterns that decide. whole, last: for the order; the last word is mostly the unit itself."""

    grams: tuple[str, ...]
    patterns: tuple[str, ...]
    whole: str
    last: str


def words_of(query: str) -> Words:
    """Words of a query: each must occur, anywhere in the full name without its spaces, or in the code."""
    words = query[:LONGEST_QUERY].lower().split()
    grams = {word[place : place + 2] for word in words for place in range(len(word) - 1)}
    return Words(
        tuple(sorted(grams)), tuple(f"%{escaped(word)}%" for word in words), "".join(words), words[-1] if words else ""
    )


def escaped(word: str) -> str:
    """A word with the characters that mean something to LIKE taken literally."""
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")

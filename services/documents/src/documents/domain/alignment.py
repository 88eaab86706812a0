"""Which parts of two sequences are the same: lines of a text or words of a line -> ``aligned`` -> matching stretches.

Parts that stand once on each side are anchors; between two anchors the same is done again. That takes time nearly in
proportion to the length, where the standard library's matcher takes the product of both.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Sequence
from difflib import SequenceMatcher

# Up to this product of lengths the exact search is cheap.
_EXACT = 4_000
_ROUNDS = 24


def aligned(before: Sequence[Hashable], after: Sequence[Hashable]) -> list[tuple[int, int, int]]:
    """Matching stretches (place before, place after, length) in order; they never cross."""
    found: list[tuple[int, int, int]] = []
    waiting = [(0, len(before), 0, len(after), 0)]
    while waiting:
        left, right, low, high, depth = waiting.pop()
        while left < right and low < high and before[left] == after[low]:
            found.append((left, low, 1))
            left, low = left + 1, low + 1
        while left < right and low < high and before[right - 1] == after[high - 1]:
            right, high = right - 1, high - 1
            found.append((right, high, 1))
        if left == right or low == high:
            continue
        if (right - left) * (high - low) <= _EXACT:
            found += _exact(before, after, (left, right, low, high))
        elif depth < _ROUNDS:
            waiting += _between(
                _anchors(before, after, (left, right, low, high)), (left, right, low, high), depth, found
            )
    return _joined(sorted(found))


def _exact(
    before: Sequence[Hashable], after: Sequence[Hashable], part: tuple[int, int, int, int]
) -> list[tuple[int, int, int]]:
    left, right, low, high = part
    matcher = SequenceMatcher(None, before[left:right], after[low:high], autojunk=False)
    return [(left + each.a, low + each.b, each.size) for each in matcher.get_matching_blocks() if each.size]


def _anchors(
    before: Sequence[Hashable], after: Sequence[Hashable], part: tuple[int, int, int, int]
) -> list[tuple[int, int]]:
    """Parts that stand once on each side, the longest row of them that does not cross."""
    left, right, low, high = part
    once = Counter(before[left:right])
    once_after = Counter(after[low:high])
    places = {after[place]: place for place in range(low, high) if once_after[after[place]] == 1}
    pairs = [
        (place, places[before[place]])
        for place in range(left, right)
        if once[before[place]] == 1 and before[place] in places
    ]
    return _rising(pairs)


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest part whose second places rise; the first ones do so already."""
    tails: list[int] = []
    ends: list[int] = []
    back: list[int] = []
    for number, (_, place) in enumerate(pairs):
        length = bisect_left(tails, place)
        back.append(ends[length - 1] if length else -1)
        if length == len(tails):
            tails.append(place)
            ends.append(number)
        else:
            tails[length], ends[length] = place, number
    row: list[tuple[int, int]] = []
    number = ends[-1] if ends else -1
    while number >= 0:
        row.append(pairs[number])
        number = back[number]
    return row[::-1]


def _between(
    anchors: Sequence[tuple[int, int]],
    part: tuple[int, int, int, int],
    depth: int,
    found: list[tuple[int, int, int]],
) -> list[tuple[int, int, int, int, int]]:
    """The parts between anchors, to be looked at in the same way; the anchors themselves are found."""
    if not anchors:
        return []
    left, right, low, high = part
    parts = []
    for place, other in [*anchors, (right, high)]:
        parts.append((left, place, low, other, depth + 1))
        left, low = place + 1, other + 1
    found += [(place, other, 1) for place, other in anchors]
    return parts


def _joined(found: Sequence[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    out: list[tuple[int, int, int]] = []
    for place, other, length in found:
        if out and out[-1][0] + out[-1][2] == place and out[-1][1] + out[-1][2] == other:
            out[-1] = (out[-1][0], out[-1][1], out[-1][2] + length)
        else:
            out.append((place, other, length))
    return out

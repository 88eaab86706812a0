"""Circles in links between codes: parents that are their own descendants, units that succeed themselves."""

from collections.abc import Iterator, Mapping, Sequence


def circles(links: Mapping[str, Sequence[str]]) -> list[tuple[str, ...]]:
    """Groups of codes of which each reaches all others (a code linked to itself counts), sorted. Linear in the links.

    Tarjan's algorithm without recursion: chains of a table may be longer than the stack of the interpreter.
    """
    search = _Search(links)
    for code in links:
        if code not in search.low:
            search.walk(code)
    return sorted(tuple(sorted(group)) for group in search.groups)


class _Search:
    """Depth-first search; ``low`` holds the earliest visited code that each code still reaches."""

    def __init__(self, links: Mapping[str, Sequence[str]]) -> None:
        self._links = links
        self._number: dict[str, int] = {}
        self._open: dict[str, None] = {}
        self.low: dict[str, int] = {}
        self.groups: list[list[str]] = []

    def walk(self, start: str) -> None:
        """Visits all that a code reaches."""
        path: list[tuple[str, Iterator[str]]] = [self._enter(start)]
        while path:
            code, ahead = path[-1]
            following = next(ahead, None)
            if following is None:
                path.pop()
                self._leave(code)
                if path:
                    above = path[-1][0]
                    self.low[above] = min(self.low[above], self.low[code])
            elif following not in self._number:
                path.append(self._enter(following))
            elif following in self._open:
                self.low[code] = min(self.low[code], self._number[following])

    def _enter(self, code: str) -> tuple[str, Iterator[str]]:
        self._number[code] = self.low[code] = len(self._number)
        self._open[code] = None
        return code, iter(self._links.get(code, ()))

    def _leave(self, code: str) -> None:
        """Closes the group whose first code this is."""
        if self.low[code] != self._number[code]:
            return
        group: list[str] = []
        while not group or group[-1] != code:
            group.append(self._open.popitem()[0])
        if len(group) > 1 or code in self._links.get(code, ()):
            self.groups.append(group)

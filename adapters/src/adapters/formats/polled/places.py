"""Where the values of a row stand in its bytes: a JSON object of texts, nulls and lists of such objects. Bytes -> places."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import msgspec

_TEXT: Final = rb'"(?:[^"\\\x00-\x1f]|\\.)*"'
_TOKEN: Final = re.compile(rb"\s*(?:(?P<text>" + _TEXT + rb")|(?P<null>null)|(?P<mark>[{}\[\]:,]))")
_MOST: Final = 20_000


@dataclass(frozen=True, slots=True)
class Place:
    """One value. path: of the lists around it, such as `APPR_LINE[1].`. offset: of the first byte between the quotation marks."""

    path: str
    name: str
    offset: int
    raw: bytes
    value: str | None


def places(raw: bytes) -> Iterator[Place]:
    """Give the values in their order, as far as the bytes are such an object; damaged ones show what there is."""
    path: list[tuple[str, int]] = []
    name = ""
    depth = at = 0
    is_name = True
    for _ in range(_MOST):
        match = _TOKEN.match(raw, at)
        if match is None:
            return
        at = match.end()
        mark = match["mark"]
        if mark is None:
            if is_name:
                name = _said(match["text"]) or "" if match["text"] is not None else ""
                continue
            yield _place(match, "".join(f"{each}[{number}]." for each, number in path), name)
            continue
        is_name = mark in {b"{", b","}
        if mark == b":":
            is_name = False
        elif mark == b"[":
            path.append((name, 0))
        elif mark == b"]":
            if path:
                path.pop()
        elif mark == b"{":
            depth += 1
            if path:
                path[-1] = (path[-1][0], path[-1][1] + 1)
        elif mark == b"}":
            depth -= 1
            if depth <= 0:
                return


def _place(match: re.Match[bytes], path: str, name: str) -> Place:
    if match["text"] is None:
        return Place(path, name, match.start("null"), match["null"], None)
    raw = match["text"]
    return Place(path, name, match.start("text") + 1, raw[1:-1], _said(raw))


def _said(raw: bytes) -> str | None:
    try:
        return msgspec.json.decode(raw, type=str)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None

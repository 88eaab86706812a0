"""Where the leaves of an envelope stand in its bytes, for a person who looks for what is wrong: names beside bytes.

Bytes as they came, with their parts, are searched for tags; values that others refer to (`href="#id1"`) are shown under the
name of whoever refers to them. Nothing is judged here: damaged bytes show what there is.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from adapters.formats.charset import decode_cp949

_TAG: Final = re.compile(
    rb"<!--.*?-->|<(?P<close>/)?(?:[\w.-]+:)?(?P<name>[^\s<>/:?!]+)(?P<attributes>(?:[^<>\"']|\"[^\"]*\"|'[^']*')*?)(?P<empty>/)?>"
    rb"(?:<!\[CDATA\[(?P<cdata>.*?)\]\]>|(?P<text>[^<]*))",
    re.DOTALL,
)
_HREF: Final = re.compile(rb"""(?:^|\s)(?:[\w.-]+:)?(?:href|ref)\s*=\s*["']#?([^"']{1,80})["']""")
_ID: Final = re.compile(rb"""(?:^|\s)(?:[\w.-]+:)?id\s*=\s*["']([^"']{1,80})["']""")
_BODY: Final = "Body"
# Nobody reads more, and a message of hostile making has millions.
MOST_TAGS: Final = 50_000


@dataclass(frozen=True, slots=True)
class Place:
    """One leaf. path: elements from the call's own on, without it. offset: in the bytes given."""

    path: tuple[str, ...]
    offset: int
    raw: bytes

    @property
    def text(self) -> str:
        """What it says."""
        try:
            found = self.raw.decode("utf-8")
        except UnicodeDecodeError:
            found = decode_cp949(self.raw)[0]
        return html.unescape(found)


def places(data: bytes) -> list[Place]:
    """Find the leaves of an envelope, in the order they stand."""
    found: list[tuple[tuple[str, ...], bytes, int, bytes]] = []
    referred: dict[bytes, tuple[tuple[str, ...], bytes]] = {}
    for path, home, attributes, offset, raw in _walked(data):
        if (href := _HREF.search(attributes)) is not None:
            referred.setdefault(href[1], (path, home))
        if raw.strip():
            found.append((path, home, offset, raw))
    return [Place(_resolved(path, home, referred), offset, raw) for path, home, offset, raw in found]


def _walked(data: bytes) -> Iterator[tuple[tuple[str, ...], bytes, bytes, int, bytes]]:
    """Go through the elements below the body: path below its entry, the entry's id, attributes, place and bytes of the text."""
    open_: list[str] = []
    home = b""
    for match in islice(_TAG.finditer(data), MOST_TAGS):
        if match["name"] is None:
            continue
        name = match["name"].decode("utf-8", "replace")
        if match["close"]:
            while open_ and open_.pop() != name:
                continue
            continue
        begun = open_.index(_BODY) if _BODY in open_ else -1
        if begun >= 0:
            path = tuple(open_[begun + 2 :])
            if len(open_) == begun + 1:
                home = identity[1] if (identity := _ID.search(match["attributes"])) else b""
                path = ()
            else:
                path = (*path, name)
            group = "cdata" if match["cdata"] is not None else "text"
            yield path, home, match["attributes"], match.start(group), match[group]
        if not match["empty"]:
            open_.append(name)


def _resolved(
    path: tuple[str, ...], home: bytes, referred: dict[bytes, tuple[tuple[str, ...], bytes]]
) -> tuple[str, ...]:
    """Put the referrer's path before that of what it refers to."""
    seen: set[bytes] = set()
    while home in referred and home not in seen:
        seen.add(home)
        above, home = referred[home]
        path = above + path
    return path

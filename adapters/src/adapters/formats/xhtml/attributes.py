"""Which attributes of strangers' HTML stay, and with which values. Used by `clean` and `tables`."""

import re
from collections.abc import Callable

from lxml import etree

from adapters.formats.xhtml.subset import ATTRIBUTES, ID, SCHEME, SCHEMES, STYLE_VALUE, STYLES, WORDS


class Attributes:
    """Chooses attributes for one fragment; ids stay unique in it."""

    def __init__(self, note: Callable[[str, str], None]) -> None:
        self._note = note
        self._ids: set[str] = set()

    def keep(self, tag: str, element: etree._Element) -> dict[str, str]:
        """Give the attributes that may stand on `tag`, repaired; notes `xhtml-attribute` for each one left out."""
        kept: dict[str, str] = {}
        for raw_name, raw in element.attrib.items():
            name = str(raw_name).lower()
            value = self._value(tag, name, str(raw)) if name in ATTRIBUTES[tag] else None
            if value is None:
                self._note("xhtml-attribute", f"{tag}@{name}")
            else:
                kept[name] = value
        if tag == "img":
            kept.setdefault("alt", "")
        return kept

    def _value(self, tag: str, name: str, value: str) -> str | None:
        if (words := WORDS.get((tag, name))) is not None:
            return self._word(value, words)
        if name == "id":
            return self._id(value)
        if name == "headers":
            # Cells it names may have been left out; the reader sees no difference.
            return None
        if name == "style":
            return _style(value)
        if name in {"href", "longdesc", "src"}:
            return self._address(name, value)
        return value

    def _word(self, value: str, words: frozenset[str]) -> str | None:
        word = value.strip().lower()
        if word in words:
            return word
        if word in {"justify", "adjust"}:
            return next((other for other in ("adjust", "justify") if other in words), None)
        return "nowrap" if word == "" and words == {"nowrap"} else None

    def _id(self, value: str) -> str | None:
        if ID.fullmatch(value) is None or value in self._ids:
            return None
        self._ids.add(value)
        return value

    def _address(self, name: str, value: str) -> str | None:
        """Refuse addresses that run code, and pictures from outside: a picture's address names a content of the pack."""
        visible = re.sub(r"[\x00-\x20]", "", value)
        scheme = SCHEME.match(visible)
        if name == "src":
            return None if scheme or visible.startswith("//") or not visible else value
        return value if scheme is None or scheme[1].lower() in SCHEMES else None


def _style(value: str) -> str | None:
    kept: list[str] = []
    for part in value.split(";"):
        name, _, setting = part.partition(":")
        name, setting = name.strip().lower(), setting.strip()
        if name in STYLES and STYLE_VALUE.fullmatch(setting):
            kept.append(f"{name}:{setting}")
    return ";".join(kept) or None

"""Tolerant reading of elements: text in whatever order it stands, with missing and misplaced ones noted.

Used by the readers of `pubdoc` and `exchange`: an lxml element goes in, plain values come out, findings gather in `notes`.
"""

from collections.abc import Iterator, Sequence

from lxml import etree

from adapters.formats.findings import Finding, reject, repair


class Reader:
    """Reads the children of elements of one file; `notes` holds what was wrong."""

    def __init__(self, notes: list[Finding], rel: str = "") -> None:
        """`rel`: range of relay error codes, added to the parameters of each missing part."""
        self.notes = notes
        self._rel = rel

    def child(self, parent: etree._Element | None, tag: str, *, required: bool = False) -> etree._Element | None:
        """Give the first child of the tag, None if there is none; a required one that is missing is noted as reject."""
        found = parent.find(tag) if parent is not None else None
        if found is None and required:
            self.missing(tag, parent)
        return found

    def missing(self, tag: str, parent: etree._Element | None) -> None:
        """Note a required element that is not there."""
        path = tag if parent is None else f"{parent.tag}/{tag}"
        self.notes.append(reject("element-missing", path, rel=self._rel))

    def text(self, parent: etree._Element | None, tag: str) -> str:
        """Give the trimmed text of a required child, empty when it is missing (noted)."""
        return trimmed(self.child(parent, tag, required=True))

    def maybe(self, parent: etree._Element | None, tag: str) -> str | None:
        """Give the trimmed text of an optional child, None when it is missing."""
        found = self.child(parent, tag)
        return None if found is None else trimmed(found)

    def word(self, element: etree._Element | None, name: str, allowed: Sequence[str], default: str | None) -> str:
        """Give an attribute out of a vocabulary.

        A missing one gives the default, noted when there is none; another word is kept as it stands and noted.
        """
        value = element.get(name) if element is not None else None
        tag = str(element.tag) if element is not None else ""
        if value is None:
            if default is None:
                self.notes.append(reject("attribute-missing", f"{tag}@{name}", rel=self._rel))
            return default or ""
        value = str(value).strip()
        if value not in allowed:
            self.notes.append(
                reject("attribute-value-unknown", f"{tag}@{name}", value=value, allowed=" ".join(allowed))
            )
        return value

    def attribute(self, element: etree._Element | None, name: str) -> str:
        """Give a required attribute, empty when it is missing (noted)."""
        value = element.get(name) if element is not None else None
        if value is None and element is not None:
            self.notes.append(reject("attribute-missing", f"{element.tag}@{name}", rel=self._rel))
        return str(value or "").strip()

    def order(self, parent: etree._Element | None, tags: Sequence[str]) -> None:
        """Note children out of the order of `tags`, and children that are none of them."""
        if parent is None:
            return
        seen = [str(child.tag) for child in parent]
        known = [tag for tag in seen if tag in tags]
        if known != sorted(known, key=tags.index):
            self.notes.append(repair("element-order", str(parent.tag), order=" ".join(known)))
        for tag in dict.fromkeys(tag for tag in seen if tag not in tags):
            self.notes.append(repair("element-unknown", f"{parent.tag}/{tag}"))


def trimmed(element: etree._Element | None) -> str:
    """Give the text of an element and of markup inside it, without blanks around."""
    return raw(element).strip(" \t\r\n")


def raw(element: etree._Element | None) -> str:
    """Give the text of an element as it stands."""
    if element is None:
        return ""
    return "".join(element.itertext()) if len(element) else (element.text or "")


def children(parent: etree._Element | None, tag: str) -> Iterator[etree._Element]:
    """Give the children of the tag; none for None."""
    return parent.iterfind(tag) if parent is not None else iter(())

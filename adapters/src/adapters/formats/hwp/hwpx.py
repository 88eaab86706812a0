"""HWPX packages (OWPML, KS X 6101): members of a zip archive to sections of blocks.

The package's list (`content.hpf`) says which sections there are and in what order; without it their names do.
"""

import re
from typing import Final

from adapters.formats.findings import reject, repair
from adapters.formats.hwp.archive import Archive
from adapters.formats.hwp.numbering import Headings
from adapters.formats.hwp.reading import Reading
from adapters.formats.hwp.xmlbody import Element, XmlBody, attribute, name_of
from adapters.formats.hwp.xmlhead import headings_of
from adapters.formats.hwp.xmltree import parse

_MIME: Final = b"application/hwp+zip"
_SECTION: Final = re.compile(r"(?:.*/)?section(\d{1,5})\.xml", re.IGNORECASE)
_VERSION: Final = re.compile(rb'(?:major|minor|micro|buildNumber)="(\d{1,5})"')
_CHANGES: Final = re.compile(rb"<(?:\w+:)?trackChange\s")


def read(data: bytes, reading: Reading) -> None:
    """Read a package into the reading. Raises FormatError only for `hwp-too-large`."""
    archive = Archive(data, reading)
    mime = archive.read("mimetype") or b""
    if not mime.startswith(_MIME) and not any(_SECTION.fullmatch(name) for name in archive.members):
        reading.flags.discard("damaged")
        reading.findings.clear()
        reading.say(reject("hwp-kind-unknown"))
        return
    reading.kind = "hwpx"
    if version := archive.read("version.xml"):
        reading.version = ".".join(part.decode() for part in _VERSION.findall(version))
    if _encrypted(archive):
        reading.flags.add("encrypted")
        reading.say(reject("hwp-encrypted", protection="password"))
        return
    reading.preview = _preview(archive.read("Preview/PrvText.txt"))
    _Package(archive, reading).sections()


def _encrypted(archive: Archive) -> bool:
    manifest = archive.read("META-INF/manifest.xml") or b""
    wanted = [member for name, member in archive.members.items() if _SECTION.fullmatch(name)]
    return b"encryption-data" in manifest or any(member.encrypted for member in wanted)


def _preview(data: bytes | None) -> str | None:
    if not data:
        return None
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    return data.decode("utf-8-sig", "replace")


class _Package:
    """The parts of one package."""

    def __init__(self, archive: Archive, reading: Reading) -> None:
        self._archive = archive
        self._reading = reading
        self._items: dict[str, str] = {}
        self._order: list[str] = []

    def sections(self) -> None:
        """Read the sections in order."""
        self._list()
        names = [name for name in self._order if _SECTION.fullmatch(name)]
        numbered = [(int(match[1]), name) for name in self._archive.members if (match := _SECTION.fullmatch(name))]
        names += [name for _, name in sorted(numbered) if name not in names]
        body = XmlBody(self._reading, self._headings(), self._master_page)
        for name in names:
            root = self._part(name)
            if root is not None:
                self._reading.sections.append(body.section(root))

    def _list(self) -> None:
        name = next((name for name in self._archive.members if name.lower().endswith(".hpf")), "")
        root = self._part(name) if name else None
        if root is None:
            return
        spine: list[str] = []
        for element in root.iter():
            kind = name_of(element)
            if kind == "item":
                self._items[attribute(element, "id")] = self._resolved(attribute(element, "href"))
            elif kind == "itemref":
                spine.append(attribute(element, "idref"))
        for identity in spine:
            found = self._items.get(identity, "")
            if _SECTION.fullmatch(found) and found not in self._order:
                if found in self._archive.members:
                    self._order.append(found)
                else:
                    self._reading.damaged(found, "missing")

    def _resolved(self, href: str) -> str:
        href = href.replace("\\", "/").removeprefix("./").removeprefix("/")
        return next((name for name in (href, f"Contents/{href}") if name in self._archive.members), href)

    def _part(self, name: str) -> Element | None:
        data = self._archive.read(name)
        if data is None:
            return None
        if _CHANGES.search(data):
            self._reading.flags.add("changes-tracked")
            self._reading.say(repair("hwp-changes-tracked"))
        return parse(data, self._reading, name)

    def _headings(self) -> Headings:
        name = next((name for name in self._archive.members if name.lower().endswith("header.xml")), "")
        root = self._part(name) if name else None
        return Headings() if root is None else headings_of(root)

    def _master_page(self, identity: str) -> Element | None:
        name = self._items.get(identity) or f"Contents/{identity}.xml"
        return self._part(name)

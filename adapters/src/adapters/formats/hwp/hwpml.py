"""HWPML: a whole document as one XML file, to sections of blocks. It keeps no preview."""

import re
from typing import Final

from adapters.formats.findings import reject, repair
from adapters.formats.hwp.numbering import Headings
from adapters.formats.hwp.reading import Reading
from adapters.formats.hwp.xmlbody import XmlBody, attribute, name_of
from adapters.formats.hwp.xmlhead import headings_of
from adapters.formats.hwp.xmltree import parse

_ROOT: Final = re.compile(rb"<HWPML[\s>]", re.IGNORECASE)
_WIDE: Final = ("utf-16-le", "utf-16-be")


def looks_like(data: bytes) -> bool:
    """Tell whether the root of an HWPML file stands near the beginning."""
    head = data[:4096]
    return bool(_ROOT.search(head)) or any("<HWPML".encode(each) in head for each in _WIDE)


def read(data: bytes, reading: Reading) -> None:
    """Read an XML file into the reading. Raises FormatError only for `hwp-too-large`."""
    reading.spend(len(data))
    root = parse(data, reading, "file")
    if root is None:
        reading.kind = "hwpml"
        reading.say(reject("hwp-unreadable", reason="xml"))
        return
    if name_of(root) != "hwpml":
        reading.flags.discard("damaged")
        reading.findings.clear()
        reading.say(reject("hwp-kind-unknown"))
        return
    reading.kind = "hwpml"
    reading.version = attribute(root, "Version")
    parts = {name_of(child): child for child in root}
    body = XmlBody(reading, headings_of(parts["head"]) if "head" in parts else Headings())
    if "body" not in parts:
        reading.damaged("BODY", "missing")
        return
    for section in parts["body"]:
        if name_of(section) == "section":
            reading.sections.append(body.section(section))
    if b"<TRACKCHANGE" in data:
        reading.flags.add("changes-tracked")
        reading.say(repair("hwp-changes-tracked"))

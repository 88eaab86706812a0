"""Bytes of a control file to `Control`. Read as any stranger's XML: no network, no entities (`xmlsafe`)."""

from typing import Final

from lxml import etree

from adapters.formats import xmlsafe
from adapters.formats.control.model import OWN, PARTIES, PARTY, Control, ListedFile
from adapters.formats.findings import Finding, FormatError, reject, repair

_MAX_BYTES: Final = 4 * 1024 * 1024
_MOST_FILES: Final = 20_000
_MOST_DIGITS: Final = 15


def read_control(data: bytes, name: str) -> tuple[Control, list[Finding]]:
    """Read a control file; answers what was noticed, too.

    Args:
        data: the file's bytes.
        name: its name, for the findings.

    Raises:
        FormatError: `control-unreadable` (no list of files, or another kind of file), or what `xmlsafe.parse` raises.

    """
    root, prepared = xmlsafe.parse(data, max_bytes=_MAX_BYTES)
    findings = list(prepared.findings)
    if root.tag != "exchange":
        raise FormatError([reject("control-unreadable", name, name=name, reason=f"<{root.tag}>")])
    lists = root.findall("fileList")
    if not lists:
        raise FormatError([reject("control-unreadable", name, name=name, reason="fileList")])
    entries = [entry for found in lists for entry in found.findall("file")]
    if len(entries) > _MOST_FILES:
        raise FormatError([reject("control-unreadable", name, name=name, reason=f"{len(entries)} > {_MOST_FILES}")])
    values = {each: _said(root, each) for each in OWN}
    for side in PARTIES:
        party = root.find(side)
        values |= {f"{side}.{each}": _said(party, each) for each in PARTY}
    known = {"fileList", *PARTIES}
    findings += [
        repair("element-unknown", f"exchange/{tag}")
        for tag in dict.fromkeys(str(child.tag) for child in root)
        if tag not in known
    ]
    return Control.of(values, tuple(_file(entry) for entry in entries)), findings


def _said(element: etree._Element | None, name: str) -> str:
    return "" if element is None else str(element.get(name) or "").strip()


def _file(entry: etree._Element) -> ListedFile:
    size = _said(entry, "size")
    number = int(size) if size.isascii() and size.isdigit() and len(size) <= _MOST_DIGITS else None
    return ListedFile(_said(entry, "name"), number, _said(entry, "path"))

"""Holds XML against the document types beside this file. Used on every output in tests, and on output in production.

The document types are parsed once per thread: libxml2 compiles content models lazily while validating, so one must not
be shared between threads.
"""

import io
import threading
from importlib import resources
from typing import Final, Literal

from lxml import etree

from adapters.formats.findings import Finding, FormatError, reject
from adapters.formats.xmlsafe import MAX_BYTES, parse

DtdName = Literal["pack", "pubdoc", "exchange", "exchange_mis"]
_MARKUP: Final = "xhtml4pubdoc.mod"
_LIMIT: Final = 20
_local = threading.local()


def validate(name: DtdName, data: bytes, *, max_bytes: int = MAX_BYTES) -> list[Finding]:
    """Validate a whole file.

    Returns:
        Nothing when valid; else at most 20 findings `dtd-invalid` with element, line and the validator's reason, or
        what kept the file from being read.

    """
    try:
        root, prepared = parse(data, max_bytes=max_bytes)
    except FormatError as error:
        return list(error.findings)
    wanted = "EXCHANGE" if name.startswith("exchange") else name
    if prepared.doctype not in {None, wanted}:
        return [reject("dtd-invalid", element=str(root.tag), line="1", reason=f"document type {prepared.doctype}")]
    if root.tag != wanted:
        return [reject("dtd-invalid", element=str(root.tag), line="1", reason=f"root element is not {wanted}")]
    return validate_element(name, root)


def validate_element(name: DtdName, element: etree._Element) -> list[Finding]:
    """Validate an element and all below it, whatever it is, against the declarations of a document type."""
    dtd = _dtd(name)
    if dtd.validate(element):
        return []
    return [
        reject("dtd-invalid", element=str(entry.path or element.tag), line=str(entry.line), reason=str(entry.message))
        for entry in list(dtd.error_log)[:_LIMIT]
    ]


def _dtd(name: DtdName) -> etree.DTD:
    cache: dict[str, etree.DTD] = _local.__dict__
    dtd = cache.get(name)
    if dtd is None:
        dtd = cache[name] = _load(name)
    return dtd


def _load(name: DtdName) -> etree.DTD:
    """Parse a document type; the body markup is put in by hand, since nothing may be fetched while parsing."""
    folder = resources.files(__package__)
    text = (folder / f"{name}.dtd").read_text("utf-8")
    markup = (folder / _MARKUP).read_text("utf-8")
    text = text.replace(f'<!ENTITY % body-markup SYSTEM "{_MARKUP}">\n%body-markup;', markup)
    return etree.DTD(io.BytesIO(text.encode("utf-8")))

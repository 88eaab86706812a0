"""Text of Hangul documents (HWP 5, HWPX, HWPML, HWP 3): bytes in, text, tables and findings out; no file is silently empty.

`read` never raises for what is in a file; run it through `adapters.runtime.sandbox` where files come from strangers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from adapters.formats.findings import Finding, FormatError, loss, reject, rejected, repair
from adapters.formats.hwp import archive, compound, hwp3, hwp5, hwpml, hwpx
from adapters.formats.hwp.coverage import coverage
from adapters.formats.hwp.model import Block, Flag, Kind, Limits, Note, Paragraph, Section, Table, blocks_of
from adapters.formats.hwp.plaintext import comparable, render
from adapters.formats.hwp.reading import Reading

__all__ = ["Flag", "HwpText", "Kind", "Limits", "Note", "Paragraph", "Section", "Table", "read"]

_DEFAULT: Final = Limits()
# Files under the document security programs that agencies use (Fasoo, SoftCamp, NASCA) begin so, whatever is inside.
_WRAPPERS: Final = (b"DRMONE", b"SCDSA00", b"NASCA DRM FILE")
# Below this share of the preview something was left out.
ENOUGH: Final = 0.9


@dataclass(frozen=True, slots=True)
class HwpText:
    """What a document says.

    Attributes:
        text: as typed, a line a paragraph or row of cells; without drawn numbers (see `numbered`).
        sections: the same as a tree. version: as the file says it.
        completeness: share of the n-grams of the file's own preview found in the text, 0 to 1; None: no preview to compare.
        preview: the beginning of the text as the writing program kept it; None: nothing kept.

    """

    text: str
    sections: Sequence[Section]
    kind: Kind
    version: str
    flags: frozenset[Flag]
    completeness: float | None
    findings: tuple[Finding, ...]
    preview: str | None = None

    @property
    def readable(self) -> bool:
        """Whether the text may be used; otherwise a finding says why not."""
        return not rejected(self.findings)

    @property
    def numbered(self) -> str:
        """The text with the numbers and bullets that the program draws before paragraphs."""
        return render(self.sections, labels=True) if self.sections else self.text

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks of all sections."""
        return tuple(block for section in self.sections for block in section)

    @property
    def tables(self) -> tuple[Table, ...]:
        """All tables, outer ones first."""
        return tuple(block for block in blocks_of(self.blocks) if isinstance(block, Table))


def read(data: bytes, limits: Limits = _DEFAULT) -> HwpText:
    """Read a document of any of the four kinds, told by its first bytes and not by its name.

    An encrypted, unknown or unreadable file has no text and a finding of severity `reject`; a damaged one has what could be
    read and findings of severity `loss`.
    """
    reading = Reading(limits)
    try:
        _dispatch(data, reading)
    except FormatError as error:
        reading.findings += error.findings
    except RecursionError:
        reading.limited("file", "nesting")
    return _judged(reading)


def _dispatch(data: bytes, reading: Reading) -> None:
    if len(data) > reading.limits.input_bytes:
        raise FormatError([reject("hwp-too-large", bytes=str(len(data)), limit=str(reading.limits.input_bytes))])
    if not data:
        raise FormatError([reject("file-empty")])
    if data.startswith(compound.SIGNATURE):
        hwp5.read(data, reading)
    elif data.startswith(hwp3.SIGNATURE):
        hwp3.read(data, reading)
    elif data.startswith(b"PK"):
        hwpx.read(data, reading)
    elif hwpml.looks_like(data):
        hwpml.read(data, reading)
    elif archive.SIGNATURE in data[:4096]:
        hwpx.read(data[data.index(archive.SIGNATURE) :], reading)
    elif any(sign in data[:64] for sign in _WRAPPERS):
        reading.flags.add("encrypted")
        raise FormatError([reject("hwp-encrypted", protection="drm")])
    else:
        raise FormatError([reject("hwp-kind-unknown")])


def _judged(reading: Reading) -> HwpText:
    """Make the answer; a text that is empty or short of the preview is never given without a word about it."""
    text = render(reading.sections)
    share = None
    if reading.preview is not None and reading.sections and "encrypted" not in reading.flags:
        share = coverage(reading.preview, comparable(reading.sections))
    refused = rejected(reading.findings)
    if share is not None and share < ENOUGH:
        reading.say(loss("hwp-preview-differs", percent=str(int(share * 100))))
    if not text.strip() and not refused:
        text = _empty(reading)
    return HwpText(
        text,
        tuple(reading.sections),
        reading.kind,
        reading.version,
        frozenset(reading.flags),
        share,
        tuple(reading.findings),
        reading.preview,
    )


def _empty(reading: Reading) -> str:
    """Say why there is no text; a preview stands in for a body that could not be read."""
    preview = (reading.preview or "").replace("\r\n", "\n").strip()
    if "damaged" in reading.flags or not reading.sections:
        if preview:
            reading.flags.add("preview-only")
            reading.say(loss("hwp-preview-only"))
            return preview
        reading.say(reject("hwp-unreadable", reason="body"))
    elif reading.objects:
        reading.say(loss("hwp-no-text", objects=str(reading.objects)))
    else:
        reading.say(repair("hwp-blank"))
    return ""

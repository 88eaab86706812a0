"""HWP 5 files: streams of a compound file to sections of blocks. Encrypted and distribution files are told as such.

Source: Hancom, "Hwp Document File Formats 5.0" revision 1.3, section 3.2.
"""

import re
import struct
from typing import Final

from adapters.formats.findings import loss, reject, repair
from adapters.formats.hwp import distribution
from adapters.formats.hwp.compound import Compound, NotCompoundError
from adapters.formats.hwp.docinfo import headings_of
from adapters.formats.hwp.hwp5body import Body
from adapters.formats.hwp.numbering import Headings
from adapters.formats.hwp.reading import Reading, inflate
from adapters.formats.hwp.records import PARA_HEADER, tree

_SIGNATURE: Final = b"HWP Document File"
_SECTION: Final = re.compile(r"(?:(BodyText|ViewText)/)?Section(\d{1,5})")
_COMPRESSED, _PASSWORD, _DISTRIBUTION, _DRM, _CERTIFICATE, _CERTIFICATE_DRM = 1, 2, 4, 16, 256, 1024
_CHANGES: Final = 1 << 14


def read(data: bytes, reading: Reading) -> None:
    """Read a compound file into the reading. Raises FormatError only for `hwp-too-large`."""
    reading.kind = "hwp5"
    try:
        file = Compound(data)
    except NotCompoundError:
        reading.say(reject("hwp-unreadable", reason="container"))
        return
    header = file.read("FileHeader") or b""
    if not header.startswith(_SIGNATURE) or len(header) < 40:
        if not any(_SECTION.fullmatch(path) for path in file.paths):
            reading.kind = "unknown"
            reading.say(reject("hwp-unreadable", reason="container") if file.broken else reject("hwp-kind-unknown"))
            return
        reading.damaged("FileHeader", "missing")
        flags = _COMPRESSED
    else:
        version, flags = struct.unpack_from("<II", header, 32)
        reading.version = ".".join(str(version >> shift & 0xFF) for shift in (24, 16, 8, 0))
    preview = file.read("PrvText")
    if preview:
        reading.preview = preview[: len(preview) & ~1].decode("utf-16-le", "replace").rstrip("\0")
    if flags & (_PASSWORD | _DRM | _CERTIFICATE | _CERTIFICATE_DRM):
        reading.flags.add("encrypted")
        reading.say(reject("hwp-encrypted", protection=_protection(flags)))
        return
    if flags & _CHANGES:
        reading.flags.add("changes-tracked")
        reading.say(repair("hwp-changes-tracked"))
    _sections(file, flags, reading)
    if file.broken:
        reading.damaged("file", "container")


def _protection(flags: int) -> str:
    return "password" if flags & _PASSWORD else "certificate" if flags & _CERTIFICATE else "drm"


def _sections(file: Compound, flags: int, reading: Reading) -> None:
    places = [(match[1] or "", int(match[2]), path) for path in file.paths if (match := _SECTION.fullmatch(path))]
    views = [place for place in places if place[0] == "ViewText"]
    distributed = bool(flags & _DISTRIBUTION)
    if distributed:
        reading.flags.add("distribution")
        reading.say(repair("hwp-distribution"))
    chosen = views if distributed and views else [place for place in places if place[0] != "ViewText"]
    body = Body(reading, _headings(file, flags, reading))
    wanted = range(max((number for _, number, _ in chosen), default=-1) + 1)
    found = {number for _, number, _ in chosen}
    for number in [number for number in wanted if number not in found][:100]:
        reading.damaged(f"Section{number}", "missing")
    for _, number, path in sorted(chosen, key=lambda place: place[1]):
        stream = file.read(path) or b""
        if path.startswith("ViewText/"):
            plain = distribution.unlocked(stream)
            if plain is None and distributed:
                reading.say(loss("hwp-distribution-locked", path))
                continue
            stream = stream if plain is None else plain
        if flags & _COMPRESSED and not _starts_plainly(stream):
            stream = inflate(stream, reading, f"Section{number}")
        else:
            reading.spend(len(stream))
        reading.sections.append(body.section(tree(stream, reading, f"Section{number}")))


def _starts_plainly(stream: bytes) -> bool:
    """Tell whether a section begins with a paragraph's record although the file says it is packed: some writers err."""
    return len(stream) >= 4 and int.from_bytes(stream[:4], "little") & 0xFFFFF == PARA_HEADER


def _headings(file: Compound, flags: int, reading: Reading) -> Headings:
    stream = file.read("DocInfo")
    if not stream:
        reading.damaged("DocInfo", "missing")
        return Headings()
    return headings_of(inflate(stream, reading, "DocInfo") if flags & _COMPRESSED else stream)

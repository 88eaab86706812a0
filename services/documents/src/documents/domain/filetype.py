"""What a file is by its content: first bytes and name -> ``Kind``. Programs are told apart, whatever they are called.

The libraries for this know neither HWP nor HWPX and take one office format for another; the few the field uses are here.
"""

import re
from dataclasses import dataclass

# How much of a file has to be seen.
HEAD = 64 * 1024
UNKNOWN = "application/octet-stream"
_OOXML = "application/vnd.openxmlformats-officedocument."
_ZIPPED = (
    (b"word/", f"{_OOXML}wordprocessingml.document"),
    (b"xl/", f"{_OOXML}spreadsheetml.sheet"),
    (b"ppt/", f"{_OOXML}presentationml.presentation"),
)
_MIMETYPE = re.compile(rb"mimetype(application/[A-Za-z0-9.+-]{1,80}?)(?=PK|\x00|$)")
_CLASSES = (b"META-INF/MANIFEST.MF", b".class", b"classes.dex")
_SIGNATURES = (
    (0, b"%PDF-", "application/pdf"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF8", "image/gif"),
    (0, b"BM", "image/bmp"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (0, b"HWP Document File", "application/x-hwp"),
    (0, b"{\\rtf", "application/rtf"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"EGGA", "application/x-egg"),
    (0, b"ALZ\x01", "application/x-alz"),
    (0, b"ID3", "audio/mpeg"),
    (4, b"ftyp", "video/mp4"),
    (0, b"RIFF", "video/x-msvideo"),
    (257, b"ustar", "application/x-tar"),
)
_PROGRAMS = (
    (b"MZ", "Windows"),
    (b"\x7fELF", "ELF"),
    (b"\xcf\xfa\xed\xfe", "Mach-O"),
    (b"\xce\xfa\xed\xfe", "Mach-O"),
    (b"\xca\xfe\xba\xbe", "Java"),
    (b"dex\n", "Android"),
    (b"#!", "script"),
    (b"L\x00\x00\x00\x01\x14\x02\x00", "shortcut"),
    (b"!<arch>\n", "package"),
    (b"\xed\xab\xee\xdb", "package"),
)
# Texts that run when they are opened; their content looks like any other text.
_RUN_BY_NAME = frozenset(
    {
        "bat", "cmd", "com", "cpl", "dll", "exe", "gadget", "hta", "jar", "js", "jse", "lnk", "msc", "msi", "msp", "pif",
        "ps1", "psm1", "reg", "scf", "scr", "sct", "sh", "url", "vb", "vbe", "vbs", "wsc", "wsf", "wsh", "apk", "app",
    }
)  # fmt: skip
_BY_NAME = {
    "txt": "text/plain", "csv": "text/csv", "xml": "application/xml", "json": "application/json", "html": "text/html",
    "htm": "text/html", "md": "text/markdown", "hwp": "application/x-hwp", "hwpx": "application/hwp+zip",
    "doc": "application/msword", "xls": "application/vnd.ms-excel", "ppt": "application/vnd.ms-powerpoint",
}  # fmt: skip
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_STREAMS = (
    ("HwpSummaryInformation", "application/x-hwp"),
    ("WordDocument", "application/msword"),
    ("Workbook", "application/vnd.ms-excel"),
    ("PowerPoint Document", "application/vnd.ms-powerpoint"),
)


@dataclass(frozen=True, slots=True)
class Kind:
    """media_type: of the content. program: what kind of program it is; empty for what does not run."""

    media_type: str
    program: str = ""


def kind_of(head: bytes, name: str) -> Kind:
    """What a file is. head: its first 64 KiB, or all of it. The content wins; the name decides where it says nothing."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    for sign, program in _PROGRAMS:
        if head.startswith(sign) and not (program == "Windows" and _is_text(head)):
            return Kind(UNKNOWN, program)
    if ending in _RUN_BY_NAME:
        return Kind(UNKNOWN, ending)
    if head.startswith(b"PK\x03\x04"):
        return _zipped(head)
    if head.startswith(_OLE):
        return Kind(_compound(head, ending))
    for place, sign, media_type in _SIGNATURES:
        if head[place : place + len(sign)] == sign and not (len(sign) == 2 and _is_text(head)):
            return Kind(media_type)
    return Kind(_BY_NAME.get(ending, "text/plain") if _is_text(head) else UNKNOWN)


def _zipped(head: bytes) -> Kind:
    declared = _MIMETYPE.search(head[:256])
    if declared:
        return Kind(declared[1].decode("ascii"))
    if any(sign in head for sign in _CLASSES):
        return Kind("application/java-archive", "Java")
    if b"[Content_Types].xml" in head or b"_rels/.rels" in head:
        return Kind(next((media_type for sign, media_type in _ZIPPED if sign in head), "application/zip"))
    return Kind("application/zip")


def _compound(head: bytes, ending: str) -> str:
    """A compound file by its streams, as far as they stand in the head, else by the name."""
    found = (media_type for stream, media_type in _OLE_STREAMS if stream.encode("utf-16-le") in head)
    return next(found, "") or _BY_NAME.get(ending, "application/x-ole-storage")


def _is_text(head: bytes) -> bool:
    """True for UTF-8 or the Korean charset without signs that texts lack; the cut end of a letter does not count."""
    if not head or any(byte < 9 or 13 < byte < 27 for byte in head[:4096]):
        return False
    for charset in ("utf-8", "cp949"):
        for cut in range(4):
            try:
                head[: len(head) - cut].decode(charset)
            except UnicodeDecodeError:
                continue
            return True
    return False

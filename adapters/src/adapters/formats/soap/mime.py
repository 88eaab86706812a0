"""Multipart bodies (SOAP with attachments, MTOM): apart and together, byte for byte."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message as Headers
from email.parser import HeaderParser
from typing import Final
from urllib.parse import quote

from adapters.formats.findings import FormatError, reject
from adapters.formats.soap.model import Part

MOST_PARTS: Final = 200
MOST_HEADER: Final = 16 * 1024
_BLANK_LINE: Final = re.compile(rb"\r?\n[ \t]*\r?\n")
_ROOT: Final = "envelope@onnara"


@dataclass(frozen=True, slots=True)
class Parcel:
    """The envelope's bytes, the charset its own header names, and what came beside it."""

    envelope: bytes
    charset: str
    parts: Mapping[str, Part]


def apart(data: bytes, content_type: str) -> Parcel:
    """Takes a body apart; one that is not multipart is the envelope itself.

    Raises:
        FormatError: `mime-boundary-missing`, `mime-part-malformed`, `mime-too-many-parts`, `mime-root-missing`.

    """
    headers = _headers(b"Content-Type: " + content_type.encode("latin-1", "replace"))
    if headers.get_content_maintype() != "multipart":
        return Parcel(data, str(headers.get_param("charset") or ""), {})
    boundary = str(headers.get_param("boundary") or "").encode("latin-1", "replace")
    if not boundary or b"--" + boundary not in data:
        raise FormatError([reject("mime-boundary-missing", boundary=boundary.decode("latin-1"))])
    found = [_part(piece) for piece in _pieces(data, b"--" + boundary)]
    if not found:
        raise FormatError([reject("mime-root-missing")])
    start = _id(str(headers.get_param("start") or ""))
    at = next((place for place, (head, _) in enumerate(found) if start and _id(head.get("Content-ID", "")) == start), 0)
    root, envelope = found.pop(at)
    parts = {}
    for number, (head, content) in enumerate(found, 1):
        name = _id(head.get("Content-ID", "")) or head.get("Content-Location", "") or f"part-{number}"
        parts[name] = Part(content, head.get_content_type(), _file_name(head))
    return Parcel(envelope, str(root.get_param("charset") or ""), parts)


def together(
    envelope: bytes, envelope_type: str, parts: Mapping[str, Part], *, optimized: bool = False
) -> tuple[bytes, str]:
    """A multipart/related body and its content type. The same input yields the same bytes.

    optimized: values of the envelope stand in the parts (MTOM, XOP 4.1), and the headers say so.
    """
    digest = hashlib.sha256(envelope)
    for name, part in sorted(parts.items()):
        digest.update(name.encode() + part.data)
    boundary = f"onnara-{digest.hexdigest()[:32]}"
    media = envelope_type.partition(";")[0]
    kind, more = media, ""
    if optimized:
        kind, more = "application/xop+xml", f'; start-info="{media}"'
        envelope_type = envelope_type.replace(media, kind, 1) + f'; type="{media}"'
    pieces = [_written(boundary, _ROOT, envelope_type, "", envelope)]
    pieces += [_written(boundary, name, part.media_type, part.name, part.data) for name, part in parts.items()]
    body = b"".join(pieces) + f"--{boundary}--\r\n".encode()
    return body, f'multipart/related; type="{kind}"; start="<{_ROOT}>"{more}; boundary="{boundary}"'


def _written(boundary: str, name: str, media_type: str, file_name: str, data: bytes) -> bytes:
    lines = [
        f"--{boundary}",
        f"Content-Type: {media_type}",
        "Content-Transfer-Encoding: binary",
        f"Content-ID: <{name}>",
    ]
    if file_name:
        lines.append(f"Content-Disposition: attachment; filename*=UTF-8''{quote(file_name, safe='')}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + data + b"\r\n"


def _pieces(data: bytes, delimiter: bytes) -> list[bytes]:
    """Bytes between delimiters that stand at the beginning of a line; a last one may be missing its end."""
    places = [
        match.start() for match in re.finditer(rb"(?:\A|(?<=\n))" + re.escape(delimiter) + rb"(?=--|[ \t]*\r?\n)", data)
    ]
    if len(places) > MOST_PARTS + 2:
        raise FormatError([reject("mime-too-many-parts", limit=str(MOST_PARTS))])
    pieces = []
    for number, place in enumerate(places):
        begin = place + len(delimiter)
        if data[begin : begin + 2] == b"--":
            break
        begin = data.index(b"\n", begin) + 1
        end = places[number + 1] if number + 1 < len(places) else len(data)
        piece = data[begin:end]
        # The line end before a delimiter belongs to the delimiter.
        pieces.append(piece[:-2] if piece.endswith(b"\r\n") else piece.removesuffix(b"\n"))
    return pieces


def _part(piece: bytes) -> tuple[Headers, bytes]:
    head, content = b"", piece
    if not piece.startswith((b"\r\n", b"\n")):
        blank = _BLANK_LINE.search(piece, 0, MOST_HEADER)
        if blank is None:
            raise FormatError([reject("mime-part-malformed")])
        head, content = piece[: blank.start()], piece[blank.end() :]
    else:
        content = piece[2:] if piece.startswith(b"\r\n") else piece[1:]
    headers = _headers(head)
    encoding = str(headers.get("Content-Transfer-Encoding", "")).strip().lower()
    if encoding in {"base64", "quoted-printable"}:
        headers.set_payload(content.decode("ascii", "replace"))
        decoded = headers.get_payload(decode=True)
        content = decoded if isinstance(decoded, bytes) else b""
    return headers, content


def _file_name(head: Headers) -> str:
    """As announced; old toolkits put the bytes of their own charset into the header. Raises FormatError."""
    try:
        name = str(head.get_filename() or head.get_param("name") or "")
    except (ValueError, LookupError):
        # RFC 2231 lets a parameter name its charset, which may be anything.
        raise FormatError([reject("mime-part-malformed")]) from None
    try:
        raw = name.encode("latin-1")
    except UnicodeEncodeError:
        return name
    for charset in ("utf-8", "cp949"):
        try:
            return raw.decode(charset)
        except UnicodeDecodeError:
            continue
    return name


def _headers(head: bytes) -> Headers:
    # As latin-1 every byte stays what it is until somebody knows better.
    return HeaderParser().parsestr(head.decode("latin-1").strip() + "\r\n\r\n")


def _id(text: str) -> str:
    return text.strip().removeprefix("<").removesuffix(">")

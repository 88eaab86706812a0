"""Base64 as packs hold it: names in Base64 of EUC-KR (or of what a sender took for it), contents with blanks inside."""

import binascii
from typing import Final

from adapters.formats.charset import decode_cp949, looks_like_utf8
from adapters.formats.findings import Finding, reject, repair

_BLANKS: Final = b" \t\r\n\0"


class Wire:
    """Decodes the Base64 parts of one pack and notes what was wrong with them in `findings`."""

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings

    def name(self, field: str, raw: str) -> str:
        """Decode a name. A name that was never encoded is taken as it stands; UTF-8 inside is accepted; both noted."""
        if not raw.strip():
            return ""
        data = _base64(raw.encode("utf-8"))
        if data is None:
            self.findings.append(repair("base64-missing", field, value=raw[:40]))
            return raw.strip()
        if looks_like_utf8(data):
            self.findings.append(repair("charset-declared-wrong", field, declared="euc-kr", actual="utf-8"))
            return data.decode("utf-8")
        text, found = decode_cp949(data, field=field)
        if any(finding.code != "hangul-composed" for finding in found) and not raw.rstrip().endswith("="):
            self.findings.append(repair("base64-missing", field, value=raw[:40]))
            return raw.strip()
        self.findings += found
        return text

    def data(self, field: str, raw: bytes, transfer: str) -> bytes:
        """Decode a content; `transfer` is its content-transfer-encoding."""
        data = _base64(raw)
        if data is not None:
            return data
        if transfer != "base64" or b"<" in raw:
            self.findings.append(repair("base64-missing", field, value=raw[:40].decode("utf-8", "replace")))
            return raw.strip(_BLANKS)
        self.findings.append(reject("base64-invalid", field, value=raw[:40].decode("utf-8", "replace")))
        return b""


def _base64(raw: bytes) -> bytes | None:
    """Decode Base64 with blanks anywhere and with or without padding; None if it is none."""
    packed = raw.translate(None, _BLANKS).rstrip(b"=")
    try:
        return binascii.a2b_base64(packed + b"=" * (-len(packed) % 4), strict_mode=True)
    except binascii.Error:
        return None

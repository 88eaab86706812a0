"""Korean character sets: bytes to text and back, by the rules the field needs. Used by every codec of this package.

"EUC-KR" in a header is nearly always CP949 (the Windows superset), so CP949 is what is read and written. Text is never
normalised: 270 CP949 characters would change under NFC. Cuts happen at character borders of the target charset.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from adapters.formats.findings import Finding, FormatError, loss, reject, repair

UnencodablePolicy = Literal["reject", "substitute"]

_CP949_NAMES: Final = frozenset(
    {
        "",
        "euc-kr",
        "euckr",
        "ks_c_5601-1987",
        "ks_c_5601",
        "ksc5601",
        "ksc_5601",
        "cp949",
        "ms949",
        "windows-949",
        "uhc",
        "x-windows-949",
    }
)
# Other names are not looked up: some codecs of the standard library are no charsets, and slow on hostile input.
_OTHERS: Final = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "utf-16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "us-ascii": "ascii",
    "ascii": "ascii",
    "iso-8859-1": "latin-1",
    "windows-1252": "cp1252",
    "johab": "johab",
    "ks_c_5601-1992": "johab",
    "iso-2022-kr": "iso2022_kr",
}
_COMPOSITION: Final = re.compile("\u3164([\u3131-\u314e])([\u314f-\u3163])([\u3131-\u314e\u3164])")
_LEADS: Final = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_TAILS: Final = "\u3164ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
_EAST_ASIAN: Final = re.compile(
    "[\x00-\x7f\u1100-\u11ff\u2010-\u2312\u2460-\u27bf\u3000-\u33ff\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef\u00a0-\u00ff]*"
)
_HANGUL: Final = re.compile("[\uac00-\ud7a3]")

# After so many findings of a kind nobody reads on; damage without end must not cost time without end.
_ENOUGH: Final = 20

# Blanks that turn up in keyed data; a field of nothing else is empty.
BLANKS: Final = " \t\r\n\0\u3000\u00a0\ufeff\u200b"

# Seen look-alikes of characters CP949 lacks: the left one is what other systems make of the same key.
SUBSTITUTES: Final[Mapping[str, str]] = {
    "\u301c": "\uff5e",  # wave dash, fullwidth tilde
    "\u2027": "\u00b7",  # hyphenation point, middle dot
    "\u30fb": "\u00b7",  # katakana middle dot
    "\u2022": "\u00b7",  # bullet
    "\u2212": "-",  # minus sign
    "\u2010": "-",  # hyphen
    "\u2011": "-",  # non-breaking hyphen
    "\u2013": "\u2015",  # en dash
    "\u2014": "\u2015",  # em dash
    "\u00a0": " ",  # no-break space
    "\u2003": "\u3000",  # em space
    "\u20a9": "\uffe6",  # won sign
    "\u00a9": "(c)",
    "\u200b": "",  # zero width space: invisible, and its place is reported
    "\ufeff": "",
}
GETA: Final = "\u3013"  # the printers' mark for a missing character; stands in KS X 1001 at A1EB


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, the charset it was really in (`cp949` or a codec name), and what was noticed."""

    text: str
    charset: str
    findings: tuple[Finding, ...] = ()


def is_blank(text: str) -> bool:
    """Tell whether the text holds only blanks, the odd ones of keyed data included."""
    return not text.strip(BLANKS)


def looks_like_utf8(data: bytes) -> bool:
    """Tell whether the bytes are valid UTF-8 that holds Hangul and nothing a Korean text would not hold."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return _HANGUL.search(text) is not None and _EAST_ASIAN.fullmatch(text) is not None


def decode_declared(data: bytes, declared: str | None, *, field: str | None = None) -> Decoded:
    """Decode text whose charset someone declared, believing the bytes more than the declaration.

    Args:
        data: the bytes, without a byte order mark.
        declared: name from an XML declaration, a `charset` attribute or None; empty is taken as EUC-KR.
        field: put into the findings.

    Raises:
        FormatError: `charset-invalid` when neither the declared family nor UTF-8 fits.

    """
    name = (declared or "").strip().lower()
    if name in _CP949_NAMES:
        return _decode_korean(data, declared or "", field)
    codec = _OTHERS.get(name)
    if codec is not None:
        try:
            return Decoded(data.decode(codec), codec)
        except UnicodeDecodeError:
            pass
    return _noting(_decode_korean(data, "", field), name, field)


def _noting(decoded: Decoded, declared: str, field: str | None) -> Decoded:
    finding = repair("charset-declared-wrong", field, declared=declared, actual=decoded.charset)
    return Decoded(decoded.text, decoded.charset, (finding, *decoded.findings))


def _decode_korean(data: bytes, declared: str, field: str | None) -> Decoded:
    if data.isascii():
        return Decoded(data.decode("ascii"), "cp949")
    if looks_like_utf8(data):
        findings = (repair("charset-declared-wrong", field, declared=declared, actual="utf-8"),) if declared else ()
        return Decoded(data.decode("utf-8"), "utf-8", findings)
    text, found = decode_cp949(data, field=field)
    if any(finding.severity == "reject" for finding in found):
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            raise FormatError(found) from None
        return Decoded(text, "utf-8", (repair("charset-declared-wrong", field, declared=declared, actual="utf-8"),))
    return Decoded(text, "cp949", tuple(found))


def decode_cp949(data: bytes, *, field: str | None = None, base: int = 0) -> tuple[str, list[Finding]]:
    """Decode CP949, joining the 8-byte compositions some writers make of rare syllables.

    Args:
        data: the bytes.
        field: name, for the findings.
        base: absolute offset of the first byte, for the findings.

    Returns:
        The text and the findings: `hangul-cut` (a lone first half at the very end, dropped), `hangul-composed`,
        and with severity reject `charset-invalid`, in whose place U+FFFD stands.

    """
    findings: list[Finding] = []
    try:
        text = data.decode("cp949")
    except UnicodeDecodeError:
        text = _walk(data, findings, field, base)
    if "\u3164" in text:
        text = _compose(text, findings, field, base)
    return text, findings


def _walk(data: bytes, findings: list[Finding], field: str | None, base: int) -> str:
    """Go through the bytes character by character, so that a cut at the end is told from damage inside."""
    out: list[str] = []
    start, end = 0, len(data)
    while start < end:
        try:
            out.append(data[start:].decode("cp949"))
            break
        except UnicodeDecodeError as error:
            bad = start + error.start
            out.append(data[start:bad].decode("cp949"))
            if bad == end - 1 and 0x81 <= data[bad] <= 0xFE:
                findings.append(loss("hangul-cut", field, offset=base + bad, length=1, byte=f"{data[bad]:02X}"))
            else:
                findings.append(reject("charset-invalid", field, offset=base + bad, length=1, byte=f"{data[bad]:02X}"))
                out.append("\ufffd")
            start = bad + 1
            if len(findings) == _ENOUGH:
                out.append(data[start:].decode("cp949", "replace"))
                break
    return "".join(out)


def _compose(text: str, findings: list[Finding], field: str | None, base: int) -> str:
    place, offset = 0, base

    def syllable(match: re.Match[str]) -> str:
        nonlocal place, offset
        lead, vowel, tail = match.groups()
        if lead not in _LEADS or tail not in _TAILS:
            return match.group()
        joined = chr(0xAC00 + (_LEADS.index(lead) * 21 + ord(vowel) - 0x314F) * 28 + _TAILS.index(tail))
        offset += len(text[place : match.start()].encode("cp949", "replace"))
        place = match.start()
        if len(findings) < _ENOUGH:
            findings.append(repair("hangul-composed", field, offset=offset, length=8, char=joined))
        return joined

    return _COMPOSITION.sub(syllable, text)


def encode_cp949(
    text: str, *, policy: UnencodablePolicy = "reject", field: str | None = None
) -> tuple[bytes, list[Finding]]:
    """Encode into CP949.

    Args:
        text: any text; it is not normalised.
        policy: `reject` gives a finding per kind of character that CP949 lacks; `substitute` puts a look-alike, else 〓.
        field: put into the findings.

    Returns:
        The bytes and the findings: `char-unencodable` (reject; 〓 stands in the bytes) or `char-substituted` (loss).

    """
    try:
        return text.encode("cp949"), []
    except UnicodeEncodeError:
        pass
    missing: dict[str, list[int]] = {}
    out: list[bytes] = []
    for index, char in enumerate(text, 1):
        try:
            out.append(char.encode("cp949"))
        except UnicodeEncodeError:
            missing.setdefault(char, []).append(index)
            put = GETA if policy == "reject" else SUBSTITUTES.get(char, GETA)
            out.append(put.encode("cp949"))
    return b"".join(out), [_unencodable(char, places, policy, field) for char, places in missing.items()]


def _unencodable(char: str, places: list[int], policy: UnencodablePolicy, field: str | None) -> Finding:
    params = {"char": char, "codepoint": f"U+{ord(char):04X}", "place": str(places[0]), "count": str(len(places))}
    if policy == "reject":
        return Finding("char-unencodable", field, params=params, severity="reject")
    params["put"] = SUBSTITUTES.get(char, GETA)
    return Finding("char-substituted", field, params=params, severity="loss")


def cut(data: bytes, width: int, charset: str = "cp949", *, field: str | None = None) -> tuple[bytes, Finding | None]:
    """Cut encoded text to at most `width` bytes at a character border, and say so.

    Args:
        data: text already encoded in `charset` (`cp949`, `utf-8` or `ascii`).
        width: bytes to keep at most.
        charset: what `data` is encoded in.
        field: put into the finding.

    Returns:
        The bytes, and a `text-cut` finding holding what was cut off, or None when nothing was.

    """
    if len(data) <= width:
        return data, None
    kept = (
        data[:width].decode(charset, "ignore").encode(charset) if charset != "cp949" else data[: _border(data, width)]
    )
    rest = data[len(kept) :].decode(charset, "replace")
    return kept, loss("text-cut", field, width=str(width), bytes=str(len(data)), rest=rest)


def _border(data: bytes, width: int) -> int:
    """Give the last CP949 character border at or before `width`: a first half is 81–FE, so walk from the start."""
    position = 0
    while position < width:
        step = 2 if data[position] > 0x80 else 1
        if position + step > width:
            break
        position += step
    return position

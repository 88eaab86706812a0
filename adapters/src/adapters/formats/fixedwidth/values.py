"""One field's bytes to its value. `fast` makes the plain way, which raises on anything odd; `careful` says what is odd."""

import re
import unicodedata
from collections.abc import Callable
from typing import Final

from adapters.formats.charset import decode_cp949, is_blank
from adapters.formats.findings import Finding, loss, reject, rejected, repair
from adapters.formats.fixedwidth.amounts import PUNCHED, read_amount
from adapters.formats.fixedwidth.dates import parser
from adapters.formats.fixedwidth.layout import Field, Value

_BLANK: Final = b" \0"
_ODD_BLANKS: Final = "\u3000\u00a0\ufeff\u200b"


def fast(field: Field) -> Callable[[bytes], Value]:
    """Make the reader for clean bytes without NUL; it raises ValueError when the careful way must be taken."""
    nulls = frozenset(null.encode(field.charset) for null in field.nulls) | {b""}
    required = field.required
    if field.kind == "text" and not field.right and field.pattern is None and field.pad_byte == b" ":
        return _fast_text(field.charset, nulls, required=required)
    if field.kind == "amount" and field.sign == "overpunch" and not field.scale and field.pad_byte in {b" ", b"0"}:
        return _fast_punched(nulls, required=required)
    if field.kind in {"code", "digits"} and not field.codes and field.pad_byte in {b" ", b"0"}:
        return _fast_code(field, nulls)
    trim = _trimmer(field)
    convert = _converter(field)

    def read(raw: bytes) -> Value:
        trimmed = trim(raw)
        if trimmed in nulls:
            if required:
                raise ValueError
            return None
        return convert(trimmed)

    return read


def _fast_text(charset: str, nulls: frozenset[bytes], *, required: bool) -> Callable[[bytes], Value]:
    """Read the commonest kind with the fewest calls. An ideographic space in front may be a blank field: careful way."""
    spaces = frozenset(blank.encode(charset, "replace")[:2] for blank in _ODD_BLANKS) - {b"?"}

    def read(raw: bytes) -> Value:
        trimmed = raw.rstrip(b" ")
        if trimmed in nulls:
            if required:
                raise ValueError
            return None
        if trimmed[:2] in spaces:
            raise ValueError
        return trimmed.decode("ascii") if trimmed.isascii() else trimmed.decode(charset)

    return read


def _fast_punched(nulls: frozenset[bytes], *, required: bool) -> Callable[[bytes], Value]:
    """Read amounts with the sign over the last digit with the fewest calls."""
    punched = PUNCHED

    def read(raw: bytes) -> Value:
        trimmed = raw.strip(b" ")
        if trimmed in nulls:
            if required:
                raise ValueError
            return None
        known = punched.get(trimmed[-1])
        if known is not None:
            digits = trimmed[:-1] + known[1]
            if digits.isdigit():
                return known[0] * int(digits)
        elif trimmed.isdigit():
            return int(trimmed)
        raise ValueError(raw)

    return read


def _fast_code(field: Field, nulls: frozenset[bytes]) -> Callable[[bytes], Value]:
    """Read codes and digits with the fewest calls."""
    required, charset, right = field.required, field.charset, field.right
    shape = re.compile(field.pattern).fullmatch if field.pattern is not None else None
    digits, trim = field.kind == "digits", _trimmer(field)

    def read(raw: bytes) -> Value:
        trimmed = trim(raw) if digits or right else raw.rstrip(b" ")
        if trimmed in nulls:
            if required:
                raise ValueError
            return None
        value = trimmed.decode("ascii") if trimmed.isascii() else trimmed.decode(charset)
        if shape is not None:
            if shape(value) is None or (digits and not trimmed.isdigit()):
                raise ValueError
            return value
        if digits:
            if not trimmed.isdigit():
                raise ValueError
            return value
        return _not_blank(value)

    return read


def _trimmer(field: Field) -> Callable[[bytes], bytes]:
    """Take the padding off. Digits and amounts keep their zeros: those are part of the number."""
    pad = b" " if field.pad_byte in {b" ", b"0", b"\0"} else field.pad_byte + b" "
    if field.kind in {"digits", "amount"}:
        return lambda raw: raw.strip(pad)
    if field.right:
        return lambda raw: raw.lstrip(pad)
    return lambda raw: raw.rstrip(pad)


def _converter(field: Field) -> Callable[[bytes], Value]:
    charset = field.charset
    shape = re.compile(field.pattern).fullmatch if field.pattern is not None and field.kind != "date" else None
    if field.kind == "amount":
        return _plain_amount if field.sign == "none" and not field.scale else lambda raw: read_amount(raw, field)
    if field.kind == "date":
        read_date = parser(field.pattern or "YYYYMMDD", field.pivot)
        return lambda raw: read_date(raw.decode("ascii"))

    def text(raw: bytes) -> str:
        value = raw.decode(charset)
        if shape is not None and shape(value) is None:
            raise ValueError
        return value

    def digits(raw: bytes) -> str:
        if not raw.isdigit():
            raise ValueError
        return text(raw) if shape is not None else raw.decode("ascii")

    codes = {code.encode(charset): code for code in field.codes}

    def code(raw: bytes) -> str:
        value = codes.get(raw)
        if value is None:
            raise ValueError
        return value

    if field.kind == "digits":
        return digits
    if field.kind == "code" and field.codes:
        return code
    return text if shape is not None else lambda raw: _not_blank(raw.decode(charset))


def _plain_amount(raw: bytes) -> int:
    if not raw.isdigit():
        raise ValueError
    return int(raw)


def _not_blank(value: str) -> str:
    if value[0] in _ODD_BLANKS and is_blank(value):
        raise ValueError
    return value


def careful(field: Field, raw: bytes, offset: int) -> tuple[Value, list[Finding]]:
    """Read bytes of any kind.

    Args:
        field: which field.
        raw: its bytes.
        offset: absolute place of the first one.

    Returns:
        The value, None when it is empty or cannot be used, and what was noticed.

    """
    findings: list[Finding] = []
    data = _without_nul(field, raw, offset, findings)
    trimmed = _trimmer(field)(data)
    nulls = {null.encode(field.charset) for null in field.nulls}
    text = "" if trimmed in nulls else _text(field, trimmed, offset, findings)
    if rejected(findings):
        return None, findings
    if is_blank(text):
        if field.required:
            findings.append(reject("value-missing", field.name, offset=offset, length=field.width))
        return None, findings
    value = _value(field, text, offset, findings)
    return value, findings


def _without_nul(field: Field, raw: bytes, offset: int, findings: list[Finding]) -> bytes:
    """Take NUL padding off; what stands after a NUL inside is what a C program never saw."""
    if b"\0" not in raw:
        return raw
    stripped = raw.rstrip(_BLANK) if not field.right else raw.strip(_BLANK)
    head, nul, rest = stripped.partition(b"\0")
    if nul and rest:
        place = offset + raw.index(head + nul) + len(head) if head else offset
        hidden = rest.decode(field.charset, "replace")
        findings.append(loss("nul-inside", field.name, offset=place, length=len(rest) + 1, rest=hidden))
    return head


def _text(field: Field, data: bytes, offset: int, findings: list[Finding]) -> str:
    if field.charset == "cp949":
        text, found = decode_cp949(data, field=field.name, base=offset)
        findings += found
        return text
    try:
        return data.decode(field.charset)
    except UnicodeDecodeError as error:
        bad = offset + error.start
        findings.append(reject("charset-invalid", field.name, offset=bad, length=1, byte=f"{data[error.start]:02X}"))
        return ""


def _value(field: Field, text: str, offset: int, findings: list[Finding]) -> Value:
    code = {"amount": "amount-invalid", "digits": "digits-invalid", "date": "date-invalid"}.get(
        field.kind, "pattern-mismatch"
    )
    if field.kind == "code" and field.codes:
        code = "code-unknown"
    plain = text
    if field.kind in {"amount", "digits", "date", "code"}:
        plain = _narrow(text.strip(" "))
        if plain != text.strip(" "):
            findings.append(repair("fullwidth-characters", field.name, offset=offset, length=field.width, value=text))
    try:
        return _converter(field)(plain.encode(field.charset)) if field.kind != "text" or field.pattern else text
    except ValueError:
        findings.append(reject(code, field.name, offset=offset, length=field.width, value=text))
        return None


def _narrow(text: str) -> str:
    """Turn full-width digits, letters and marks of keyed data into plain ones."""
    return "".join(unicodedata.normalize("NFKC", char) if "\uff01" <= char <= "\uff5e" else char for char in text)

"""One field's bytes to its value and back. `fast` makes the plain way; `careful` says what is odd; `put` writes.

Values: text as str without padding, numbers as int or Decimal (float for COMP-1 and COMP-2), bytes of pointers as hexadecimal
text; None when a number is blank or unreadable.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from adapters.formats.charset import UnencodablePolicy, is_blank
from adapters.formats.copybook import edited, numbers
from adapters.formats.copybook.picture import picture
from adapters.formats.copybook.tree import Node
from adapters.formats.ebcdic import Page
from adapters.formats.findings import Finding, reject, repair

Value = str | int | Decimal | float | None
_SHORT: Final = 16
_KEPT: Final = 1024
_NUMERIC: Final = frozenset(
    {"zoned", "packed", "unsigned-packed", "binary", "native", "little", "float", "double-float"}
)


@dataclass(frozen=True, slots=True)
class Rules:
    """How the bytes of a file are to be understood, where a copybook does not say.

    Attributes:
        page: of its texts and printed numbers. floats: `ibm` hexadecimal or `ieee`. little: COMP-5 least byte first.
        substitute: keys of the fields whose text may be cut, or its characters replaced, on writing; others are refused.

    """

    page: Page
    floats: numbers.Floats = "ibm"
    little: bool = False
    substitute: frozenset[str] = frozenset()

    def policy(self, key: str) -> UnencodablePolicy:
        """What writing does with a character the page lacks."""
        return "substitute" if key in self.substitute else "reject"


def is_number(node: Node) -> bool:
    """Tell whether the field's value is a number that is not printed."""
    return node.kind in _NUMERIC


def fast(node: Node, rules: Rules) -> Callable[[bytes], Value]:
    """Make the reader of clean bytes; it raises ValueError when the careful way must be taken."""
    if is_number(node):
        return numbers.reader(node, rules.page, rules.floats, little=rules.little)
    if node.kind == "opaque":
        return bytes.hex
    if node.kind == "edited":
        return _fast_edited(node, rules.page)
    if node.kind == "national":
        return _national
    read = rules.page.read_double if node.kind == "double" else rules.page.read
    if node.size <= _SHORT:
        # Codes, names and posts come again and again.
        read = lru_cache(_KEPT)(read)
    blank = rules.page.space
    just = node.just

    def text(raw: bytes) -> str:
        if b"\0" in raw:
            raise ValueError
        return read(raw.lstrip(blank) if just else raw.rstrip(blank))

    return text


def _national(raw: bytes) -> str:
    return raw.decode("utf-16-be").rstrip(" ")


def _fast_edited(node: Node, page: Page) -> Callable[[bytes], Value]:
    shape = node.picture
    if shape is None:
        raise ValueError(node.name)
    if "S" not in shape.places:
        return lambda raw: edited.read(page.read(raw), shape)
    signs = numbers.reader(_last_place(node), page)

    def overpunched(raw: bytes) -> Value:
        """Read `S9(3).99`: the sign is punched over the last digit of a number with a printed point."""
        last = int(signs(raw[-1:]))
        minus = last < 0 or (last == 0 and page.read(raw[-1:]) == "}")
        value = edited.read(page.read(raw[:-1]) + str(abs(last)), shape)
        return -value if minus and value is not None else value

    return overpunched


def _last_place(node: Node) -> Node:
    return Node(node.name, node.level, "zoned", 0, 1, picture=picture("S9"), signed=True)


def careful(node: Node, raw: bytes, rules: Rules, offset: int) -> tuple[Value, list[Finding]]:
    """Read bytes of any kind.

    Args:
        node: the field.
        raw: its bytes, fewer when the record was cut.
        rules: of the file.
        offset: absolute place of the first one.

    Returns:
        The value, None when there is none, and what was noticed.

    """
    if node.kind in {"text", "double"}:
        return _careful_text(node, raw, rules, offset)
    if node.kind == "national":
        return _careful_national(node, raw, offset)
    if len(raw) < node.size:
        return None, []
    if node.kind in {"zoned", "edited"} and not raw.strip(rules.page.space + b"\0"):
        return None, [repair("number-blank", node.key, offset=offset, length=len(raw))]
    try:
        return fast(node, rules)(raw), []
    except ValueError:
        pass
    if node.kind == "zoned":
        return _careful_zoned(node, raw, rules, offset)
    if node.kind == "edited":
        params = {"value": rules.page.careful(raw)[0], "picture": node.picture.text if node.picture else ""}
        return None, [reject("edited-invalid", node.key, offset=offset, length=len(raw), **params)]
    return None, [reject("packed-invalid", node.key, offset=offset, length=len(raw), bytes=raw.hex().upper())]


def _careful_zoned(node: Node, raw: bytes, rules: Rules, offset: int) -> tuple[Value, list[Finding]]:
    """Read a number with blanks or NUL around its digits, as programs leave it that move text; the digits are what counts."""
    zero = rules.page.write("0")[0]
    body = raw.strip(rules.page.space + b"\0")
    shown, filled = raw.hex().upper(), body.rjust(len(raw), zero)
    try:
        value = fast(node, rules)(filled) if filled != raw else None
    except ValueError:
        value = None
    if value is None:
        return None, [reject("zoned-invalid", node.key, offset=offset, length=len(raw), bytes=shown)]
    written = filled.hex().upper()
    found = repair("bytes-differ", node.key, offset=offset, length=len(raw), bytes=shown, written=written)
    return value, [found]


def _careful_text(node: Node, raw: bytes, rules: Rules, offset: int) -> tuple[Value, list[Finding]]:
    blank, start = rules.page.space, 0
    if node.kind == "double":
        data = raw
        while data.endswith((blank + blank, b"\0\0")):
            data = data[:-2]
        return rules.page.careful_double(data, node.key, offset)
    data = raw.rstrip(blank + b"\0")
    if node.just:
        data = data.lstrip(blank + b"\0")
        start = len(raw.rstrip(blank + b"\0")) - len(data)
    findings: list[Finding] = []
    if b"\0" in data:
        # Programs move LOW-VALUES where others move blanks; what stands behind belongs to the text.
        place = offset + start + data.index(b"\0")
        findings.append(repair("low-values-inside", node.key, offset=place, length=data.count(b"\0")))
        data = data.replace(b"\0", blank)
    text, found = rules.page.careful(data, node.key, offset + start)
    return text, [*findings, *found]


def _careful_national(node: Node, raw: bytes, offset: int) -> tuple[Value, list[Finding]]:
    try:
        return _national(raw).rstrip("\0 "), []
    except UnicodeDecodeError as error:
        byte = raw[error.start : error.start + 2].hex().upper()
        found = reject("charset-invalid", node.key, offset=offset + error.start, length=2, byte=byte)
        return raw.decode("utf-16-be", "replace").rstrip("\0 "), [found]


def put(node: Node, value: Any, rules: Rules) -> tuple[bytes, list[Finding]]:
    """Write one value into exactly the field's width."""
    blank = rules.page.space
    if node.kind == "opaque":
        return _opaque(node, value)
    if is_number(node) or node.kind == "edited":
        return _number(node, value, rules)
    text = "" if value is None else str(value)
    if node.kind == "national":
        return _put_national(node, text)
    if node.kind == "double":
        raw, findings = rules.page.write_double(text, policy=rules.policy(node.key), field=node.key)
        kept, cut = rules.page.cut_double(raw, node.size, field=node.key)
        blank += blank
    else:
        raw, findings = rules.page.write(text, policy=rules.policy(node.key), field=node.key)
        kept, cut = rules.page.cut(raw, node.size, field=node.key)
    if cut is not None:
        findings.append(cut if node.key in rules.substitute else _refused(cut))
    pad = blank * ((node.size - len(kept)) // len(blank))
    return (pad + kept if node.just else kept + pad), findings


def _refused(finding: Finding) -> Finding:
    return Finding(finding.code, finding.field, params=finding.params, severity="reject")


def _opaque(node: Node, value: Any) -> tuple[bytes, list[Finding]]:
    try:
        raw = bytes.fromhex(value or "00" * node.size)
    except (TypeError, ValueError):
        raw = b""
    if len(raw) != node.size:
        return b"\0" * node.size, [reject("pattern-mismatch", node.key, value=str(value))]
    return raw, []


def _put_national(node: Node, text: str) -> tuple[bytes, list[Finding]]:
    raw = text.encode("utf-16-be", "replace")
    if len(raw) > node.size:
        params = {"width": str(node.size), "bytes": str(len(raw)), "rest": text[node.size // 2 :]}
        return raw[: node.size], [reject("text-cut", node.key, offset=None, length=None, **params)]
    return raw + b"\0 " * ((node.size - len(raw)) // 2), []


def _number(node: Node, value: Any, rules: Rules) -> tuple[bytes, list[Finding]]:
    shape, said = node.picture.text if node.picture else node.kind, str(value)
    if value is None or (isinstance(value, str) and is_blank(value)):
        if node.kind in {"zoned", "edited"}:
            return rules.page.space * node.size, []
        return b"\0" * node.size, [reject("value-missing", node.key)]
    if isinstance(value, bool) or not isinstance(value, int | Decimal | float):
        value = Decimal("NaN")
    try:
        if node.kind != "edited":
            return numbers.writer(node, rules.page, rules.floats, little=rules.little)(value), []
        return _put_edited(node, value, rules), []
    except ValueError:
        filler = rules.page.space if node.kind in {"zoned", "edited"} else b"\0"
        return filler * node.size, [reject("number-does-not-fit", node.key, value=said, picture=shape)]


def _put_edited(node: Node, value: Any, rules: Rules) -> bytes:
    if node.picture is None:
        raise ValueError(node.name)
    number = Decimal(value)
    plain = abs(number) if "S" in node.picture.places else number
    text = edited.write(plain, node.picture, blank_when_zero=node.blank_when_zero)
    raw = rules.page.write(text)[0]
    if "S" not in node.picture.places:
        return raw
    last = numbers.writer(_last_place(node), rules.page)(int(text[-1]) * (-1 if number < 0 else 1))
    if number < 0 and text[-1] == "0":
        last = rules.page.write("}")[0]
    return raw[:-1] + last


def default(node: Node, rules: Rules) -> bytes:
    """Give what stands in a filler: zero for numbers, blanks for text."""
    return put(node, 0 if is_number(node) else None, rules)[0]

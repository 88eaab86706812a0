"""Numbers of COBOL fields: bytes to int, Decimal or float and back, by usage. `reader` and `writer` make one function a field.

A reader takes any sign a host program takes (packed A C E F plus, B D minus) and raises ValueError for what is no number;
a writer writes the preferred ones (C, D, and F where there is no sign) and raises ValueError for what does not fit.
"""

import struct
from collections.abc import Callable
from decimal import Context, Decimal
from functools import lru_cache
from typing import Final, Literal

from adapters.formats.copybook.tree import Node
from adapters.formats.ebcdic import Page

Number = int | Decimal | float
Reader = Callable[[bytes], Number]
Writer = Callable[[Number], bytes]
Floats = Literal["ibm", "ieee"]
# Wider than any picture, so that no digit is rounded away.
_EXACT: Final = Context(prec=200)
_PLUS: Final = "ace"
_UNSIGNED: Final = "f"


def reader(node: Node, page: Page, floats: Floats = "ibm", *, little: bool = False) -> Reader:
    """Make the reader of a numeric field."""
    if node.kind in {"float", "double-float"}:
        return _float_reader(node.kind, floats, little=little)
    scaled = _scaler(node.picture.scale if node.picture else 0)
    if node.kind == "packed":
        return _packed(scaled, signed=node.signed)
    if node.kind == "unsigned-packed":
        return lambda raw: scaled(int(raw.hex()))
    if node.kind == "zoned":
        return _zoned(node, page, scaled)
    order: Literal["little", "big"] = "little" if _is_little(node, little=little) else "big"
    signed = node.signed
    return lambda raw: scaled(int.from_bytes(raw, order, signed=signed))


def code(node: Node, *, little: bool = False) -> str:
    """Give the letter `struct` has for a binary field whose number needs no scaling; empty when it has none."""
    if node.kind not in {"binary", "native", "little"} or (node.picture and node.picture.scale):
        return ""
    if _is_little(node, little=little):
        return ""
    letter = {2: "h", 4: "i", 8: "q"}.get(node.size, "")
    return letter if node.signed else letter.upper()


def _is_little(node: Node, *, little: bool) -> bool:
    return node.kind == "little" or (node.kind == "native" and little)


def _scaler(scale: int) -> Callable[[int], int | Decimal]:
    if scale > 0:
        return lambda number: Decimal(number).scaleb(-scale, _EXACT)
    factor = 10**-scale
    return (lambda number: number * factor) if scale else (lambda number: number)


def _packed(scaled: Callable[[int], int | Decimal], *, signed: bool) -> Reader:
    def read(raw: bytes) -> Number:
        digits = raw.hex()
        sign = digits[-1]
        if sign in "cf":
            return scaled(int(digits[:-1]))
        if sign in "bd" and signed:
            return scaled(-int(digits[:-1]))
        if sign not in "ae":
            raise ValueError(digits)
        return scaled(int(digits[:-1]))

    return read


@lru_cache(maxsize=64)
def _digits(page: str, zero: int) -> bytes:
    """Make the table that turns the page's digits into plain ones, and everything else into what is no digit."""
    del page
    return bytes(byte - zero + 0x30 if zero <= byte < zero + 10 else 0x78 for byte in range(256))


@lru_cache(maxsize=64)
def _signs(page: str, zero: int) -> tuple[dict[int, bytes], frozenset[int], dict[int, int], dict[int, int]]:
    """Give for each byte that ends (or begins) a signed number its digit; those that are minus; bytes of plus, of minus."""
    del page
    if zero == 0xF0:
        digits = {zone << 4 | digit: b"%d" % digit for zone in range(10, 16) for digit in range(10)}
        minus = frozenset(zone << 4 | digit for zone in (0xB, 0xD) for digit in range(10))
        return digits, minus, {digit: 0xC0 | digit for digit in range(10)}, {digit: 0xD0 | digit for digit in range(10)}
    plus, less, other = b"{ABCDEFGHI", b"}JKLMNOPQR", b"pqrstuvwxy"
    digits = {byte: b"%d" % digit for table in (b"0123456789", plus, less, other) for digit, byte in enumerate(table)}
    return digits, frozenset(less + other), dict(enumerate(plus)), dict(enumerate(less))


def _zero(page: Page) -> int:
    return 0x30 if page.space == b" " else 0xF0


def _zoned(node: Node, page: Page, scaled: Callable[[int], int | Decimal]) -> Reader:
    plain = _digits(page.name, _zero(page))
    if node.sign_separate:
        return _separate(page, scaled, plain, leading=node.sign_leading)
    if not node.signed:
        return lambda raw: scaled(int(raw.translate(plain)))
    last, minus, _, _ = _signs(page.name, _zero(page))

    def trailing(raw: bytes) -> Number:
        end = raw[-1]
        if end not in last:
            raise ValueError(raw)
        number = int(raw[:-1].translate(plain) + last[end])
        return scaled(-number if end in minus else number)

    def leading(raw: bytes) -> Number:
        start = raw[0]
        if start not in last:
            raise ValueError(raw)
        number = int(last[start] + raw[1:].translate(plain))
        return scaled(-number if start in minus else number)

    return leading if node.sign_leading else trailing


def _separate(page: Page, scaled: Callable[[int], int | Decimal], plain: bytes, *, leading: bool) -> Reader:
    signs = {page.write("+")[0][0]: 1, page.write("-")[0][0]: -1}

    def read(raw: bytes) -> Number:
        sign, digits = (raw[0], raw[1:]) if leading else (raw[-1], raw[:-1])
        if sign not in signs:
            raise ValueError(raw)
        return scaled(signs[sign] * int(digits.translate(plain)))

    return read


def writer(node: Node, page: Page, floats: Floats = "ibm", *, little: bool = False) -> Writer:
    """Make the writer of a numeric field."""
    if node.kind in {"float", "double-float"}:
        return _float_writer(node.kind, floats, little=little)
    scale = node.picture.scale if node.picture else 0
    size, signed = node.size, node.signed
    if node.kind in {"packed", "unsigned-packed"}:
        return lambda value: _pack(_whole(value, scale), size, signed=signed, bare=node.kind == "unsigned-packed")
    if node.kind == "zoned":
        return lambda value: _zone(_whole(value, scale), node, page)
    order: Literal["little", "big"] = "little" if _is_little(node, little=little) else "big"

    def binary(value: Number) -> bytes:
        try:
            return _whole(value, scale).to_bytes(size, order, signed=signed)
        except OverflowError:
            raise ValueError(value) from None

    return binary


def _whole(value: Number, scale: int) -> int:
    scaled = (value if isinstance(value, Decimal) else Decimal(value)).scaleb(scale, _EXACT)
    if not scaled.is_finite() or scaled != (whole := int(scaled)):
        raise ValueError(value)
    return whole


def _pack(number: int, size: int, *, signed: bool, bare: bool) -> bytes:
    sign = "" if bare else "f" if not signed else "d" if number < 0 else "c"
    digits = str(abs(number)).rjust(2 * size - len(sign), "0")
    if len(digits) + len(sign) > 2 * size or (number < 0 and not signed):
        raise ValueError(number)
    return bytes.fromhex(digits + sign)


def _zone(number: int, node: Node, page: Page) -> bytes:
    zero = _zero(page)
    room = node.size - node.sign_separate
    digits = str(abs(number)).rjust(room, "0")
    if len(digits) > room or (number < 0 and not (node.signed or node.sign_separate)):
        raise ValueError(number)
    raw = bytearray(ord(digit) - 0x30 + zero for digit in digits)
    if node.sign_separate:
        sign = page.write("-" if number < 0 else "+")[0]
        return sign + raw if node.sign_leading else bytes(raw) + sign
    if node.signed:
        _, _, plus, minus = _signs(page.name, zero)
        place = 0 if node.sign_leading else -1
        raw[place] = (minus if number < 0 else plus)[int(digits[place])]
    return bytes(raw)


def _float_reader(kind: str, floats: Floats, *, little: bool) -> Reader:
    if floats == "ieee":
        unpack = struct.Struct(("<" if little else ">") + ("f" if kind == "float" else "d")).unpack
        return lambda raw: float(unpack(raw)[0])
    bits = 24 if kind == "float" else 56

    def hexadecimal(raw: bytes) -> float:
        number = int.from_bytes(raw, "big")
        exponent = (number >> bits & 0x7F) - 64
        fraction = number & (1 << bits) - 1
        value = float(fraction) * 2.0 ** (4 * exponent - bits)
        return -value if number >> bits + 7 else value

    return hexadecimal


def _float_writer(kind: str, floats: Floats, *, little: bool) -> Writer:
    if floats == "ieee":
        pack = struct.Struct(("<" if little else ">") + ("f" if kind == "float" else "d")).pack

        def ieee(value: Number) -> bytes:
            try:
                return pack(float(value))
            except OverflowError:
                raise ValueError(value) from None

        return ieee
    bits = 24 if kind == "float" else 56

    def hexadecimal(value: Number) -> bytes:
        if value != value or value in {float("inf"), float("-inf")}:  # noqa: PLR0124 - not a number is unequal to itself
            raise ValueError(value)
        top, below = abs(float(value)).as_integer_ratio()
        exponent = 0
        if top:
            exponent = -(-(top.bit_length() - below.bit_length()) // 4)
            while top >= below << 4 * exponent if exponent >= 0 else top << -4 * exponent >= below:
                exponent += 1
        shift = bits - 4 * exponent
        fraction = (top << shift if shift >= 0 else top) // (below if shift >= 0 else below << -shift)
        if not -64 <= exponent <= 63:
            raise ValueError(value)
        sign = 1 if value < 0 else 0
        code_ = (sign << 7 | (exponent + 64 if fraction else 0)) << bits | fraction
        return code_.to_bytes((bits + 8) // 8, "big")

    return hexadecimal

"""One EBCDIC page at work: bytes to text and back, with and without shifts, cut at letters.

`read` and `read_double` are the plain way and raise ValueError on anything odd; `careful` and `careful_double` say what is
odd, byte by byte. `write` and `write_double` give bytes and findings.
"""

import codecs
import struct
from codecs import charmap_decode
from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import Final

from adapters.formats.charset import SUBSTITUTES, UnencodablePolicy
from adapters.formats.findings import Finding, loss, reject, repair

SO, SI = b"\x0e", b"\x0f"
_OUT, _IN = 0x0E, 0x0F
_MISSING: Final = "\ufffe"
_ENOUGH: Final = 50
_WORDS: Final = 8192
_GETA: Final = "\u3013"


class Page:
    """One code page. Instances are made by `page` and hold nothing that changes.

    Attributes:
        name: `cp` and the number. mixed: whether it has two-byte letters. space: the blank as a byte.

    """

    def __init__(
        self,
        name: str,
        single: str,
        double: Mapping[int, str] | None = None,
        one_way: Mapping[str, int] | None = None,
        *,
        space: bytes = b"\x40",
    ) -> None:
        self.name = name
        self.mixed = double is not None
        self.space = space
        self.single = single
        self._double = dict(double or {})
        self._one_way = dict(one_way or {})
        # Words come again and again; a process keeps some of them, and forgets the oldest.
        self._letters = lru_cache(_WORDS)(self.read_double)

    def read(self, raw: bytes) -> str:
        """Read clean bytes, shifts included. Raises ValueError when something is odd."""
        single = self.single
        if not self.mixed or SO not in raw:
            return charmap_decode(raw, "strict", single)[0]
        head, *runs = raw.split(SO)
        out = [charmap_decode(head, "strict", single)[0]] if head else []
        letters = self._letters
        for run in runs:
            word, closed, rest = run.partition(SI)
            if not closed or not word:
                raise ValueError(raw)
            out.append(letters(word))
            if rest:
                out.append(charmap_decode(rest, "strict", single)[0])
        return "".join(out)

    def read_double(self, raw: bytes) -> str:
        """Read clean two-byte letters without shifts. Raises ValueError when something is odd."""
        if len(raw) & 1:
            raise ValueError(raw)
        try:
            return "".join(map(self._double.__getitem__, struct.unpack(f">{len(raw) >> 1}H", raw)))
        except KeyError:
            raise ValueError(raw) from None

    def careful(self, raw: bytes, field: str | None = None, base: int = 0) -> tuple[str, list[Finding]]:
        """Read bytes of any kind, shifts included.

        Args:
            raw: the bytes.
            field: name, for the findings.
            base: absolute offset of the first byte, for the findings.

        Returns:
            The text and what was noticed: `shift-stray`, `shift-empty`, `shift-unclosed`, `hangul-cut` (half a letter,
            dropped), and `charset-invalid` with severity reject, in whose place U+FFFD stands.

        """
        if not self.mixed:
            return self._single_bytes(raw, field, base)
        walk = _Walk(field, base)
        position, opened = 0, -1
        while position < len(raw) and len(walk.findings) < _ENOUGH:
            byte = raw[position]
            if byte == _OUT:
                if opened >= 0:
                    walk.note(repair("shift-stray", field, offset=base + position, length=1, byte="0E"))
                opened = position
            elif byte == _IN:
                if opened < 0:
                    walk.note(repair("shift-stray", field, offset=base + position, length=1, byte="0F"))
                elif opened == position - 1:
                    walk.note(repair("shift-empty", field, offset=base + opened, length=2))
                opened = -1
            elif opened >= 0:
                position += self._letter(raw, position, walk)
                continue
            else:
                walk.take(self.single[byte], byte, position, 1)
            position += 1
        if opened >= 0:
            walk.note(repair("shift-unclosed", field, offset=base + opened, length=len(raw) - opened))
        return "".join(walk.out), walk.findings

    def careful_double(self, raw: bytes, field: str | None = None, base: int = 0) -> tuple[str, list[Finding]]:
        """Read two-byte letters without shifts, whatever the bytes; findings as of `careful`."""
        walk = _Walk(field, base)
        position = 0
        while position < len(raw) and len(walk.findings) < _ENOUGH:
            position += self._letter(raw, position, walk)
        return "".join(walk.out), walk.findings

    def _single_bytes(self, raw: bytes, field: str | None, base: int) -> tuple[str, list[Finding]]:
        walk = _Walk(field, base)
        for position, byte in enumerate(raw):
            walk.take(self.single[byte], byte, position, 1)
        return "".join(walk.out), walk.findings[:_ENOUGH]

    def _letter(self, raw: bytes, position: int, walk: "_Walk") -> int:
        """Take the letter at a position; answers its bytes. A shift in the second place shows that the letter was cut."""
        if position + 1 == len(raw) or raw[position + 1] in {_OUT, _IN}:
            byte = f"{raw[position]:02X}"
            walk.note(loss("hangul-cut", walk.field, offset=walk.base + position, length=1, byte=byte))
            return 1
        code = raw[position] << 8 | raw[position + 1]
        walk.take(self._double.get(code, _MISSING), code, position, 2)
        return 2

    def write(
        self, text: str, *, policy: UnencodablePolicy = "reject", field: str | None = None
    ) -> tuple[bytes, list[Finding]]:
        """Write text, two-byte letters between shifts.

        Args:
            text: any text; it is not normalised.
            policy: `reject` gives a finding per kind of character the page lacks; `substitute` puts a look-alike.
            field: put into the findings.

        Returns:
            The bytes and the findings: `char-unencodable` (reject) or `char-substituted` (loss).

        """
        try:
            return codecs.charmap_encode(text, "strict", self._single_codes)[0], []
        except UnicodeEncodeError:
            pass
        plain, findings = self._encodable(text, policy, field)
        out, shifted = bytearray(), False
        for char in plain:
            code = self._double_codes.get(char)
            if (code is not None) != shifted:
                out += SO if not shifted else SI
                shifted = not shifted
            out += code if code is not None else self._single_bytes_of[char]
        return bytes(out + SI if shifted else out), findings

    def write_double(
        self, text: str, *, policy: UnencodablePolicy = "reject", field: str | None = None
    ) -> tuple[bytes, list[Finding]]:
        """Write two-byte letters alone; plain letters of the ASCII range become their full-width forms, as hosts type them.

        Returns:
            As `write`.

        """
        wide = "".join(_WIDE.get(char, char) if char not in self._double_codes else char for char in text)
        plain, findings = self._encodable(wide, policy, field, only_double=True)
        return b"".join(self._double_codes[char] for char in plain), findings

    def cut(self, raw: bytes, width: int, *, field: str | None = None) -> tuple[bytes, Finding | None]:
        """Cut written text to at most `width` bytes at a letter, its run closed; a `text-cut` finding says what went."""
        if len(raw) <= width:
            return raw, None
        position, shifted, kept, closed = 0, False, 0, False
        while position < width:
            if self.mixed and raw[position] in {_OUT, _IN}:
                shifted, step = raw[position] == _OUT, 1
            else:
                step = 2 if shifted else 1
            position += step
            if position + shifted <= width and (step == 2 or not shifted):
                kept, closed = position, not shifted
        head = raw[:kept] if closed or not kept else raw[:kept] + SI
        rest, _ = self.careful((SO if kept and not closed else b"") + raw[kept:])
        return head, loss("text-cut", field, width=str(width), bytes=str(len(raw)), rest=rest)

    def cut_double(self, raw: bytes, width: int, *, field: str | None = None) -> tuple[bytes, Finding | None]:
        """Cut two-byte letters without shifts."""
        if len(raw) <= width:
            return raw, None
        kept = width & ~1
        rest, _ = self.careful_double(raw[kept:])
        return raw[:kept], loss("text-cut", field, width=str(width), bytes=str(len(raw)), rest=rest)

    def _encodable(
        self, text: str, policy: UnencodablePolicy, field: str | None, *, only_double: bool = False
    ) -> tuple[str, list[Finding]]:
        """Replace what the page lacks, and say so."""
        missing: dict[str, list[int]] = {}
        out = []
        for index, char in enumerate(text, 1):
            known = char in self._double_codes or (not only_double and char in self._single_bytes_of)
            if not known:
                missing.setdefault(char, []).append(index)
            out.append(char if known else self._instead(char, policy, only_double=only_double))
        return "".join(out), [self._lacks(char, places, policy, field) for char, places in missing.items()]

    def _instead(self, char: str, policy: UnencodablePolicy, *, only_double: bool) -> str:
        codes = self._double_codes if only_double else self._codes
        if policy == "substitute":
            if char in self._one_way:
                return self._double[self._one_way[char]]
            if char in SUBSTITUTES and all(each in codes for each in SUBSTITUTES[char]):
                return SUBSTITUTES[char]
        return next(each for each in (_GETA, "?", "\uff1f") if each in codes)

    def _lacks(self, char: str, places: list[int], policy: UnencodablePolicy, field: str | None) -> Finding:
        params = {"char": char, "codepoint": f"U+{ord(char):04X}", "place": str(places[0]), "count": str(len(places))}
        if policy == "reject":
            return Finding("char-unencodable", field, params=params, severity="reject")
        params["put"] = self._instead(char, policy, only_double=False)
        return Finding("char-substituted", field, params=params, severity="loss")

    @cached_property
    def _single_codes(self) -> Mapping[int, int]:
        # The last byte wins in `charmap_build`; a host reads the first, so the map is made by hand.
        return {ord(char): byte for byte, char in reversed(list(enumerate(self.single))) if char != _MISSING}

    @cached_property
    def _single_bytes_of(self) -> Mapping[str, bytes]:
        return {chr(point): bytes([byte]) for point, byte in self._single_codes.items()}

    @cached_property
    def _double_codes(self) -> Mapping[str, bytes]:
        return {char: code.to_bytes(2, "big") for code, char in reversed(self._double.items())}

    @cached_property
    def _codes(self) -> Mapping[str, bytes]:
        return {**self._double_codes, **self._single_bytes_of}


_WIDE: Final = {" ": "\u3000", **{chr(point): chr(point + 0xFEE0) for point in range(0x21, 0x7F)}}


class _Walk:
    """What came out of walking through bytes."""

    def __init__(self, field: str | None, base: int) -> None:
        self.field = field
        self.base = base
        self.out: list[str] = []
        self.findings: list[Finding] = []

    def note(self, finding: Finding) -> None:
        self.findings.append(finding)

    def take(self, char: str, code: int, position: int, length: int) -> None:
        if char == _MISSING:
            byte = f"{code:0{2 * length}X}"
            self.note(reject("charset-invalid", self.field, offset=self.base + position, length=length, byte=byte))
            char = "\ufffd"
        self.out.append(char)

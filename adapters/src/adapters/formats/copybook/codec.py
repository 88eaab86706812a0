"""One kind of record: bytes to values and back by its copybook. `Codec.read` never raises; what is wrong stands beside.

Which of the fields that share bytes (REDEFINES) is meant is said once (`choose`): a name, or by another field's value.
"""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.formats.copybook import fields
from adapters.formats.copybook.compiler import Compiler
from adapters.formats.copybook.cut import Cut
from adapters.formats.copybook.fields import Rules
from adapters.formats.copybook.plan import Reading, Scope, Values
from adapters.formats.copybook.source import CopybookError
from adapters.formats.copybook.tree import Node
from adapters.formats.findings import Finding, FormatError, reject, rejected, repair


@dataclass(frozen=True, slots=True)
class Choice:
    """The alternative is said by a field in front: its value (text, or a number as text) to the alternative's name.

    otherwise: name for all other values; empty: the field that is redefined.
    """

    field: str
    by: Mapping[str, str]
    otherwise: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A field where it stands in one record's bytes. key: empty for fillers; entries of tables as `SIGNER[2].NAME`."""

    key: str
    node: Node
    offset: int


class Codec:
    """Reads and writes one kind of record.

    Args:
        node: the record. rules: page and the like.
        choose: by name of the redefined field, the alternative's name or how to find it; default: the field itself.
        others: read the other alternatives too, as far as the bytes allow; they are never written.
        whole: tables with a counter take their largest size in the bytes.
        short: a record may end early (fields behind are None and it is noted); otherwise such a record is refused.

    Raises:
        CopybookError: `choose` names what is not there, or the page has no letters of two bytes where they are needed.

    """

    def __init__(
        self,
        node: Node,
        rules: Rules,
        *,
        choose: Mapping[str, str | Choice] | None = None,
        others: bool = False,
        whole: bool = False,
        short: bool = False,
    ) -> None:
        self.node = node
        self.rules = rules
        self._others, self._whole, self._short = others, whole, short
        self._choose = {name.upper(): choice for name, choice in (choose or {}).items()}
        self._counters = frozenset(
            each.occurs.depending.upper() for each in node.walk() if each.occurs is not None and each.occurs.depending
        )
        if not rules.page.mixed and any(each.kind == "double" for each in node.walk()):
            raise CopybookError(f"{node.name}: page {rules.page.name} has no letters of two bytes")
        self._fields = {
            name: self._find(choice.field) for name, choice in self._choose.items() if isinstance(choice, Choice)
        }
        self._scopes: dict[tuple[str, ...], Scope] = {}
        self._fixed = self._scope(()) if not self._fields else None

    def cut(self) -> Cut | None:
        """Give what cuts clean records into cells; None when only `read` can read them."""
        try:
            return None if self._fixed is None else Cut(self._fixed)
        except ValueError:
            return None

    def _find(self, name: str) -> Node:
        try:
            return self.node.find(name)
        except KeyError:
            raise CopybookError(f"{self.node.name}: there is no field {name}") from None

    def _scope(self, said: tuple[str, ...]) -> Scope:
        """Give the plan for the values of the choosing fields; made when it is first needed."""
        if said not in self._scopes:
            values = dict(zip(self._fields, said, strict=True))
            names = {
                name: choice if isinstance(choice, str) else choice.by.get(values[name], choice.otherwise) or name
                for name, choice in self._choose.items()
            }

            def chooser(base: Node, shared: Sequence[Node]) -> Node:
                wanted = names.get(base.name.upper(), base.name).upper()
                for node in shared:
                    if node.name.upper() == wanted:
                        return node
                raise CopybookError(f"{base.name}: {wanted} is no other meaning of it")

            compiler = Compiler(self.rules, chooser, self._others, self._whole, self._counters)
            self._scopes[said] = compiler.record(self.node)
        return self._scopes[said]

    def _chosen(self, raw: bytes) -> Scope:
        if self._fixed is not None:
            return self._fixed
        return self._scope(tuple(self._said(name, node, raw) for name, node in self._fields.items()))

    def _said(self, name: str, node: Node, raw: bytes) -> str:
        value, _ = fields.careful(node, raw[node.offset : node.offset + node.size], self.rules, 0)
        return self._known(name, value)

    def _known(self, name: str, value: object) -> str:
        """Give the value as the choice knows it; all others are one, so that plans stay few."""
        choice = self._choose[name]
        text = "" if value is None else str(value).strip()
        return text if isinstance(choice, Choice) and text in choice.by else ""

    def read(self, raw: bytes, offset: int = 0) -> tuple[Values, tuple[Finding, ...]]:
        """Read a record.

        Args:
            raw: its bytes, without any length in front.
            offset: absolute place of the first, for the findings.

        Returns:
            Values by key (tables as lists) and what was noticed; with a reject among it the record must not be used.

        """
        scope = self._chosen(raw)
        values: Values = {}
        try:
            if scope.fast(raw, 0, values, {}) == len(raw):
                return values, ()
        except (ValueError, KeyError, struct.error):
            pass
        values = {}
        reading = Reading(raw, offset)
        end = scope.careful(reading, 0, values, {})
        self._measure(reading, end)
        return values, tuple(reading.findings)

    def _measure(self, reading: Reading, end: int) -> None:
        size, findings = len(reading.raw), reading.findings
        params = {"bytes": str(size), "expected": str(end)}
        if size < end:
            make = reject if reading.missing and not self._short else repair
            findings.append(make("record-cut", offset=reading.base, length=size, **params))
        elif size > end:
            blank = not reading.raw[end:].strip(self.rules.page.space + b"\0")
            make = repair if blank else reject
            findings.append(make("record-long", offset=reading.base, length=size, **params))

    def write(self, values: Mapping[str, Any], *, report: list[Finding] | None = None) -> bytes:
        """Write a record.

        Args:
            values: as `read` gives them. Counters may be missing; fillers become blanks and zeros.
            report: takes findings that do not forbid writing.

        Raises:
            FormatError: a value does not fit its field.

        """
        findings: list[Finding] = []
        said = tuple(self._known(name, values.get(node.key)) for name, node in self._fields.items())
        raw = self._scope(said).write(values, {}, findings)
        if rejected(findings):
            raise FormatError(findings)
        if report is not None:
            report += findings
        return raw

    def places(self, raw: bytes) -> list[Place]:
        """Tell where each field of this record stands, fillers too."""
        found, _ = self._chosen(raw).place(0, {}, raw)
        return [Place(key, node, at) for key, node, at in found if at < len(raw)]

    def differences(self, raw: bytes) -> tuple[Finding, ...]:
        """Explain what would be written otherwise if the record were read and written: one `bytes-differ` a field.

        Empty when the same bytes come back, and for a record that is refused, which does not go back at all.
        """
        values, found = self.read(raw)
        if rejected(found):
            return ()
        try:
            back = self.write(values)
        except FormatError as error:
            return error.findings
        if back == raw:
            return ()
        out = [
            repair(
                "bytes-differ", place.key or "FILLER", offset=place.offset, length=place.node.size,
                bytes=was.hex().upper(), written=will.hex().upper(),
            )
            for place in self.places(raw)
            if (was := raw[place.offset : place.offset + place.node.size])
            != (will := back[place.offset : place.offset + place.node.size])
        ]  # fmt: skip
        return tuple(out) or (repair("record-cut", bytes=str(len(raw)), expected=str(len(back))),)

"""The table of agency codes to reports of units, and back.

The manifest says what the columns mean; the day of the file and the identity of its lines come from all of its lines, which
no manifest can say.
"""

import dataclasses
import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from google.protobuf.message import Message

from adapters.canonical import moments
from adapters.canonical.tabular import TabularAdapter
from adapters.canonical.tabular.layouts import delimited
from adapters.contract import Decoded, Encoded, Item, Outgoing, Record
from adapters.manifest import Manifest
from onnara.exchange.v1.units_pb2 import UnitReported

# A file that is newer in one line is newer as a whole; days to come (조직 개편 예정) say nothing about when it was made.
_DAYS = ("created_on", "changed_on")


def create(manifest: Manifest) -> "AgencyCodes":
    """Make the adapter of a manifest."""
    return AgencyCodes(manifest, delimited(manifest))


class AgencyCodes(TabularAdapter):
    """Translates tables of agency codes."""

    def decode(self, item: Item) -> Decoded:
        """Translate a table; each report stands for the newest day of the file. Raises FormatError as others do."""
        decoded = super().decode(item)
        as_of = newest(record.message for record in decoded.records if record.message is not None)
        return Decoded([_dated(record, as_of) for record in decoded.records], decoded.findings)

    def encode(self, messages: Sequence[Outgoing]) -> Encoded:
        """Write a table; the day it stands for is that of its newest line, so no line says it."""
        return super().encode([dataclasses.replace(each, message=_undated(each.message)) for each in messages])


def newest(units: Iterable[Any]) -> str:
    """Newest day on which a unit of the file was set up or changed, ISO 8601; empty when none is known."""
    return max((getattr(unit, name) for unit in units for name in _DAYS), default="")


def _dated(record: Record, as_of: str) -> Record:
    if record.message is None:
        return record
    unit: Any = record.message
    if as_of:
        unit.reported_at.seconds = moments.seconds_of_day(date.fromisoformat(as_of))
    # The same line of the same day is the same report, in whichever file; a line corrected on that day is another.
    mark = hashlib.sha256(record.raw).hexdigest()[:12]
    return dataclasses.replace(record, natural_key=f"{unit.code}@{as_of}:{mark}")


def _undated(message: Message) -> Message:
    if not isinstance(message, UnitReported):
        return message
    plain = UnitReported()
    plain.CopyFrom(message)
    plain.ClearField("reported_at")
    return plain

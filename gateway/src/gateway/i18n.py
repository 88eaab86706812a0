"""Languages of the interface: gettext catalogues (``locale/<language>/LC_MESSAGES/gateway.po``), dates, file sizes.

A message id is an English sentence, or ``kind:code`` for what arrives as a code (refusals, findings, events, states), so one
table per language answers for everything a reader sees. Catalogues are read as .po at start; nothing is compiled into the tree.
"""

import gettext
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from google.protobuf.timestamp_pb2 import Timestamp

LANGUAGES = ("ko", "en")
DEFAULT = "ko"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_PLACEHOLDER = re.compile(r"\{(\w[\w-]*)\}")


@cache
def catalogue(language: str) -> gettext.GNUTranslations:
    """The language's catalogue, read once."""
    path = Path(__file__).parent / "locale" / language / "LC_MESSAGES" / "gateway.po"
    compiled = io.BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def marked(message: str) -> str:
    """Marks a message for extraction where it is written; it is translated where it is shown."""
    return message


def chosen(wanted: str) -> str:
    """The language of a session: what was chosen in the header, else Korean."""
    return wanted if wanted in LANGUAGES else DEFAULT


@dataclass(frozen=True, slots=True)
class Reader:
    """How one reader reads: language and time zone."""

    language: str
    zone: ZoneInfo

    def text(self, message: str, **params: object) -> str:
        """The message in the reader's language; ``{name}`` places are filled, unknown places stay visible."""
        return fill(catalogue(self.language).gettext(message), params)

    def coded(self, kind: str, code: str, params: Mapping[str, object] | None = None) -> str | None:
        """The sentence for ``kind:code``, or None when no catalogue knows the code."""
        key = f"{kind}:{code}"
        found = catalogue(self.language).gettext(key)
        return None if found == key else fill(found, params or {})

    def day(self, value: str | date | None) -> str:
        """A calendar day as official documents write it: ``2026. 5. 6.`` (행정업무규정 7⑤); English ``6 May 2026``."""
        day = value if isinstance(value, date) else _parsed(value or "")
        if day is None:
            return str(value or "")
        if self.language == "ko":
            return f"{day.year}. {day.month}. {day.day}."
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"

    def moment(self, value: Timestamp | datetime | None, *, seconds: bool = False) -> str:
        """A moment in the reader's zone, hours from 0 to 24; empty when the value is not set."""
        at = self.local(value)
        if at is None:
            return ""
        return f"{self.day(at.date())} {at:%H:%M:%S}" if seconds else f"{self.day(at.date())} {at:%H:%M}"

    def short(self, value: Timestamp | datetime | None) -> str:
        """Month, day and time only, where the year is plain from what stands around."""
        at = self.local(value)
        if at is None:
            return ""
        return (
            f"{at.month}. {at.day}. {at:%H:%M}"
            if self.language == "ko"
            else f"{at.day} {_MONTHS[at.month - 1]} {at:%H:%M}"
        )

    def local(self, value: Timestamp | datetime | None) -> datetime | None:
        """The moment in the reader's zone."""
        if isinstance(value, Timestamp):
            value = value.ToDatetime(UTC) if value.seconds or value.nanos else None
        return value.astimezone(self.zone) if value else None

    def size(self, count: int) -> str:
        """A file size in bytes, kB or MB."""
        if count < 1000:
            return f"{count} B"
        if count < 1_000_000:
            return f"{count / 1000:.1f} kB"
        return f"{count / 1_000_000:.1f} MB"

    def number(self, count: int) -> str:
        """A count with groups of three digits."""
        return f"{count:,}"


def fill(sentence: str, params: Mapping[str, object]) -> str:
    """Fills ``{name}`` places; a place without a value stays, so that nothing is lost silently."""
    return _PLACEHOLDER.sub(lambda found: str(params.get(found[1], found[0])), sentence)


def _parsed(value: str) -> date | None:
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        return None

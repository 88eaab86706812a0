"""The body of a document composed of a record: a text of the XHTML subset with the record's fields in braces.

`<p>1. {title}에 관하여 다음과 같이 요청합니다.</p>`; a field that is empty stands as `-`, numbers and days as official documents
write them (시행규칙 2: 2026. 5. 6., 113,560). There is no way back: what was composed is composed again from what is read back,
and a body that somebody changed since is noticed by comparing.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from adapters.canonical.tabular import dates
from adapters.formats.rows import Values
from adapters.formats.xmltext import text, without_controls

_FIELD: Final = re.compile(r"\{([^{}]+)\}")
_DAY: Final = dates.writer("YYYY. M. D.")
_MOMENT: Final = dates.writer("YYYY. M. D. hh:mm")


class Body:
    """A template made ready.

    Args:
        template: text of the subset.
        fields: index of each field's plain value; coded ones, which stand as in the file, are not among them.

    """

    def __init__(self, template: str, fields: Mapping[str, int]) -> None:
        pieces = _FIELD.split(template.strip())
        self._first = pieces[0]
        self._pieces = [
            (name, fields.get(name, -1), after) for name, after in zip(pieces[1::2], pieces[2::2], strict=True)
        ]

    def of(self, ready: Sequence[Any], values: Values) -> str:
        """Compose the body of a record."""
        out = [self._first]
        for name, index, after in self._pieces:
            value = values.get(name) if index < 0 else ready[index]
            out.append(_said(value) if value is not None and value != "" else "-")
            out.append(after)
        return "".join(out)


def _said(value: object) -> str:
    if isinstance(value, str):
        return text(value if value.isprintable() else without_controls(value))
    if isinstance(value, dt.datetime):
        return _MOMENT(value)
    if isinstance(value, dt.date):
        return _DAY(value)
    return f"{value:,}" if isinstance(value, int | Decimal) else text(str(value))

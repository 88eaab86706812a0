"""What a refused form had brought, so that it is shown again as it was typed and picked; nothing is asked for twice.

form posted -> ``Given`` -> the same form on the card that comes back, or its texts beside the reason where it is offered no more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from starlette.datastructures import FormData

# Free text a person may have written, by the names of the fields.
_TEXTS = ("opinion", "reason", "instruction")


@dataclass(frozen=True, slots=True)
class Given:
    """Values of one form. form: its name on the card, such as ``assign`` or ``insert-3``; empty: none was refused.

    request_id: kept when nobody knows whether it was done, so that the same command is not done twice.
    """

    form: str = ""
    values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    request_id: str = ""

    def one(self, form: str, name: str) -> str:
        """One value of a form; empty when it is another form's."""
        return next(iter(self.many(form, name)), "")

    def many(self, form: str, name: str) -> Sequence[str]:
        """All values of a name."""
        return self.values.get(name, ()) if form == self.form else ()

    def picked(self, form: str, name: str) -> list[dict[str, Any]]:
        """What was picked from the directory under a name: label and fields of each."""
        ids, further = self.many(form, name), self.many(form, f"{name}_name")
        labels = self.many(form, f"{name}_label") or ids
        return [
            {"label": label, "fields": {name: each} | ({f"{name}_name": further[at]} if at < len(further) else {})}
            for at, (each, label) in enumerate(zip(ids, labels, strict=False))
        ]

    def texts(self, offered: Sequence[str]) -> list[str]:
        """What was written in a form that is not among those offered now."""
        if not self.form or self.form in offered:
            return []
        return [text for name in _TEXTS for text in self.values.get(name, ()) if text.strip()]

    def returned(self, order: int) -> bool:
        """Whether a decision was to send the document back to the step with an order."""
        return self.one("decide", "return_to") == str(order)


NOTHING: Final = Given()
"""No form was refused."""


def given(form: str, sent: FormData, request_id: str = "") -> Given:
    """What a browser sent under the name of a form."""
    values = {name: [str(each) for each in sent.getlist(name)] for name in sent}
    return Given(form, values, request_id)

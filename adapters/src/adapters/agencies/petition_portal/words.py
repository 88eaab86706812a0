"""Words of the documents for the contract's enumerations; a test holds the two together."""

from collections.abc import Mapping
from typing import Final, Literal

Kind = Literal["", "statutory", "inquiry-law", "inquiry-procedure", "suggestion", "other", "grievance"]
Channel = Literal["", "web", "mobile", "telephone", "counter", "post", "fax", "email"]
Notice = Literal["portal", "email", "text-message", "post", "telephone", "fax", "counter"]
Role = Literal["", "representative", "agent"]
Supplement = Literal["supplement", "change", "time-asked", "extension-consented", "correction-consented", "representatives",
    "objection", "further-question", "satisfaction"]  # fmt: skip
Status = Literal["arrived", "accepted", "assigned", "transferred", "supplement-asked", "resumed", "extended", "progress",
    "answered", "closed", "withdrawn", "merged", "refused"]  # fmt: skip
Closing = Literal["", "answered", "repeated", "not-supplemented", "not-handled", "withdrawn"]

_PREFIXES: Final[Mapping[str, str]] = {
    "PetitionKind": "PETITION_KIND_",
    "PetitionChannel": "PETITION_CHANNEL_",
    "PetitionNotification": "PETITION_NOTIFICATION_",
    "PetitionerRole": "PETITIONER_ROLE_",
    "PetitionSupplementKind": "PETITION_SUPPLEMENT_KIND_",
    "PetitionStatus": "PETITION_STATUS_",
    "PetitionClosing": "PETITION_CLOSING_",
}
_UNSAID: Final = "UNSPECIFIED"


def name_of(enum: str, word: str) -> str:
    """Name of an enumeration's value: `inquiry-law` of PetitionKind is PETITION_KIND_INQUIRY_LAW; nothing is UNSPECIFIED."""
    return _PREFIXES[enum] + (word.upper().replace("-", "_") or _UNSAID)


def word_of(enum: str, name: str) -> str:
    """The word a document has for a value; empty: not said."""
    word = name.removeprefix(_PREFIXES[enum])
    return "" if word == _UNSAID else word.lower().replace("_", "-")

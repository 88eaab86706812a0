"""What a control file says, as plain data, and its values by flat names (`send.ip`), as header tables of manifests name them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

# Attribute of the file -> attribute of `Control`.
_OWN: Final[Mapping[str, str]] = {
    "year": "year",
    "key": "key",
    "orgCode": "org_code",
    "onePlatformYN": "one_platform",
    "onLineYN": "on_line",
    "rcCode": "rc_code",
    "workCode": "work_code",
    "workDiv": "work_div",
}
_PARTY: Final[Mapping[str, str]] = {
    "ip": "ip",
    "className": "class_name",
    "grLanguage": "language",
    "port": "port",
}
OWN: Final = tuple(_OWN)
PARTIES: Final = ("send", "receive")
PARTY: Final = tuple(_PARTY)
# Flat names of all values but the list of files.
FIELDS: Final = (*OWN, *(f"{side}.{name}" for side in PARTIES for name in PARTY))


@dataclass(frozen=True, slots=True)
class Party:
    """Machine and program of one side, as they name themselves. Nothing is ever connected to because of it."""

    ip: str = ""
    class_name: str = ""
    language: str = ""
    port: str = ""


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A file of the list. path: folder on the sender's side, never followed. size: in bytes; None: no number stands there."""

    name: str
    size: int | None
    path: str = ""


@dataclass(frozen=True, slots=True)
class Control:
    """A transmission.

    year: 4 digits. key: its number. org_code: 7 characters. work_code, work_div: what is done. rc_code: the records centre.
    one_platform, on_line: Y or N.
    """

    year: str = ""
    key: str = ""
    org_code: str = ""
    one_platform: str = ""
    on_line: str = ""
    rc_code: str = ""
    work_code: str = ""
    work_div: str = ""
    send: Party = field(default_factory=Party)
    receive: Party = field(default_factory=Party)
    files: tuple[ListedFile, ...] = ()

    def values(self) -> dict[str, str]:
        """Give all but the list, by the names of FIELDS."""
        out = {name: str(getattr(self, attribute)) for name, attribute in _OWN.items()}
        for side in PARTIES:
            party: Party = getattr(self, side)
            out |= {f"{side}.{name}": str(getattr(party, attribute)) for name, attribute in _PARTY.items()}
        return out

    @classmethod
    def of(cls, values: Mapping[str, str], files: tuple[ListedFile, ...]) -> "Control":
        """Make it of values by the names of FIELDS; others are not looked at."""
        parties = {
            side: Party(**{attribute: values.get(f"{side}.{name}", "") for name, attribute in _PARTY.items()})
            for side in PARTIES
        }
        own = {attribute: values.get(name, "") for name, attribute in _OWN.items()}
        return cls(**own, **parties, files=files)  # type: ignore[arg-type]  # texts and parties, each under its own name

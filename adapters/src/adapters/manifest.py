"""An adapter's manifest: `adapter.toml` to plain data. Read by `catalogue`, handed to the adapter it describes.

What every manifest must say stands here (`read` refuses one that does not); what only one format needs stays in
`tables`, and the agency's own code reads it once when the adapter is made.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from adapters.families import layered

Quality = Literal["bronze", "silver", "gold"]
LossPolicy = Literal["reject", "substitute", "quarantine"]
QUALITIES: Final[tuple[str, ...]] = get_args(Quality)
POLICIES: Final[tuple[str, ...]] = get_args(LossPolicy)
ITEMS: Final = ("file", "directory")
# Answers of an adapter in words of the contract; a manifest lists those it reads and those it writes.
MESSAGES: Final = (
    "RequestReceived",
    "DocumentArrived",
    "DeliveryReported",
    "ResultReported",
    "DispatchRequested",
    "OfficialReported",
    "AppointmentReported",
    "AbsenceReported",
    "UnitReported",
    "RecordsHandedOver",
    "HandOverAnswered",
    "DocumentDisclosed",
    "PetitionReceived",
    "PetitionSupplemented",
    "PetitionWithdrawn",
    "PetitionStatusReported",
)


class ManifestError(Exception):
    """A manifest that cannot be used. `problems`: one sentence each, naming the key."""

    def __init__(self, name: str, problems: list[str]) -> None:
        self.name = name
        self.problems = problems
        super().__init__(f"{name}: {'; '.join(problems)}")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is known about one agency's system and its format.

    Attributes:
        name: folder name and key in the catalogue. mapping_version: raised with every change of meaning.
        title: name in Korean and English. owner: who answers for the format at the agency.
        agency_codes: 7 characters each; empty = any agency. system: name under which its user ids are known.
        format: family of the codec. charset: what its texts are in fact. transport, item: how it arrives.
        reads, writes: message kinds. raw_retention: how long raw bytes are kept, in words of the retention table.
        loss: policy by field name. mapping: the one table of both directions, each entry with `field` and `to`.
        tables: the whole file.

    """

    name: str
    mapping_version: int
    title: Mapping[str, str]
    owner: str
    agency_codes: tuple[str, ...]
    system: str
    format: str
    charset: str
    transport: str
    item: str
    quality: str
    raw_retention: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    loss: Mapping[str, str]
    mapping: tuple[Mapping[str, Any], ...]
    tables: Mapping[str, Any]

    def codes(self, table: str) -> Mapping[str, str]:
        """Give a code table: value in the file to canonical word. KeyError when there is none of the name."""
        found: Mapping[str, str] = self.tables["codes"][table]
        return found


_TEXTS: Final = ("name", "owner", "system", "format", "charset", "transport", "item", "quality", "raw_retention")


def read(text: str, name: str, family: str = "") -> Manifest:
    """Read a manifest.

    Args:
        text: the TOML file.
        name: the folder's name, which the file must repeat.
        family: the TOML file of what its family has in common.

    Raises:
        ManifestError: not TOML, or something is missing or unknown.

    """
    table = _parsed(text, name, "adapter.toml")
    if family:
        table, unknown = layered(table, _parsed(family, name, "family.toml"))
        if unknown:
            raise ManifestError(name, unknown)
    if problems := _problems(table, name):
        raise ManifestError(name, problems)
    mapping = tuple(table["mapping"])
    return Manifest(
        **{key: table[key] for key in _TEXTS},
        mapping_version=table["mapping_version"],
        title=table["title"],
        agency_codes=tuple(table["agency_codes"]),
        reads=tuple(table["reads"]),
        writes=tuple(table["writes"]),
        loss={entry["field"]: entry["loss"] for entry in mapping},
        mapping=mapping,
        tables=table,
    )


def _parsed(text: str, name: str, file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ManifestError(name, [f"{file}: {error}"]) from None


def _problems(table: Mapping[str, Any], name: str) -> list[str]:
    texts = [f"{key}: text is missing" for key in _TEXTS if not isinstance(table.get(key), str)]
    if texts or not isinstance(table.get("mapping_version"), int):
        return [
            *texts,
            *([] if isinstance(table.get("mapping_version"), int) else ["mapping_version: number is missing"]),
        ]
    title = table.get("title", {})
    problems = [f"title.{language}: text is missing" for language in ("ko", "en") if not title.get(language)]
    if table["name"] != name:
        problems.append(f"name: {table['name']} is not the folder's name {name}")
    if table["quality"] not in QUALITIES:
        problems.append(f"quality: {table['quality']} is none of {', '.join(QUALITIES)}")
    if table["item"] not in ITEMS:
        problems.append(f"item: {table['item']} is none of {', '.join(ITEMS)}")
    codes = table.get("agency_codes")
    if not isinstance(codes, list) or any(len(str(code)) != 7 for code in codes):
        problems.append("agency_codes: a list of 7-character codes is needed, empty for any agency")
    for key in ("reads", "writes"):
        words = table.get(key)
        if not isinstance(words, list) or set(words) - set(MESSAGES):
            problems.append(f"{key}: a list out of {', '.join(MESSAGES)} is needed")
    return problems + _mapping_problems(table.get("mapping"))


def _mapping_problems(mapping: object) -> list[str]:
    if not isinstance(mapping, list) or not mapping:
        return ["mapping: the table of fields is missing"]
    problems = []
    for number, entry in enumerate(mapping, 1):
        where = f"mapping {number} ({entry.get('field', '?')})"
        problems += [
            f"{where}: {key} is missing" for key in ("field", "to", "label") if not isinstance(entry.get(key), str)
        ]
        if entry.get("loss") not in POLICIES:
            problems.append(f"{where}: loss is none of {', '.join(POLICIES)}")
    fields = [entry.get("field") for entry in mapping]
    problems += [f"mapping: {field} stands twice" for field in sorted({f for f in fields if fields.count(f) > 1 and f})]
    return problems

"""Entries that repeat within a record, each an approval step: a table of signers (OCCURS) <-> steps of the message.

`[[record]]` names them: `repeats = { SIGNER = "signer" }`: the record's field and the manifest's table of an entry's fields.
There `to` is a path within the step (`person.name`, `acted_at`), and one field says `to = "step"` with a table of codes that
give the names of `[[step]]` entries. Where an entry has a field for its `outcome`, that counts; else a time means the step was
done there (`acted`). Codecs hand entries over as a list of values by field name.

Where columns are numbered instead (검토자1, 검토자2), the fields of the table have `{n}` in their names (`검토자{n}`), and the
record says how often they stand (no `steps.` columns beside them: their order in the line would be nobody's): `repeats = { line = { table = "signer", times = 4 } }`. An entry of empty cells is none.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, Final

from adapters.canonical.tabular.cells import ODD, Kind, kind_of
from adapters.canonical.tabular.places import Place, place
from adapters.canonical.tabular.steps import Model, model_of
from adapters.formats.findings import Finding, reject
from adapters.formats.rows import Value
from adapters.manifest import Manifest
from onnara.exchange.v1.official_document_pb2 import ApprovalStep

_STEP: Final = "step"
NUMBER: Final = "{n}"
# What a record hands over for one group: a model's name and the plain values of each entry's columns.
Ready = Sequence[Any]


class Group:
    """One table within a record, both directions.

    Raises:
        ValueError: the table does not say which step an entry is, or a field leads nowhere.

    """

    def __init__(self, manifest: Manifest, field: str, entries: Sequence[Mapping[str, Any]], times: int = 0) -> None:
        self.field = field
        self.times = times
        self.fields = [entry["field"] for entry in entries]
        self._system = manifest.system
        self._models = {each["name"]: model_of(each, (), manifest.system) for each in manifest.tables["step"]}
        self._columns: list[tuple[str, bool, Kind, Place | None, str]] = []
        for entry in entries:
            found = None if entry["to"] == _STEP else place(ApprovalStep.DESCRIPTOR, entry["to"], entry)
            codes: Mapping[str, Any] = manifest.codes(entry["codes"]) if "codes" in entry else {}
            if found is not None and found.words is not None:
                codes = {code: found.words(word) for code, word in codes.items()}
            self._columns.append(
                (entry["field"], bool(entry.get("required")), kind_of(entry, codes), found, entry["to"])
            )
        paths = [path for *_, path in self._columns]
        self._step = paths.index(_STEP)
        self._tells = "outcome" in paths
        self._acted = paths.index("acted_at") if "acted_at" in paths else -1

    def names(self, number: int) -> list[str]:
        """Give the columns of one of numbered entries, from 1."""
        return [field.replace(NUMBER, str(number)) for field in self.fields]

    def of(self, values: Mapping[str, Any]) -> Any:
        """Give the entries of a record: as its codec has them, or gathered from numbered columns."""
        if not self.times:
            return values.get(self.field)
        every = [
            dict(zip(self.fields, map(values.get, self.names(number)), strict=True))
            for number in range(1, self.times + 1)
        ]
        return [entry for entry in every if any(value not in {None, ""} for value in entry.values())]

    def spread(self, entries: list[dict[str, Value]]) -> tuple[dict[str, Any], list[Finding]]:
        """Give entries as the record has them; more than there are numbered columns for are refused."""
        if not self.times:
            return {self.field: entries}, []
        if len(entries) > self.times:
            params = {"value": str(len(entries)), "least": "0", "most": str(self.times)}
            return {}, [reject("occurs-out-of-range", self.field, offset=None, length=None, **params)]
        out: dict[str, Any] = {}
        for number in range(1, self.times + 1):
            values = entries[number - 1] if number <= len(entries) else {}
            out |= dict(zip(self.names(number), map(values.get, self.fields), strict=True))
        return out, []

    def plain(self, entries: Any) -> list[Ready]:
        """Read clean entries. Raises one of `ODD` on anything odd."""
        return [self.entry(each) for each in entries or ()]

    def entry(self, values: Mapping[str, Value]) -> list[Any]:
        """Read a clean entry. Raises one of `ODD` on anything odd."""
        out = []
        for field, required, kind, _, _ in self._columns:
            value = values.get(field)
            plain = None if value is None or value == "" else kind.fast(value)
            if plain is None and required:
                raise ValueError(field)
            out.append(plain)
        self._models[out[self._step]]
        return out

    def carefully(self, entries: Any) -> tuple[list[Ready], list[Finding]]:
        """Read any entries, and say what is odd."""
        found: list[Finding] = []
        out: list[Ready] = []
        for number, each in enumerate(entries or (), 1):
            values = each if isinstance(each, Mapping) else {}
            ready = []
            for field, _, kind, _, _ in self._columns:
                plain, noticed = kind.careful(values.get(field))
                ready.append(plain)
                name = field.replace(NUMBER, str(number)) if self.times else f"{self.field}[{number}].{field}"
                found += [dataclasses.replace(one, field=name) for one in noticed]
            if ready[self._step] not in self._models:
                found += [] if found else [reject("code-unknown", self._columns[self._step][0], value="")]
                continue
            out.append(ready)
        return out, found

    def put(self, readies: Sequence[Ready], steps: Any) -> None:
        """Add a step for each entry."""
        for order, ready in enumerate(readies, 1):
            self.fill(ready, steps.add(order=order))

    def fill(self, ready: Ready, step: Any) -> None:
        """Make a step of an entry."""
        model: Model = self._models[ready[self._step]]
        step.role, step.mode = model.template.role, model.template.mode
        if not self._tells:
            step.outcome, step.asserted_by = model.template.outcome, model.template.asserted_by
        for (*_, found, _), value in zip(self._columns, ready, strict=True):
            if found is not None and value is not None:
                found.put(step, value)
        if not self._tells and model.acted and self._acted >= 0 and ready[self._acted] is not None:
            step.outcome, step.asserted_by = model.acted, self._system

    def take(self, steps: Sequence[ApprovalStep]) -> tuple[list[dict[str, Value]], list[Finding]]:
        """Make the entries of a line; what an entry has no word for is refused."""
        findings: list[Finding] = []
        return [self._written(step, findings) for step in steps], findings

    def _written(self, step: ApprovalStep, findings: list[Finding]) -> dict[str, Value]:
        values: dict[str, Value] = {}
        for field, required, kind, found, _ in self._columns:
            try:
                values[field] = kind.write(self._name_of(step) if found is None else found.take(step))
            except ODD as error:
                findings.append(reject("value-unmapped", field, value=str(error.args[-1] if error.args else "")))
                continue
            if required and values[field] in {None, ""}:
                findings.append(reject("value-missing", field))
        return values

    def _name_of(self, step: ApprovalStep) -> str:
        """Give the step's name: of role and mode, in answers of the role alone when there is no better. Raises ValueError."""
        same = [name for name, model in self._models.items() if model.template.role == step.role]
        exact = [name for name in same if self._models[name].template.mode == step.mode]
        if not exact and not (same and self._tells):
            raise ValueError(str(step.role))
        found: str = (exact or same)[0]
        return found


def groups(manifest: Manifest, repeats: Mapping[str, Any]) -> list[Group]:
    """Make the groups of a kind of record. Raises KeyError or ValueError."""
    return [
        Group(manifest, field, manifest.tables[table], times) for field, (table, times) in tables_of(repeats).items()
    ]


def tables_of(repeats: Mapping[str, Any]) -> dict[str, tuple[str, int]]:
    """Give the table of each group's entries, and how often its columns stand; 0 for a list of the codec's own."""
    return {
        field: (said, 0) if isinstance(said, str) else (said["table"], said["times"]) for field, said in repeats.items()
    }

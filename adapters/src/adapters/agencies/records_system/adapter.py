"""The records system's adapter: transmissions to hand-overs and answers, and back.

control file -> check of the list -> by its work: a hand-over (one message), answers (one a hand-over), classifications (accounted
for: nobody takes them yet).
"""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence

from adapters.agencies.records_system import differences, keys
from adapters.agencies.records_system.answers import Answers
from adapters.agencies.records_system.entries import Entries
from adapters.agencies.records_system.listing import LISTS, Listing
from adapters.agencies.records_system.reading import KINDS, Reading, of_lists
from adapters.agencies.records_system.writing import Writing, said_of
from adapters.contract import Decoded, Encoded, FieldView, Item, Outgoing, Record
from adapters.formats.control import (
    CONTROL,
    Control,
    ListedFile,
    check,
    file_name,
    read_control,
    read_file_name,
    write_control,
)
from adapters.formats.findings import Finding, FormatError, reject, rejected
from adapters.formats.rows import Row
from adapters.manifest import Manifest
from onnara.exchange.v1.records_pb2 import HandOverAnswered, RecordsHandedOver

_CLASSIFY = ("unit_file", "class_file")


def create(manifest: Manifest) -> "RecordsSystemAdapter":
    """Make the adapter of a manifest."""
    return RecordsSystemAdapter(manifest)


class RecordsSystemAdapter:
    """Translates transmissions of one records system."""

    def __init__(self, manifest: Manifest) -> None:
        self.name = manifest.name
        self.mapping_version = manifest.mapping_version
        self._listing = Listing(manifest)
        entries = Entries(manifest)
        self._reading = Reading(self._listing, entries)
        self._writing = Writing(manifest, self._listing, entries, self._reading)
        self._answers = Answers(manifest.codes("fault"))
        self._said = said_of(manifest.tables["layout"])

    def decode(self, item: Item) -> Decoded:
        """Translates a transmission. Raises FormatError when its control file is missing or is none."""
        name = next((each for each in item.parts if each.lower() == CONTROL), "")
        if not name:
            raise FormatError([reject("part-missing", CONTROL, name=CONTROL)])
        control, noticed = read_control(item.parts[name], name)
        faults = check(control, item.parts, name)
        findings = [*noticed, *(fault for part, fault in faults.items() if part not in item.parts)]
        parts = {part: data for part, data in item.parts.items() if part != name}
        if self._is_hand_over(parts):
            records = [self._hand_over(control, parts, faults)]
        else:
            records = list(self._inward(control, parts, faults, findings))
        if not records and rejected(findings):
            raise FormatError(findings)
        numbered = [dataclasses.replace(record, ordinal=place) for place, record in enumerate(records, 1)]
        return Decoded(numbered, tuple(findings))

    def _is_hand_over(self, parts: Mapping[str, bytes]) -> bool:
        jobs = [self._listing.list_of(part) for part in parts if self._listing.job_of(part)]
        return any(job in LISTS for job in jobs)

    def _hand_over(self, control: Control, parts: Mapping[str, bytes], faults: Mapping[str, Finding]) -> Record:
        """A hand-over is one record, shown by its register of records; any fault refuses it."""
        findings = list(faults.values())
        shown = of_lists(list(parts), self._listing)
        blobs: dict[bytes, bytes] = {}
        message: RecordsHandedOver | None = None
        if control.work_div not in KINDS:
            findings.append(reject("code-unknown", "workDiv", value=control.work_div))
        if not rejected(findings):
            message = self._reading.hand_over(control, parts, blobs, findings)
        kept = None if rejected(findings) else message
        return Record(1, shown, 0, parts[shown], control.key, kept, tuple(findings), blobs if kept else {})

    def _inward(
        self,
        control: Control,
        parts: Mapping[str, bytes],
        faults: Mapping[str, Finding],
        findings: list[Finding],
    ) -> Iterator[Record]:
        for part, data in parts.items():
            job, fault = self._listing.job_of(part), faults.get(part)
            if fault is None and not job:
                fault = reject("part-unknown", part, name=part)
            if fault is None and job.startswith("PROD_") and control.work_div not in KINDS:
                fault = reject("code-unknown", "workDiv", value=control.work_div)
            if fault is not None:
                yield Record(0, part, 0, data, "", None, (fault,))
                continue
            if not data:
                continue
            try:
                rows = self._listing.read(part, data, findings)
                if self._listing.list_of(part) in _CLASSIFY:
                    yield from map(_untaken, rows)
                else:
                    yield from self._answers.read(part, data, rows, control, job)
            except FormatError as error:
                yield Record(0, part, 0, data, "", None, error.findings)

    def encode(self, messages: Sequence[Outgoing]) -> Encoded:
        """Translates hand-overs and answers, each to a transmission of its own."""
        items: list[Item] = []
        carried: list[tuple[int, ...]] = []
        findings: list[Finding] = []
        refused: dict[int, tuple[Finding, ...]] = {}
        for index, outgoing in enumerate(messages):
            try:
                item = self._item(outgoing, findings)
            except FormatError as error:
                refused[index] = error.findings
                continue
            taken = {each.name for each in items}
            items.append(Item(f"{item.name}-{len(taken) + 1}" if item.name in taken else item.name, item.parts))
            carried.append((index,))
        return Encoded(items, tuple(findings), refused, carried)

    def _item(self, outgoing: Outgoing, findings: list[Finding]) -> Item:
        message = outgoing.message
        if isinstance(message, RecordsHandedOver):
            return self._writing.hand_over(outgoing, message, findings)
        if isinstance(message, HandOverAnswered):
            return self._answer(outgoing, message, findings)
        raise FormatError([reject("message-not-carried", kind=message.DESCRIPTOR.name)])

    def _answer(self, outgoing: Outgoing, message: HandOverAnswered, findings: list[Finding]) -> Item:
        job, lines = self._answers.write(message)
        made = keys.stamp(message.happened_at)[2:]
        name = file_name(message.department_code, job, made)
        if read_file_name(name) is None:
            raise FormatError([reject("pattern-mismatch", "department_code", value=message.department_code)])
        data = self._listing.write_answer(job, lines)
        said = {
            **self._said,
            "key": message.transfer_id,
            "orgCode": message.origin.agency_code,
            "workCode": job,
            "workDiv": next(word for word, kind in KINDS.items() if kind == message.kind),
        }
        control = write_control(Control.of(said, (ListedFile(name, len(data)),)))
        item = Item(outgoing.name or f"{message.department_code}_{job}_{made}", {name: data, CONTROL: control})
        again = self.decode(item).records
        got = again[0].message if len(again) == 1 else None
        if not isinstance(got, HandOverAnswered):
            faults = [finding for record in again for finding in record.findings]
            raise FormatError([*faults, reject("value-not-carried", "faults", value=str(len(message.faults)))])
        # Where it came from, and our words for its codes, are said anew by whoever reads it.
        got.origin.CopyFrom(message.origin)
        for fault, read in zip(message.faults, got.faults, strict=False):
            read.meaning.CopyFrom(fault.meaning)
        noticed = differences.findings_of(message, got, ("made_at.nanos", "happened_at.nanos"))
        if rejected(noticed):
            raise FormatError(noticed)
        findings += noticed
        return item

    def fields(self, record: bytes, part: str) -> Sequence[FieldView]:
        """Shows the columns of a record beside their bytes; of a hand-over, those of its first."""
        return [
            FieldView(
                cell.name,
                self._listing.labels.get(cell.name, cell.name),
                cell.offset,
                cell.raw,
                cell.value,
                cell.findings,
            )
            for cell in self._listing.cells(record, part)
        ] or [FieldView("bytes", part, 0, record[:200], None, (), binary=True)]

    def is_complete(self, names: Sequence[str]) -> bool:
        """Tell whether the control file is there, which is written last; that the files fit it, `decode` tells."""
        return any(name.lower() == CONTROL for name in names)


def _untaken(row: Row) -> Record:
    """Account for a unit task or class: the directory takes none from a transmission."""
    found = (*row.findings, reject("tasks-not-taken", offset=row.offset, length=len(row.raw)))
    return Record(0, row.part, row.offset, row.raw, "", None, found)

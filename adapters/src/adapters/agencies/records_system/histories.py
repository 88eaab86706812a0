"""The lists beside the registers: pages, special lists, histories of changes. Parts of `RecordsContent` <-> rows."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from adapters.agencies.records_system import keys
from adapters.formats.findings import Finding, reject
from adapters.formats.rows import Values
from onnara.exchange.v1.records_pb2 import (
    AmendedField,
    RecordComponent,
    RecordItem,
    RegistrationAmendment,
    SpecialListing,
)

_TITLE: Final = "title"
_MOST_PAGES, _MOST_FILES, _MOST_TITLES = 999, 99, 3
_SPECIAL: Final = "1"
Keyed = dict[str, RecordItem]


def pages(record: RecordItem, findings: list[Finding]) -> Iterator[Values]:
    """The rows of a record's e-files."""
    for part in record.components:
        if part.pages > _MOST_PAGES or part.sequence > _MOST_FILES or part.sequence < 0 or part.pages < 0:
            findings.append(reject("digits-invalid", "PAGE", value=f"{part.sequence}/{part.pages}"))
        yield {
            "처리과코드": record.registration.department_code,
            "연도": f"{record.registration.year:04}",
            "등록번호": keys.number_of(record),
            "파일순번": f"{part.sequence:02}",
            "쪽수": f"{part.pages:03}",
        }


def read_page(values: Values, records: Keyed, findings: list[Finding]) -> None:
    """Add an e-file to its record."""
    record = found(values, records, findings)
    sequence, count = _number(values, "파일순번", findings), _number(values, "쪽수", findings)
    if record is not None:
        role = RecordComponent.ROLE_ATTACHMENT if sequence else RecordComponent.ROLE_BODY
        record.components.add(role=role, sequence=sequence, pages=count)


def specials(record: RecordItem, findings: list[Finding]) -> Iterator[Values]:
    """The rows of a record's special lists."""
    for listing in record.special_listings:
        if len(listing.titles) > _MOST_TITLES:
            findings.append(reject("value-not-carried", "special_listings", value=str(len(listing.titles))))
        titles = [*listing.titles, "", "", ""]
        yield {
            "구분": _SPECIAL,
            "분류번호": keys.file_key(record.file),
            "등록번호": f"{record.registration.year:04}{keys.number_of(record)}",
            "순번": str(listing.sequence),
            **{f"목록{place + 1}": titles[place] for place in range(_MOST_TITLES)},
        }


def read_special(values: Values, records: Keyed, findings: list[Finding]) -> None:
    """Add an entry of a special list to its record."""
    record = records.get(str(values.get("등록번호") or ""))
    if record is None:
        findings.append(reject("records-key-unknown", "등록번호", value=str(values.get("등록번호"))))
        return
    titles = [str(values.get(f"목록{place + 1}") or "") for place in range(_MOST_TITLES)]
    while titles and not titles[-1]:
        titles.pop()
    record.special_listings.append(SpecialListing(sequence=_number(values, "순번", findings), titles=titles))


def amendments(key: str, changes: Iterable[RegistrationAmendment]) -> Iterator[Values]:
    """The rows of a history: only titles have columns, other changes leave reason, name and moment."""
    for change in changes:
        title = next((field for field in change.fields if field.field == _TITLE), None)
        yield {
            "키": key,
            "제목전": title.before if title else "",
            "제목후": title.after if title else "",
            "변경일시": keys.stamp(change.amended_at) if change.HasField("amended_at") else "",
            "변경사유": change.reason,
            "변경자": change.name,
        }


def read_amendment(values: Values, of: Callable[[str], Any], findings: list[Finding]) -> None:
    """Add a change to the part its key names."""
    part = of(str(values.get("키") or ""))
    if part is None:
        findings.append(reject("records-key-unknown", "키", value=str(values.get("키"))))
        return
    made = RegistrationAmendment(reason=str(values.get("변경사유") or ""), name=str(values.get("변경자") or ""))
    before, after = str(values.get("제목전") or ""), str(values.get("제목후") or "")
    if before or after:
        made.fields.append(AmendedField(field=_TITLE, before=before, after=after))
    if said := str(values.get("변경일시") or ""):
        moment = keys.read_stamp(said)
        if moment is None:
            findings.append(reject("date-invalid", "변경일시", value=said))
        else:
            made.amended_at.CopyFrom(moment)
    part.amendments.append(made)


def found(values: Values, records: Keyed, findings: list[Finding]) -> RecordItem | None:
    """The record a row names by year and number; a row that names none is told."""
    key = f"{values.get('연도') or ''}{values.get('등록번호') or ''}"
    record = records.get(key)
    if record is None:
        findings.append(reject("records-key-unknown", "등록번호", value=key))
    return record


def _number(values: Values, column: str, findings: list[Finding]) -> int:
    text = str(values.get(column) or "")
    if text.isascii() and text.isdigit() and len(text) <= len("999999999"):
        return int(text)
    findings.append(reject("digits-invalid", column, value=text))
    return 0

"""`quarantine list|show|fix`: what waits for a person, its bytes beside its fields, and other bytes in their place."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from adapters import catalogue
from adapters.contract import FieldView, PutsFields
from adapters.formats.findings import FormatError
from adapters.runtime import queries
from adapters.runtime.operators.desk import LEFT, OK, WRONG, Desk, Scope
from adapters.runtime.operators.replaying import Attempt, attempt_all
from adapters.runtime.rawbytes import raw_of


class UnfitError(Exception):
    """A correction that cannot be made. key, params: of the saying."""

    def __init__(self, key: str, **params: object) -> None:
        self.key = key
        self.params = params
        super().__init__(key)


async def listed(desk: Desk, scope: Scope) -> int:
    """Lists the quarantine. Answers the exit status."""
    rows = await desk.records(scope)
    for row in rows:
        desk.answer(_facts(row), _line(desk, row), *(f"    {desk.reason(each)}" for each in row["reasons"]))
    if not desk.as_json:
        desk.answer({}, desk.say("count", count=len(rows)) if rows else desk.say("nothing"))
    return OK


async def shown(desk: Desk, record_id: UUID) -> int:
    """Shows one record, in quarantine or not."""
    row = await _record(desk, record_id)
    if row is None:
        desk.complain("no-record", record=record_id)
        return WRONG
    raw = await raw_of(desk.blobs, row)
    views = _views(row, raw)
    facts = _facts(row) | {
        "raw": raw.hex(),
        "state": row["state"],
        "note": row["note"],
        "fields": [
            {"name": each.name, "offset": each.offset, "raw": each.raw.hex(), "value": each.value} for each in views
        ],
    }
    lines = [
        f"{each.offset:>6} {each.name:<24} {each.raw.hex(' ') if each.binary else _text(each.raw, row):<40} {each.value or '-'}"
        for each in views
    ]
    reasons = [f"    {desk.reason(each)}" for each in row["reasons"]]
    desk.answer(facts, _line(desk, row), *reasons, *lines, *([row["note"]] if row["note"] else []))
    return OK


async def fixed(
    desk: Desk, record_id: UUID | None, data: bytes, changes: Mapping[str, str], scope: Scope, note: str, *, apply: bool
) -> int:
    """Puts bytes or values in place, in one record or in all in scope; shows what becomes of them, or does it."""
    rows = await desk.records(scope) if record_id is None else [await _record(desk, record_id)]
    attempts = []
    for row in rows:
        if row is None or row["state"] != "quarantined":
            desk.complain("no-record", record=record_id)
            return WRONG
        try:
            attempts.append(Attempt(row, data or await _changed(desk, row, changes)))
        except UnfitError as error:
            desk.complain(error.key, record=row["id"], **error.params)
            return WRONG
    return await attempt_all(desk, attempts, note, apply=apply) if attempts else _nothing(desk)


def _nothing(desk: Desk) -> int:
    desk.answer({}, desk.say("nothing"))
    return LEFT


async def _record(desk: Desk, record_id: UUID) -> Any | None:
    async with desk.database.transaction() as unit:
        return await queries.record(unit, record_id)


async def _changed(desk: Desk, row: Mapping[str, Any], changes: Mapping[str, str]) -> bytes:
    """The record's bytes with values in their fields' places. Raises UnfitError."""
    raw = await raw_of(desk.blobs, row)
    views = {each.name: each for each in _views(row, raw)}
    for name in changes:
        if name not in views:
            raise UnfitError("set-unknown", field=name, known=", ".join(views))
    # From the back, so that places in front keep their offsets.
    for name in sorted(changes, key=lambda each: -views[each].offset):
        view = views[name]
        raw = raw[: view.offset] + _encoded(view, changes[name], row, raw) + raw[view.offset + len(view.raw) :]
    return raw


def _encoded(view: FieldView, value: str, row: Mapping[str, Any], raw: bytes) -> bytes:
    if view.binary:
        raise UnfitError("set-binary", field=view.name)
    adapter = catalogue.load(row["adapter"])
    if isinstance(adapter, PutsFields):
        return adapter.typed(value, view, raw)
    manifest = catalogue.manifest_of(row["adapter"])
    data = value.encode(_charset(row), "replace")
    if "fixed" not in manifest.format:
        return data
    if len(data) > len(view.raw):
        raise UnfitError("set-too-long", field=view.name, value=value, width=len(view.raw))
    return data.ljust(len(view.raw))


def _charset(row: Mapping[str, Any]) -> str:
    said = catalogue.manifest_of(row["adapter"]).charset.lower()
    return "utf-8" if said.startswith("utf-8") else "cp949"


def _text(raw: bytes, row: Mapping[str, Any]) -> str:
    return repr(raw.decode(_charset(row), "replace"))


def _views(row: Mapping[str, Any], raw: bytes) -> Sequence[FieldView]:
    try:
        return catalogue.load(row["adapter"]).fields(raw, row["part"])
    except (FormatError, catalogue.UnknownAdapterError):
        return ()


def _line(desk: Desk, row: Mapping[str, Any]) -> str:
    return desk.say(
        "line", record=row["id"], endpoint=row["endpoint"], file=row["file_name"], ordinal=row["ordinal"],
        offset=row["byte_offset"], stage=row["stage"],
    )  # fmt: skip


def _facts(row: Mapping[str, Any]) -> dict[str, Any]:
    keys = ("endpoint", "file_id", "file_name", "ordinal", "part", "byte_offset", "byte_length", "stage", "natural_key")
    return {"record": row["id"]} | {key: row[key] for key in keys} | {"reasons": row["reasons"]}

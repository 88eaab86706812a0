"""Seals on documents: asked for, applied with an entry in the ledger, or refused with a reason."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from chassis.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from documents.domain import relation, seals
from documents.domain.seals import SERIES, Kind
from documents.handlers.dispatching import note, require
from documents.handlers.outgoing import Outgoing
from documents.handlers.readers import show
from documents.tables import SEAL_IMPRINT
from documents.translate.content import code_of, recipients_label, registration
from documents.translate.dispatch import KINDS, NUMBERS
from documents.translate.views import number_of
from onnara.exchange.v1.official_document_pb2 import Attachment

# Shared: a seal that is being applied is not disposed of meanwhile.
_SEALS = """
SELECT * FROM seal WHERE agency_id = $1 AND kind = $2 AND disposed_at IS NULL AND department_code = ANY ($3::text[])
ORDER BY department_code DESC, id FOR SHARE
"""
# The hot row, last: keepers of one agency wait for each other, so numbers have no gaps.
_TAKE = """
INSERT INTO seal_series (agency_id, series, year, n) VALUES ($1, $2, $3, 1)
ON CONFLICT (agency_id, series, year) DO UPDATE SET n = seal_series.n + 1 RETURNING n
"""
KEEPERS = "keepers:{}"
"""Token that keepers of an agency's seals read by."""


def ask_seal(case: Outgoing, number: int, confirmed: Collection[str]) -> int:
    """Asks for the seal (심사요청). number: exchange.SealKind; 0: as drafted. Answers the version.

    Raises InvalidError seal-kind-invalid, ConflictError seal-applied, or one with a finding that is not confirmed.
    """
    state = case.moved("ask-seal")
    kind = _wanted(case, number)
    _check(case, kind, confirmed)
    show(case.unit, case.row["id"], KEEPERS.format(case.row["agency_id"]), case.row["agency_id"], "keeper")
    return case.keep(state, "ask-seal", content=_marked(case, kind))


def refuse_seal(case: Outgoing, reason: str) -> int:
    """Refuses the seal (심사반려); the reason goes to the drafter. Answers the version."""
    state = case.moved("refuse-seal")
    require(reason)
    note(case, "refuse-seal", reason)
    return case.keep(state, "refuse-seal")


async def apply_seal(case: Outgoing, seal_id: str, confirmed: Collection[str]) -> tuple[int, dict[str, Any]]:
    """Applies the seal and enters it in the ledger (시행규칙 12①). Answers the version and the entry.

    The keeper applies what he was asked for; drafter and clerk of the department may sign without him.
    """
    kind = _wanted(case, 0)
    signing = kind is Kind.SIGNATURE and bool(case.relations & {relation.AUTHOR, relation.CLERK})
    act = "sign" if signing else "seal"
    state = case.moved(act)
    _check(case, kind, confirmed)
    seal = await _choose(case, kind, seal_id)
    if act == "seal" and seal["keeper_department_code"] not in {"", case.actor.department_code}:
        params = {"seal": seal["name"], "department": seal["keeper_department_code"]}
        raise ForbiddenError("seal-of-another-keeper", params=params)
    entry = await _enter(case, kind, seal)
    content = _marked(case, kind, Attachment.FromString(seal["image"]))
    codes = [code_of(recipient) for recipient in case.document.recipients]
    return case.keep(state, act, ledger_number=entry["number"], codes=codes, content=content), entry


def _wanted(case: Outgoing, number: int) -> Kind:
    kind = KINDS.get(number) if number else case.facts.kind
    if kind not in seals.APPLIED:
        raise InvalidError("seal-kind-invalid", params={"kind": kind or ""}, field="kind", source=seals.SOURCE)
    return kind


def _check(case: Outgoing, kind: Kind, confirmed: Collection[str]) -> None:
    if case.facts.sealed:
        raise ConflictError("seal-applied", params={"document": case.row["id"]})
    if case.row["state"] == "seal-review":
        return  # confirmed when it was asked for
    for finding in seals.findings(kind, case.row["agency_id"], receivers_of(case)):
        if finding.code not in confirmed:
            raise ConflictError(
                finding.code, params={"expected": finding.expected}, field="confirmed", source=finding.source
            )


def receivers_of(case: Outgoing) -> Sequence[str]:
    """Agency id of each recipient; empty for one outside the code tables."""
    units = [case.view.unit(code_of(recipient)) for recipient in case.document.recipients]
    return [str(unit.agency_id) if unit else "" for unit in units]


def _marked(case: Outgoing, kind: Kind, image: Attachment | None = None) -> bytes:
    """Content with the mark beside the sender's name: it is no part of what was decided on."""
    seal = case.document.seal
    seal.kind, seal.omitted = NUMBERS[kind], False  # type: ignore[assignment]
    if image is not None:
        seal.image.CopyFrom(image)
    return case.document.SerializeToString()


async def _choose(case: Outgoing, kind: Kind, seal_id: str) -> Any:
    """The seal that was named, else the department's only one, else the agency's only one."""
    row = case.row
    found = await case.unit.fetch(_SEALS, row["agency_id"], kind.value, ["", row["department_code"]])
    if seal_id:
        found = [seal for seal in found if str(seal["id"]) == seal_id]
    elif found:
        found = [seal for seal in found if seal["department_code"] == found[0]["department_code"]]
    if not found:
        raise NotFoundError("seal-unknown", params={"kind": kind.value}, field="seal_id")
    if len(found) > 1:
        names = ", ".join(seal["name"] for seal in found)
        raise InvalidError("seal-ambiguous", params={"seals": names}, field="seal_id")
    return found[0]


async def _enter(case: Outgoing, kind: Kind, seal: Any) -> dict[str, Any]:
    """The entry in the year's ledger, under the next number."""
    row, now = case.row, case.unit.now
    series, year = SERIES[kind], year_of(case.view.zone(row["agency_id"]), now)
    taken = await case.unit.fetch(_TAKE, row["agency_id"], series, year)
    number = number_of(row)
    entry = {
        "agency_id": row["agency_id"],
        "series": series,
        "year": year,
        "number": taken[0]["n"],
        "document_id": row["id"],
        "seal_id": seal["id"],
        "seal_name": seal["name"],
        "title": row["title"],
        "registration": registration(number).SerializeToString() if number else b"",
        "recipients_label": recipients_label(case.document),
        "department_code": row["department_code"],
        "department_name": row["department_name"],
        "applied_by": case.actor.official_id,
        "applied_name": case.actor.name,
        "applied_at": now,
    }
    case.unit.insert(SEAL_IMPRINT, entry)
    return entry


def year_of(zone: str, moment: datetime) -> int:
    """Year of a ledger. zone: IANA, of the agency."""
    return moment.astimezone(ZoneInfo(zone)).year


def seal_key(text: str) -> UUID:
    """Id of a seal; raises InvalidError id-invalid."""
    try:
        return UUID(text)
    except ValueError as error:
        raise InvalidError("id-invalid", params={"value": text}, field="seal_id") from error

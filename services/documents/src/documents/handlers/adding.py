"""Recipients added after sending: asked for on a ground the law names, decided by the head, then sent (행정업무규정 15④).

What was decided on stays as it was; added recipients stand beside it, with who agreed and when.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from chassis.errors import ConflictError, InvalidError, NotFoundError
from chassis.ids import uuid7
from documents.domain import relation
from documents.domain.delivery import document_state
from documents.domain.dispatching import ADDING, GROUNDS
from documents.domain.submission import Addressee, recipient_problems
from documents.handlers.cards import refusal_of
from documents.handlers.copies import load_copies, make_copies
from documents.handlers.dispatching import ask_adapters, require, whole
from documents.handlers.outgoing import Outgoing
from documents.handlers.readers import show
from documents.tables import RECIPIENT_ADDITION
from documents.translate.content import GOVERNMENT, code_of, name_of
from onnara.exchange.v1 import official_document_pb2 as pb
from onnara.exchange.v1.events_pb2 import TRANSMISSION_SEND

_ADDITIONS = "SELECT * FROM recipient_addition WHERE document_id = $1 ORDER BY first_position, id"
_MOST = 500
_LONGEST_NOTE = 2_000


async def ask_recipients(case: Outgoing, recipients: Sequence[pb.Recipient], ground: str, note: str) -> tuple[int, str]:
    """Asks for further recipients; the head asking himself has agreed. Answers the version and the request's key.

    Raises ForbiddenError, ConflictError, InvalidError ground-unknown and everything wrong with the recipients.
    """
    state = case.moved("ask-recipients")
    if ground not in GROUNDS:
        params = {"ground": ground, "grounds": ", ".join(GROUNDS)}
        raise InvalidError("ground-unknown", params=params, field="ground", source=ADDING)
    if not 0 < len(recipients) <= _MOST:
        raise InvalidError("recipients-missing", params={"most": _MOST}, field="recipients")
    if "\x00" in note or len(note) > _LONGEST_NOTE:
        raise InvalidError("note-invalid", params={"limit": _LONGEST_NOTE}, field="note")
    additions = await _additions(case)
    _complete(case, recipients)
    _check(case, recipients, additions)
    row = _new_addition(case, recipients, ground, note)
    if relation.HEAD not in case.relations:
        case.unit.insert(RECIPIENT_ADDITION, row | {"state": "asked"})
        _show_heads(case)
        return case.keep(state, "ask-recipients", codes=[code_of(each) for each in recipients]), str(row["id"])
    version, first = await _add(case, list(recipients), additions)
    case.unit.insert(RECIPIENT_ADDITION, row | _decision(case, "added", "", first))
    return version, str(row["id"])


async def decide_recipients(case: Outgoing, key: UUID, *, refuse: bool, reason: str) -> int:
    """The head agrees, and they are sent, or refuses with a reason. Raises NotFoundError request-unknown; answers the version."""
    state = case.moved("refuse-recipients" if refuse else "add-recipients")
    additions = await _additions(case)
    asked = next((each for each in additions if each["id"] == key), None)
    if asked is None:
        raise NotFoundError("recipients-request-unknown", params={"key": key}, field="request_key")
    if asked["state"] != "asked":
        raise ConflictError("recipients-request-decided", params={"state": asked["state"]}, field="request_key")
    recipients = _recipients(asked)
    codes = [code_of(each) for each in recipients]
    if refuse:
        require(reason)
        case.unit.update(RECIPIENT_ADDITION, {"id": key} | _decision(case, "refused", reason, None))
        return case.keep(state, "refuse-recipients", codes=codes)
    version, first = await _add(case, recipients, additions)
    case.unit.update(RECIPIENT_ADDITION, {"id": key} | _decision(case, "added", "", first))
    return version


async def added_recipients(case: Outgoing) -> list[pb.Recipient]:
    """Recipients that were added, in the order of their positions."""
    return [each for row in await _additions(case) if row["state"] == "added" for each in _recipients(row)]


def _show_heads(case: Outgoing) -> None:
    """Whoever has to decide reads the document, even one that only its line may read."""
    for official_id in sorted(case.view.head_of(case.row["department_code"])):
        show(case.unit, case.row["id"], f"official:{official_id}", case.row["agency_id"], "department")


async def _additions(case: Outgoing) -> Sequence[Any]:
    return await case.unit.fetch(_ADDITIONS, case.row["id"])


def _recipients(row: Any) -> list[pb.Recipient]:
    return list(pb.OfficialDocument.FromString(row["recipients"]).recipients)


def _complete(case: Outgoing, recipients: Sequence[pb.Recipient]) -> None:
    """Names from the directory where they are missing."""
    for recipient in recipients:
        for unit in (recipient.agency, recipient.department):
            if unit.code and not unit.name:
                known = case.view.unit(unit.code)
                unit.name = known.name if known else ""


def _check(case: Outgoing, recipients: Sequence[pb.Recipient], additions: Sequence[Any]) -> None:
    waiting = [each for row in additions if row["state"] != "refused" for each in _recipients(row)]
    taken = [code_of(each) or name_of(each) for each in (*case.document.recipients, *waiting)]
    addressees = [
        Addressee(code_of(each), government=each.kind in GOVERNMENT, name=name_of(each)) for each in recipients
    ]
    problems = recipient_problems(addressees, case.view, "recipients", taken)
    if problems:
        raise refusal_of(problems)
    for number, each in enumerate(recipients):
        if "\x00" in each.printed_as + each.agency.name + each.department.name:
            raise InvalidError("nul-inside", field=f"recipients[{number}]")


def _new_addition(case: Outgoing, recipients: Sequence[pb.Recipient], ground: str, note: str) -> dict[str, Any]:
    return {
        "id": uuid7(),
        "document_id": case.row["id"],
        "agency_id": case.row["agency_id"],
        "recipients": pb.OfficialDocument(recipients=recipients).SerializeToString(),
        "ground": ground,
        "note": note,
        "asked_by": case.actor.official_id,
        "asked_name": case.actor.name,
        "asked_at": case.unit.now,
    }


def _decision(case: Outgoing, state: str, reason: str, first: int | None) -> dict[str, Any]:
    return {
        "state": state,
        "decided_by": case.actor.official_id,
        "decided_name": case.actor.name,
        "decided_at": case.unit.now,
        "decision_reason": reason,
        "first_position": first,
    }


async def _add(case: Outgoing, recipients: list[pb.Recipient], additions: Sequence[Any]) -> tuple[int, int]:
    """Copies for the new recipients, sent at once; answers the version and the first position."""
    before = [each for row in additions if row["state"] == "added" for each in _recipients(row)]
    first = len(case.document.recipients) + len(before)
    document = await whole(case)
    document.recipients.extend([*before, *recipients])
    copies = await load_copies(case.unit, [case.row["id"]])
    states = [copy["state"] for copy in copies.get(case.row["id"], ())]
    made = make_copies(case.unit, case.row, recipients, case.view, first)
    state = document_state([*states, *(copy["state"] for copy in made)])
    version = case.keep(state, "add-recipients", codes=[copy["receiver_code"] for copy in made])
    ask_adapters(case.unit, case.row, document, made, TRANSMISSION_SEND, case.actor.to_dict(), case.correlation_id)
    return version, first

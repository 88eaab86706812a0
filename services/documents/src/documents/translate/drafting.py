"""What a card says of its writing: whose each version is, what is decided with it, why it came back, what its reader may do."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from documents.domain.produced import Facts, possible
from documents.domain.registration import Number
from documents.domain.state import State
from documents.translate import content, views
from onnara.common.v1.error_pb2 import ErrorDetail
from onnara.documents.v1 import documents_service_pb2 as pb


def put_drafting(card: pb.Document, row: Mapping[str, Any], drafting: Any, relations: AbstractSet[str]) -> None:
    """Writes it into a card. drafting: as ``queries.drafting`` reads it. relations: of the caller to the document."""
    for version in card.versions:
        _put_author(version, drafting.authors.get(version.number))
    card.companions.extend(views.summary(each) for each in drafting.companions)
    for code, params, field, source in row["problems"]:
        card.problems.append(ErrorDetail(code=code, params=params, field=field, source=source))
    facts = Facts(
        submitted=row["line_id"] is not None, companion=row["lead_id"] is not None, foreign=row["origin"] is not None
    )
    card.allowed.extend(possible(State(row["state"]), relations, facts))


def put_co_drafters(card: pb.Document, row: Mapping[str, Any], view: Any) -> None:
    """Adds to a card who writes on it beside its author. view: the directory as it is now."""
    for official_id in row["co_drafters"] or ():
        name, position, department = view.position_of(official_id, row["agency_id"])
        card.co_drafters.add(official_id=official_id, name=name, position=position, department_name=department)


def _put_author(version: pb.DocumentVersion, row: Mapping[str, Any] | None) -> None:
    if row is None:
        return
    version.author_position = row["author_position"]
    version.role = row["role"]
    version.base_number = row["base_number"]
    version.effective = row["effective"]
    if row["serial"] is not None:
        number = Number(row["reg_department"], row["year"], row["serial"], row["reg_number"], row["registered_on"])
        version.registration.CopyFrom(content.registration(number))

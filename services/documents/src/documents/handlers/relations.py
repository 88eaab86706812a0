"""What a caller is to a document: facts of its row and of the directory, in the words that the machines' tables use."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from chassis.actor import Actor
from chassis.uow import UnitOfWork
from documents.domain import relation
from documents.ports.directory import View
from documents.translate.line import roles_of
from onnara.exchange.v1.official_document_pb2 import ApprovalStep, OfficialDocument

CLERK_ROLE, KEEPER_ROLE, RECORDS_ROLE = "clerk", "seal-keeper", "records"


async def relations(
    unit: UnitOfWork,  # noqa: ARG001 - what a later relation is found by
    row: Mapping[str, Any],
    actor: Actor,
    view: View,
) -> frozenset[str]:
    """Relations of a person to a document's row (``SELECT *``); empty for systems and other agencies.

    Department and roles are those of the capacity the caller acts in. Costs no statement today.
    """
    return relations_of(row, actor, view)


def relations_of(row: Mapping[str, Any], actor: Actor, view: View) -> frozenset[str]:
    """The same for callers that read without a unit of work."""
    if not actor.official_id or actor.is_system or actor.agency_id != row["agency_id"]:
        return frozenset()
    found = {relation.AGENCY, *_of_person(row, actor), *_of_department(row, actor, view)}
    if roles_of(row["steps"], actor.official_id, row["agency_id"], view):
        found.add(relation.REVISER)
    return frozenset(found | {*_of_roles(actor, view)})


def _of_person(row: Mapping[str, Any], actor: Actor) -> Iterator[str]:
    if row["author_id"] == actor.official_id:
        yield relation.AUTHOR
    if actor.official_id in (row.get("co_drafters") or ()):
        yield relation.CO_DRAFTER
    if actor.official_id in officials_of(OfficialDocument.FromString(row["steps"]).steps):
        yield relation.LINE
    if row.get("in_charge_id") == actor.official_id:
        yield relation.IN_CHARGE


def _of_department(row: Mapping[str, Any], actor: Actor, view: View) -> Iterator[str]:
    if actor.department_code and actor.department_code == row["department_code"]:
        yield relation.DEPARTMENT
        if CLERK_ROLE in actor.roles:
            yield relation.CLERK
        if actor.official_id in view.head_of(row["department_code"]):
            yield relation.HEAD


def _of_roles(actor: Actor, view: View) -> Iterator[str]:
    if KEEPER_ROLE in actor.roles:
        yield relation.KEEPER
    if RECORDS_ROLE in actor.roles:
        yield relation.RECORDS
    if CLERK_ROLE in actor.roles:
        agency = view.agency(actor.agency_id)
        office = agency.document_department_code if agency else ""
        if not office or office == actor.department_code:
            yield relation.DOCUMENT_CLERK


def officials_of(steps: Iterable[ApprovalStep]) -> frozenset[str]:
    """Officials of a line, with those of departments' own lines and deputies who acted."""
    found: set[str] = set()
    for step in steps:
        found.update((step.person.official_id, step.acted_by.official_id))
        found.update(officials_of(step.sub_steps))
    return frozenset(found - {""})

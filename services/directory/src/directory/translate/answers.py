"""Records and rows into the answers of the service: units, people, sessions. No decision is made here."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.actor import Actor, Strength
from directory.domain.capacities import Capacity
from directory.domain.records import Absence, Appointment, DelegationRule, Passkey, Unit
from directory.translate.records import directory_row, payload, timestamp
from onnara.common.v1 import actor_pb2
from onnara.directory.v1 import directory_service_pb2 as service
from onnara.directory.v1 import events_pb2 as events


def unit_message(found: Unit) -> events.UnitData:
    """A unit for an answer."""
    return events.UnitData.FromString(payload(found))


def capacity(found: Capacity) -> service.Capacity:
    """A capacity for the one who signs in."""
    held = found.appointment
    return service.Capacity(
        appointment_id=str(held.appointment_id),
        position=held.position,
        department_code=held.department_code,
        department_name=found.department_name,
        agency_id=str(held.agency_id),
        agency_name=found.agency_name,
        roles=held.roles,
    )


def changes(latest: int, rows: Iterable[Mapping[str, Any]]) -> service.ListChangesResponse:
    """A page of the change log."""
    return service.ListChangesResponse(
        latest=latest,
        rows=[
            directory_row(
                row["kind"],
                row["id"],
                valid_from=row["valid_from"],
                valid_to=row["valid_to"],
                version=row["version"],
                data=row["payload"],
            )
            for row in rows
        ],
    )


def found_unit(found: Unit, successors: Iterable[Unit]) -> service.GetUnitResponse:
    """A unit with its days and its successors."""
    return service.GetUnitResponse(
        unit=unit_message(found),
        valid_from=found.valid_from.isoformat(),
        valid_to=found.valid_to.isoformat() if found.valid_to else "",
        successors=[unit_message(successor) for successor in successors],
    )


def units(found: Iterable[Unit]) -> service.SearchUnitsResponse:
    """Units in the order they were found."""
    return service.SearchUnitsResponse(units=[unit_message(entry) for entry in found])


_ENTRY = ("name", "position", "department_code", "department_name", "roles", "level", "agency_name")


def official_entry(found: Mapping[str, Any]) -> service.OfficialEntry:
    """An official in a post, and whether away."""
    return service.OfficialEntry(
        official_id=str(found["official_id"]),
        agency_id=str(found["agency_id"]),
        absence=_away(found) if found["absence_id"] else None,
        **{name: found[name] for name in _ENTRY},
    )


def _away(found: Mapping[str, Any]) -> events.AbsenceData:
    deputy = found["deputy_official_id"]
    return events.AbsenceData(
        absence_id=str(found["absence_id"]),
        official_id=str(found["official_id"]),
        agency_id=str(found["agency_id"]),
        reason=found["reason"],
        note=found["note"],
        starts_at=found["starts_at"],
        ends_at=found["ends_at"],
        deputy_official_id=str(deputy) if deputy else "",
    )


def officials(rows: Iterable[Mapping[str, Any]]) -> service.ListOfficialsResponse:
    """Officials in their posts."""
    return service.ListOfficialsResponse(officials=[official_entry(found) for found in rows])


def found_officials(rows: Iterable[Mapping[str, Any]]) -> service.SearchOfficialsResponse:
    """Officials in the order they were found."""
    return service.SearchOfficialsResponse(officials=[official_entry(found) for found in rows])


def absence_message(found: Absence) -> events.AbsenceData:
    """An absence for an answer."""
    return events.AbsenceData.FromString(payload(found))


def absences(found: Iterable[tuple[Absence, str, str]]) -> service.ListAbsencesResponse:
    """Absences, each with the names of the official and of the deputy."""
    entries = [
        service.AbsenceEntry(absence=absence_message(away), official_name=name, deputy_name=deputy)
        for away, name, deputy in found
    ]
    return service.ListAbsencesResponse(absences=entries)


def rule_entry(found: DelegationRule) -> service.DelegationRuleEntry:
    """A rule with its days."""
    return service.DelegationRuleEntry(
        rule=events.DelegationRuleData.FromString(payload(found)),
        valid_from=found.valid_from.isoformat(),
        valid_to=found.valid_to.isoformat() if found.valid_to else "",
    )


def rules(found: Iterable[tuple[DelegationRule, str, datetime]]) -> service.ListDelegationRulesResponse:
    """Rules in their order, each with who changed it last and when."""
    answer = service.ListDelegationRulesResponse()
    for rule, changed_by, changed_at in found:
        entry = rule_entry(rule)
        entry.changed_by = changed_by
        entry.changed_at.FromDatetime(changed_at)
        answer.rules.append(entry)
    return answer


def passkey_message(found: Passkey) -> events.PasskeyData:
    """A passkey for its owner."""
    return events.PasskeyData.FromString(payload(found))


def session_entry(found: Mapping[str, Any], *, current: bool) -> service.SessionEntry:
    """A live session without its secret."""
    return service.SessionEntry(
        session_id=str(found["session_id"]),
        created_at=found["created_at"],
        expires_at=found["expires_at"],
        client_address=found["client_address"],
        strength=STRENGTHS[found["strength"]],
        current=current,
    )


STRENGTHS = {
    "password": actor_pb2.AUTH_STRENGTH_PASSWORD,
    "passkey": actor_pb2.AUTH_STRENGTH_PASSKEY,
    "system": actor_pb2.AUTH_STRENGTH_SYSTEM,
}
_ACTOR_TEXTS = (
    "official_id", "appointment_id", "post_id", "agency_id", "department_code", "name", "position", "acting_for", "system",
)  # fmt: skip


def actor_message(actor: Actor) -> actor_pb2.Actor:
    """The actor for an answer."""
    texts = {name: getattr(actor, name) for name in _ACTOR_TEXTS}
    return actor_pb2.Actor(**texts, strength=STRENGTHS[actor.strength])


def actor(official_id: UUID, name: str, held: Appointment, strength: Strength) -> Actor:
    """An official in one capacity, as tokens say it. strength: how the session was opened."""
    return Actor(
        official_id=str(official_id),
        appointment_id=str(held.appointment_id),
        post_id=str(held.post_id),
        agency_id=str(held.agency_id),
        department_code=held.department_code,
        name=name,
        position=held.position,
        strength=strength,
        roles=frozenset(held.roles),
    )


def signed_in(
    token: str, expires_at: datetime, official_id: UUID, name: str, capacities: Iterable[Capacity]
) -> service.SignInResponse:
    """A new session."""
    return service.SignInResponse(
        session_token=token,
        expires_at=timestamp(expires_at),
        official_id=str(official_id),
        name=name,
        capacities=[capacity(held) for held in capacities],
    )


def token(text: str, expires_at: datetime, acting: Actor) -> service.IssueTokenResponse:
    """A new actor token."""
    return service.IssueTokenResponse(
        actor_token=text, expires_at=timestamp(expires_at), actor=actor_message(acting), roles=sorted(acting.roles)
    )

"""What the directory knows, as dated records: each holds from ``valid_from`` until before ``valid_to`` (None: open).

Several records of one id follow each other in time. Ids never change; the 7-character codes are attributes, because a
renamed agency gets a new code while its rights and records go on.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum
from typing import Protocol, TypeAlias
from uuid import UUID, uuid5

# Ids of what is known by a code or login are made from it, so that an import and the seed meet in one record.
NAMESPACE = UUID("6f1d5f7e-0d0c-5b57-9a39-0f4b8a2c7f10")
ROLES = ("drafter", "reviewer", "approver", "records", "operator", "clerk", "seal-keeper")
ROOT_CODE = "0000000"


class Kind(IntEnum):
    """What a record is about; the numbers are those of the contract's ReplicaKind."""

    UNIT = 1
    OFFICIAL = 2
    APPOINTMENT = 3
    EXTERNAL_IDENTITY = 4
    CLIENT_SYSTEM = 5
    TASK = 6
    TOKEN_KEY = 7
    DELEGATION_RULE = 8
    ABSENCE = 9
    PASSKEY = 10


class Dated(Protocol):
    """A record with the days it holds."""

    @property
    def valid_from(self) -> date:
        """First day."""
        ...

    @property
    def valid_to(self) -> date | None:
        """First day on which it no longer holds; None: open."""
        ...


@dataclass(frozen=True, slots=True)
class Unit:
    """An agency (기관) or a department (처리과). ``agency_id`` equals ``unit_id`` for an agency.

    Of agencies only: decision_strength, onnara.common.v1.AuthStrength as number, 0 for a password sign-in;
    document_department_code, the department that receives for all (문서과), empty for none.
    """

    unit_id: UUID
    code: str
    name: str
    full_name: str
    agency_id: UUID
    parent_code: str
    is_agency: bool
    valid_from: date
    valid_to: date | None = None
    served_here: bool = False
    time_zone: str = "Asia/Seoul"
    successor_codes: tuple[str, ...] = ()
    head_title: str = ""
    zipcode: str = ""
    address: str = ""
    telephone: str = ""
    fax: str = ""
    homepage: str = ""
    decision_strength: int = 0
    document_department_code: str = ""


@dataclass(frozen=True, slots=True)
class Official:
    """A person who works for an agency."""

    official_id: UUID
    name: str
    agency_id: UUID
    login: str
    valid_from: date
    valid_to: date | None = None
    email: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """A post (직위) of a department; rights attach to it, so a hand-over changes one appointment.

    level: 1 head of agency, 2 deputy head, 3 office, 4 bureau, 5 division, 6 team, 7 staff; 0 unknown.
    """

    post_id: UUID
    department_code: str
    position: str
    roles: tuple[str, ...]
    agency_id: UUID
    valid_from: date
    valid_to: date | None = None
    level: int = 0


@dataclass(frozen=True, slots=True)
class Appointment:
    """A person in a post; position, level, department and roles are the post's."""

    appointment_id: UUID
    official_id: UUID
    post_id: UUID
    position: str
    department_code: str
    agency_id: UUID
    roles: tuple[str, ...]
    valid_from: date
    valid_to: date | None = None
    level: int = 0


@dataclass(frozen=True, slots=True)
class ExternalIdentity:
    """User id of a person in a legacy system (SERVERID or endpoint name)."""

    system: str
    external_id: str
    official_id: UUID
    agency_id: UUID
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class ClientSystem:
    """A system and the agencies it may speak for."""

    system: str
    agency_ids: tuple[UUID, ...]
    name: str
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """Unit task (단위과제, 8-character code). retention: onnara.exchange.v1.Retention as number."""

    code: str
    name: str
    retention: int
    department_codes: tuple[str, ...]
    agency_id: UUID
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class TokenKey:
    """Public half of a signing key, Ed25519, 32 bytes."""

    key_id: str
    public_key: bytes
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class DelegationRule:
    """One line of an agency's rules of delegated decision (위임전결규정, 행정업무규정 10②).

    task_code empty and document_kind 0: every task, every kind. level: of the post that decides. audit: an audit step is
    obligatory (일상감사). decision_strength as for units.
    """

    rule_id: UUID
    agency_id: UUID
    title: str
    task_code: str
    document_kind: int
    level: int
    audit: bool
    decision_strength: int
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Absence:
    """An official is away, and who acts meanwhile (대결, 행정업무규정 10③). ends_at None: until ended.

    The days cover the moments wherever a day is counted: who asks on a day still compares the moments.
    """

    absence_id: UUID
    official_id: UUID
    agency_id: UUID
    reason: str
    note: str
    starts_at: datetime
    ends_at: datetime | None
    deputy_official_id: UUID | None
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey of an official (WebAuthn). public_key: COSE. sign_count: for signing in, never replicated."""

    passkey_id: str
    official_id: UUID
    agency_id: UUID
    public_key: bytes
    name: str
    registered_at: datetime
    valid_from: date
    valid_to: date | None = None
    sign_count: int = 0


Record: TypeAlias = (
    Unit
    | Official
    | Appointment
    | ExternalIdentity
    | ClientSystem
    | Task
    | TokenKey
    | DelegationRule
    | Absence
    | Passkey
)

_KINDS: dict[type, Kind] = {
    Unit: Kind.UNIT,
    Official: Kind.OFFICIAL,
    Appointment: Kind.APPOINTMENT,
    ExternalIdentity: Kind.EXTERNAL_IDENTITY,
    ClientSystem: Kind.CLIENT_SYSTEM,
    Task: Kind.TASK,
    TokenKey: Kind.TOKEN_KEY,
    DelegationRule: Kind.DELEGATION_RULE,
    Absence: Kind.ABSENCE,
    Passkey: Kind.PASSKEY,
}


def unit_id(code: str) -> UUID:
    """Id of the unit that was first known under a code."""
    return uuid5(NAMESPACE, f"unit:{code}")


def kind_of(record: Record) -> Kind:
    """Kind a record is replicated under."""
    return _KINDS[type(record)]


def id_of(record: Record) -> str:
    """Id a record is replicated under: its UUID, or what names it (system/user id, system, task code, key id)."""
    match record:
        case Unit():
            return str(record.unit_id)
        case Official():
            return str(record.official_id)
        case Appointment():
            return str(record.appointment_id)
        case ExternalIdentity():
            return f"{record.system}/{record.external_id}"
        case ClientSystem():
            return record.system
        case Task():
            return record.code
        case TokenKey():
            return record.key_id
        case DelegationRule():
            return str(record.rule_id)
        case Absence():
            return str(record.absence_id)
        case Passkey():
            return record.passkey_id


def holds(record: Dated, day: date) -> bool:
    """True when the record holds on a day."""
    return record.valid_from <= day and (record.valid_to is None or day < record.valid_to)

"""Reads the TOML files of the seeded government and answers its records."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any
from uuid import UUID, uuid5

from directory.domain.records import (
    NAMESPACE,
    Appointment,
    ClientSystem,
    DelegationRule,
    ExternalIdentity,
    Official,
    Post,
    Record,
    Task,
    Unit,
    unit_id,
)

# One published password for all; sign-in refuses it outside of a demonstration (credential.must_change).
DEMO_PASSWORD = "onnara-demo-2026"  # noqa: S105 - published on purpose


@dataclass(frozen=True, slots=True)
class Login:
    """A login and the official it belongs to."""

    login: str
    official_id: UUID


@dataclass(frozen=True, slots=True)
class Seed:
    """All records of the seeded government."""

    units: tuple[Unit, ...]
    officials: tuple[Official, ...]
    posts: tuple[Post, ...]
    appointments: tuple[Appointment, ...]
    identities: tuple[ExternalIdentity, ...]
    systems: tuple[ClientSystem, ...]
    tasks: tuple[Task, ...]
    rules: tuple[DelegationRule, ...]
    logins: tuple[Login, ...]

    def records(self) -> tuple[Record, ...]:
        """Everything other services replicate."""
        return (
            *self.units, *self.officials, *self.appointments, *self.identities, *self.systems, *self.tasks, *self.rules,
        )  # fmt: skip


@cache
def seed() -> Seed:
    """The seeded government; the same records with the same ids at every call."""
    frame = _read("government")
    agencies = [_read(name) for name in frame["agencies"]]
    appointed: date = frame["appointed"]
    people = [person for agency in agencies for person in _people(agency, appointed)]
    return Seed(
        units=tuple(unit for agency in agencies for unit in _units(agency)),
        officials=tuple(person.official for person in people),
        posts=tuple(post for person in people for post in person.posts),
        appointments=tuple(appointment for person in people for appointment in person.appointments),
        identities=tuple(identity for person in people for identity in person.identities),
        systems=tuple(_system(entry, appointed) for entry in frame["system"]),
        tasks=tuple(task for agency in agencies for task in _tasks(agency)),
        rules=tuple(rule for agency in agencies for rule in _rules(agency, appointed)),
        logins=tuple(Login(person.official.login, person.official.official_id) for person in people),
    )


@dataclass(frozen=True, slots=True)
class _Person:
    official: Official
    posts: list[Post]
    appointments: list[Appointment]
    identities: list[ExternalIdentity]


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files("directory.seed").joinpath("data", f"{name}.toml").read_text("utf-8"))


def _units(agency: Mapping[str, Any]) -> Iterator[Unit]:
    home = unit_id(agency["code"])
    shared = {key: agency[key] for key in ("head_title", "zipcode", "address", "telephone", "fax")}
    for entry, is_agency in ((agency, True), *((department, False) for department in agency["department"])):
        yield Unit(
            unit_id=unit_id(entry["code"]),
            code=entry["code"],
            name=entry["name"],
            full_name=entry["full_name"],
            agency_id=home,
            parent_code=entry["parent_code"],
            is_agency=is_agency,
            valid_from=entry["since"],
            served_here=True,
            document_department_code=agency["document_department"] if is_agency else "",
            **shared,
        )


def _people(agency: Mapping[str, Any], appointed: date) -> Iterator[_Person]:
    home = unit_id(agency["code"])
    since = {unit.code: max(unit.valid_from, appointed) for unit in _units(agency)}
    for entry in agency["official"]:
        login = entry["login"]
        official = Official(uuid5(NAMESPACE, f"official:{login}"), entry["name"], home, login, appointed)
        posts = [_post(login, home, post, since) for post in entry["post"]]
        appointments = [_appointment(official, post) for post in posts]
        identities = [
            ExternalIdentity(known["system"], known["user"], official.official_id, home, appointed)
            for known in entry.get("external", ())
        ]
        yield _Person(official, posts, appointments, identities)


def _post(login: str, home: UUID, entry: Mapping[str, Any], since: Mapping[str, date]) -> Post:
    department = entry["department"]
    identity = uuid5(NAMESPACE, f"post:{login}:{department}")
    return Post(
        identity, department, entry["position"], tuple(entry["roles"]), home, since[department], level=entry["level"]
    )


def _appointment(official: Official, post: Post) -> Appointment:
    return Appointment(
        appointment_id=uuid5(NAMESPACE, f"appointment:{official.login}:{post.department_code}"),
        official_id=official.official_id,
        post_id=post.post_id,
        position=post.position,
        department_code=post.department_code,
        agency_id=official.agency_id,
        roles=post.roles,
        valid_from=post.valid_from,
        level=post.level,
    )


def _system(entry: Mapping[str, Any], since: date) -> ClientSystem:
    return ClientSystem(entry["name"], tuple(unit_id(code) for code in entry["agencies"]), entry["title"], since)


def _tasks(agency: Mapping[str, Any]) -> Iterator[Task]:
    home = unit_id(agency["code"])
    for department in agency["department"]:
        for entry in department.get("task", ()):
            yield Task(
                entry["code"], entry["name"], entry["retention"], (department["code"],), home, department["since"]
            )


def _rules(agency: Mapping[str, Any], since: date) -> Iterator[DelegationRule]:
    home = unit_id(agency["code"])
    for entry in agency.get("rule", ()):
        yield DelegationRule(
            rule_id=uuid5(NAMESPACE, f"rule:{entry['task']}"),
            agency_id=home,
            title=entry["title"],
            task_code=entry["task"],
            document_kind=0,
            level=entry["level"],
            audit=entry.get("audit", False),
            decision_strength=0,
            valid_from=since,
        )

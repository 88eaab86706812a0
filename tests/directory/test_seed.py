"""The seeded government holds together."""

import re
from pathlib import Path

from directory.domain.records import ROLES, ROOT_CODE, id_of, kind_of
from directory.seed import seed

README = Path(__file__).parents[2] / "services" / "directory" / "README.md"


def test_everything_refers_to_something_that_is_there():
    government = seed()
    codes = {unit.code: unit for unit in government.units}
    officials = {official.official_id: official for official in government.officials}
    posts = {post.post_id for post in government.posts}
    for unit in government.units:
        assert re.fullmatch(r"[0-9A-Z]{7}", unit.code)
        assert (unit.unit_id == unit.agency_id) == unit.is_agency
    for appointment in government.appointments:
        department = codes[appointment.department_code]
        assert department.agency_id == appointment.agency_id == officials[appointment.official_id].agency_id
        assert appointment.post_id in posts
        assert appointment.valid_from >= department.valid_from
        assert set(appointment.roles) <= set(ROLES)
    for task in government.tasks:
        assert len(task.code) == 8
        assert 1 <= task.retention <= 8
        assert all(codes[code].agency_id == task.agency_id for code in task.department_codes)
    agencies = {unit.unit_id for unit in government.units if unit.is_agency}
    assert all(set(system.agency_ids) <= agencies for system in government.systems)
    systems = {system.system: set(system.agency_ids) for system in government.systems}
    for identity in government.identities:
        assert officials[identity.official_id].agency_id in systems[identity.system]


def test_ids_are_unique_and_the_same_every_time():
    ids = [(kind_of(record), id_of(record)) for record in seed().records()]
    assert len(set(ids)) == len(ids)
    mogaha = next(unit for unit in seed().units if unit.code == "1310000")
    assert str(mogaha.unit_id) == "395eab1a-d4b6-5d2c-a2f2-15c5ce93426a"


def test_every_agency_can_walk_a_document_through():
    government = seed()
    for agency in (unit for unit in government.units if unit.is_agency):
        roles = {role for held in government.appointments if held.agency_id == agency.unit_id for role in held.roles}
        assert roles == set(ROLES)
        assert agency.parent_code == ROOT_CODE or agency.code == "5710000"
        assert any(task.agency_id == agency.unit_id for task in government.tasks)


def test_the_readme_names_every_login_department_and_task():
    text = README.read_text(encoding="utf-8")
    government = seed()
    assert [login.login for login in government.logins if f"`{login.login}`" not in text] == []
    assert [unit.code for unit in government.units if f"`{unit.code}` " not in text] == []
    assert [task.code for task in government.tasks if f"`{task.code}`" not in text] == []
    assert [unit.unit_id for unit in government.units if unit.is_agency and str(unit.unit_id) not in text] == []

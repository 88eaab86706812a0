"""What documents reads in the directory: who heads a department."""

import pytest

from chassis.replica import Replica
from chassis.snapshot import Dated
from documents.main import KINDS
from documents.ports.directory import Directory, View
from documents.translate import directory as kinds
from onnara.directory.v1 import events_pb2 as directory
from support.documents_cards import HOME, NOW, Government, official

DEPARTMENT = "T310777"
DIRECTOR, CHIEF, DEPUTY, LEADER, CLERK = "director", "chief", "deputy", "leader", "clerk"


def view_of(*posts: tuple[str, int]) -> View:
    """A department with people at their levels; each is an approver."""
    government = Government(bytes(32))
    government.add_unit("seated", DEPARTMENT, "행정능률과", HOME)
    for name, level in posts:
        post = directory.AppointmentData(
            appointment_id=f"post-{name}",
            official_id=official(name),
            agency_id=HOME,
            department_code=DEPARTMENT,
            level=level,
            roles=["approver"],
        )
        government.add(kinds.APPOINTMENT, post.appointment_id, post)
    replica = Replica(None, None, kinds.DECODE)
    Directory(replica, KINDS, "Asia/Seoul")
    rows = [
        Dated(row.kind, row.id, row.valid_from, row.valid_to, row.version, kinds.DECODE[row.kind](row.payload))
        for row in government.rows
    ]
    return View(replica.snapshot.with_rows(rows, replica._plans), KINDS, "Asia/Seoul", NOW.date())


@pytest.mark.parametrize(
    ("posts", "heads"),
    [
        ([(CHIEF, 5), (CLERK, 7)], [CHIEF]),
        ([(DIRECTOR, 4), (CHIEF, 5), (CLERK, 7)], [CHIEF]),
        ([(DIRECTOR, 4), (CHIEF, 5), (DEPUTY, 5), (LEADER, 6)], [CHIEF, DEPUTY]),
        ([(DIRECTOR, 4), (LEADER, 6), (CLERK, 7)], [DIRECTOR]),
        ([(LEADER, 6), (CLERK, 7)], [LEADER]),
        ([(CLERK, 7)], []),
        ([(CHIEF, 0), (CLERK, 7)], [CHIEF]),
        ([], []),
    ],
)
def test_a_department_is_headed_by_its_division_head_then_by_its_highest_post(posts, heads) -> None:
    assert view_of(*posts).head_of(DEPARTMENT) == {official(name) for name in heads}


def test_no_department_has_no_head() -> None:
    assert view_of((CHIEF, 5)).head_of("") == frozenset()

"""Documents with a sending desk: a head of the roads department, a keeper of seals, a clerk."""

from pathlib import Path

import pytest
import pytest_asyncio

from documents.translate import directory as kinds
from onnara.directory.v1 import events_pb2 as directory
from support.documents_cards import HOME, PARKS, ROADS, Government, official
from support.sending import SendingDesk


@pytest.fixture
def government(government: Government) -> Government:
    """With levels: the chief heads the roads department."""
    for name, department, level in (("chief", ROADS, 5), ("drafter", ROADS, 7), ("neighbour", PARKS, 5)):
        post = directory.AppointmentData(
            appointment_id=f"level-{name}",
            official_id=official(name),
            agency_id=HOME,
            department_code=department,
            position=f"position of {name}",
            level=level,
        )
        government.add(kinds.APPOINTMENT, post.appointment_id, post)
    return government


@pytest_asyncio.fixture
async def desk(documents, tmp_path: Path) -> SendingDesk:
    return SendingDesk(documents)

"""Pages of hand-overs rendered from messages: what is late, what goes, what comes back and why."""

from datetime import date

import pytest

from chassis.errors import NotFoundError
from gateway.page import Page
from gateway.pages.handovers import Chosen
from gateway.views.handover import hand_over_row, record_row, year_row
from onnara.common.v1.error_pb2 import ErrorDetail
from onnara.documents.v1 import documents_service_pb2 as documents
from onnara.documents.v1 import records_service_pb2 as pb
from onnara.exchange.v1 import official_document_pb2 as doc
from onnara.exchange.v1 import records_pb2 as exchange
from support.rendered import BOXES, TITLE, checked, moment

TODAY = date(2026, 11, 23)


def year(**changes: object) -> pb.RecordYear:
    values = {"department": doc.Unit(code="T310101", name="도로정책과"), "year": 2025, "registered": 10, **changes}
    return pb.RecordYear(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "report_late", "transfer_late", "left"),
    [
        ({}, False, False, 10),
        ({"report_due_on": "2026-05-31", "transfer_due_on": "2026-12-31"}, True, False, 10),
        ({"report_due_on": "2026-05-31", "report_state": "waiting"}, False, False, 10),
        ({"report_due_on": "2026-05-31", "report_state": "returned"}, True, False, 10),
        ({"transfer_due_on": "2025-12-31", "accepted": 6, "waiting": 3}, False, True, 1),
        ({"transfer_due_on": "2025-12-31", "accepted": 10}, False, False, 0),
    ],
)
def test_what_is_late_is_told(page: Page, changes: dict, report_late: bool, transfer_late: bool, left: int) -> None:
    row = year_row(page.reader, year(**changes), TODAY)
    assert (row.report_late, row.transfer_late, row.left) == (report_late, transfer_late, left)


def handed(**changes: object) -> pb.HandOver:
    values = {
        "transfer_id": "t-1",
        "selection": pb.HandOverSelection(
            kind=exchange.HAND_OVER_KIND_TRANSFER, department_code="T310101", year=2025, task_code="A&B"
        ),
        "department": doc.Unit(code="T310101", name=TITLE),
        "state": "returned",
        "records": 2,
        "returned": 2,
        "handed_over_at": moment(),
        **changes,
    }
    return pb.HandOver(**values)  # type: ignore[arg-type]


def one(page: Page, each: pb.HandOver, *records: pb.HandedOverRecord) -> str:
    row = hand_over_row(page.reader, each)
    again = Chosen(row.kind, row.department_code, row.year, row.task_code, row.retention, row.transfer_id)
    values = {"each": row, "again": again.address, "following": "", "first_page": True}
    shown = [record_row(page.reader, record) for record in records]
    return checked(page.html("handover.html", boxes=BOXES, here="handovers", records=shown, **values))


def test_what_came_back_shows_our_words_and_theirs_and_leads_on(page: Page) -> None:
    fault = pb.HandOverFault(field="TITLE", code="E1", reason=TITLE, meaning=ErrorDetail(code="record-without-file"))
    document = documents.DocumentSummary(document_id="doc", title=TITLE)
    record = pb.HandedOverRecord(document=document, state="returned", faults=[fault])
    html = one(page, handed(reason="오류", faults=[pb.HandOverFault(code="no-route")]), record)
    for wanted in (
        "<code>E1</code>",
        "<code>TITLE</code>",
        "no-route",
        "task=A%26B&amp;corrects=t-1",
        "/documents/doc/registration",
    ):
        assert wanted in html
    assert "notice danger" in html


def test_what_waits_says_so_and_offers_nothing(page: Page) -> None:
    html = one(page, handed(state="waiting", returned=0))
    assert "notice information" in html
    assert "corrects=" not in html


def test_another_kind_is_no_page() -> None:
    with pytest.raises(NotFoundError, match="page-unknown"):
        Chosen("else", "T310101", 2025).selection()

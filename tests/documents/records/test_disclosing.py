"""Open documents told to the portal (원문공개, 정보공개법 8의2): new ones, what changed, what was closed again; each once."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from documents.translate.disclosures import words_of
from onnara.documents.v1 import documents_service_pb2 as pb
from onnara.exchange.v1 import official_document_pb2 as doc
from onnara.exchange.v1.disclosures_pb2 import DisclosureNews, DisclosureReturned, DocumentDisclosed
from support.documents_cards import HOME, HOME_CODE, arrival, official, person

RECORDS = person("neighbour", official_id=official("keeper of the register"), roles=frozenset({"records"}))
NEW, UPDATED = DisclosureNews.DISCLOSURE_NEWS_NEW, DisclosureNews.DISCLOSURE_NEWS_UPDATED


async def told(documents: Any) -> list[DocumentDisclosed]:
    """What the portal is told in a night, until there is nothing more."""
    before = len(await documents.parcels(DocumentDisclosed))
    while await documents.parts.disclosing.tell_some():
        pass
    return list(await documents.parcels(DocumentDisclosed))[before:]


async def change(documents: Any, row: Any, fields: list[str], **changes: Any) -> None:
    wanted = pb.ChangeRegistrationRequest(
        request_id=uuid4().hex,
        document_id=str(row["id"]),
        expected_version=row["version"],
        reason="공개 재분류",
        changed=doc.OfficialDocument(**changes),
        fields=fields,
    )
    documents.clock.advance(timedelta(minutes=1))
    await documents.call("ChangeRegistration", wanted, RECORDS)


async def test_open_documents_are_told_once_with_their_text_as_pdf_and_again_when_they_change(documents):
    closed = doc.Disclosure(level=doc.DISCLOSURE_LEVEL_CLOSED, items=[5], reason="의사결정 과정")
    [row] = await documents.registered("A1")
    await documents.registered("A2", disclosure=closed)
    await documents.take(arrival("B1", disclosure=doc.Disclosure(level=doc.DISCLOSURE_LEVEL_OPEN)))
    [entry] = await told(documents)
    assert (entry.document_id, entry.news, entry.listed, entry.agency_id) == (str(row["id"]), NEW, True, HOME)
    assert (entry.agency.code, entry.registration.text, entry.title) == (HOME_CODE, "도로정책과-1", "도로 점용 허가")
    assert (entry.decider_name != "", "허가합니다" in entry.words) == (True, True)
    [file] = entry.files
    blob = (await documents.rows("record_rendition"))[0]
    assert (file.sha256, file.media_type) == (blob["sha256"], "application/pdf")
    assert await told(documents) == []
    # A title changed is news, and so is a document closed again: without a file the portal takes it down.
    await change(documents, await documents.card("A1"), ["title"], title="도로 점용 허가(정정)")
    [renamed] = await told(documents)
    assert (renamed.news, renamed.title, renamed.version > entry.version) == (UPDATED, "도로 점용 허가(정정)", True)
    await change(documents, await documents.card("A1"), ["disclosure"], disclosure=closed)
    [taken_down] = await told(documents)
    assert (taken_down.disclosure.level, list(taken_down.files), taken_down.words) == (
        doc.DISCLOSURE_LEVEL_CLOSED,
        [],
        "",
    )
    assert await told(documents) == []


async def test_what_came_back_keeps_its_reason_and_is_told_again_when_it_has_changed(documents):
    [row] = await documents.registered("A1")
    [entry] = await told(documents)
    old = DisclosureReturned(document_id=entry.document_id, version=entry.version + 7, code="no-route")
    back = DisclosureReturned(document_id=entry.document_id, version=entry.version, code="personal-data-inside")
    await documents.take(old, back, DisclosureReturned(document_id="nobody's", version=1, code="x"))
    assert [each["problem"] for each in await documents.rows("disclosed")] == ["personal-data-inside"]
    assert await told(documents) == []
    await change(documents, await documents.card("A1"), ["title"], title="도로 점용 허가(정정)")
    [again] = await told(documents)
    assert (again.news, again.document_id) == (UPDATED, str(row["id"]))
    assert [each["problem"] for each in await documents.rows("disclosed")] == [""]


async def test_nothing_is_told_by_day_nor_for_agencies_that_do_not_publish(documents):
    await documents.registered("A1")
    documents.clock.advance(timedelta(hours=5))
    assert await told(documents) == []
    assert await documents.rows("disclosed") == []


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<p>010-1234-<b>5678</b></p>", "010-1234-5678"),
        ("<table><tr><td>900101</td><td>1</td></tr></table>", "900101 1"),
    ],
)
def test_words_stand_run_together_and_parted(body, words):
    assert words in words_of(body)

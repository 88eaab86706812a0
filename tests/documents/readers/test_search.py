"""Searching over gRPC: Korean titles however they are spaced, numbers, people, days; never what the caller may not read."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.errors import InvalidError
from documents.domain import searching
from onnara.documents.v1 import documents_service_pb2 as pb
from onnara.exchange.v1 import official_document_pb2 as doc
from support.documents_cards import ABROAD, PARKS, ROADS, arrival, line_changed, person, request

TITLES = ("도로 점용 허가", "도로점용 허가 취소", "하천 점용 허가", "100% 완료 보고", "2026년 A안 검토")


async def found(documents, who="drafter", token: str = "", **asked) -> list[str]:
    seen: list[str] = []
    while True:
        wanted = pb.SearchDocumentsRequest(page_size=2 if not token else 3, page_token=token, **asked)
        page = await documents.call("SearchDocuments", wanted, who)
        seen += [each.title for each in page.documents]
        token = page.next_page_token
        if not token:
            return seen


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("도로 점용", [1, 0]),
        ("점용허가", [2, 1, 0]),
        ("허가 도로", [1, 0]),
        ("점용", [2, 1, 0]),
        ("하", [2]),
        ("100%", [3]),
        ("%", [3]),
        ("a안", [4]),
        ("없는 말", []),
        ("도_점", []),
    ],
)
async def test_titles_are_found_however_they_are_spaced(documents, title, expected) -> None:
    for number, text in enumerate(TITLES):
        await documents.registered(f"A{number}", title=text)
    assert await found(documents, title=title) == [TITLES[place] for place in expected]


async def test_numbers_people_days_departments_and_states_all_hold(documents) -> None:
    for number, text in enumerate(TITLES):
        await documents.registered(f"A{number}", title=text)
    await documents.take(request("P1", title="도로 진행 문서"))
    await documents.take(arrival("D1", ROADS, title="도로 접수 문서"))
    assert await found(documents, number="도로정책과-3") == [TITLES[2]]
    assert len(await found(documents, number="도로정책과-")) == 5
    assert await found(documents, number="도로 정책과 - 3") == [TITLES[2]]
    assert await found(documents, person="drafter", title="도로") == [
        "도로 접수 문서", "도로 진행 문서", TITLES[1], TITLES[0],
    ]  # fmt: skip
    assert await found(documents, person="draft") == []
    assert len(await found(documents, person="chief")) == 7
    assert len(await found(documents, from_day="2026-05-11", to_day="2026-05-11")) == 7
    assert await found(documents, from_day="2026-05-12") == []
    assert await found(documents, to_day="2026-05-10") == []
    assert len(await found(documents, department_code=ROADS)) == 7
    assert await found(documents, department_code=PARKS) == []
    assert await found(documents, state=pb.DOCUMENT_STATE_IN_PATH) == ["도로 진행 문서"]
    assert await found(documents, state=pb.DOCUMENT_STATE_IN_PATH, title="허가") == []


async def test_what_was_written_long_before_its_day_is_found_by_its_registration(documents) -> None:
    await documents.take(*(request(f"K{number}", title=f"장기 검토 {number}") for number in range(3)))
    cards = [await documents.card(f"K{number}") for number in range(3)]
    documents.clock.advance(timedelta(days=200))
    await documents.take(*(request(f"N{number}", title=f"그 뒤의 문서 {number}") for number in range(510)))
    decided = [line_changed(card, 2, decided_at=documents.clock.now()) for card in cards[:2]]
    await documents.take(*decided)
    day = documents.clock.now().date().isoformat()
    for asked in ({"title": "장기"}, {"person": "drafter", "title": "검토"}, {"state": pb.DOCUMENT_STATE_SENDING}):
        assert sorted(await found(documents, from_day=day, to_day=day, **asked)) == ["장기 검토 0", "장기 검토 1"]
    assert await found(documents, title="장기", to_day="2026-06-01") == ["장기 검토 2"]


async def test_nobody_finds_what_he_may_not_read(documents) -> None:
    await documents.registered("A1", title="비공개 인사 계획", reading_range=doc.READING_RANGE_LINE)
    await documents.take(request("P1", title="비공개 진행 계획"))
    everything = ({"title": "비공개"}, {"person": "drafter"}, {"number": "도로정책과-"}, {"department_code": ROADS})
    for who in (person("neighbour"), person("chief", ABROAD), person("drafter", official_id="colleague")):
        for asked in (*everything, {"from_day": "2020-01-01"}):
            assert await found(documents, who, **asked) == []
    assert await found(documents, title="비공개") == ["비공개 진행 계획", "비공개 인사 계획"]
    assert await found(documents, person("drafter", official_id="x", roles=frozenset({"records"})), title="비공개") == [
        "비공개 인사 계획"
    ]


async def test_refused_searches(documents) -> None:
    for asked, code in (
        ({}, "search-empty"),
        ({"title": " "}, "search-empty"),
        ({"title": "가" * 101}, "search-too-long"),
        ({"person": "a\x00"}, "search-too-long"),
        ({"from_day": "2026-5-1"}, "day-invalid"),
        ({"to_day": "2026-02-30"}, "day-invalid"),
        ({"title": "가", "token": "x"}, "page-token-invalid"),
        ({"title": "가", "state": 99}, "state-unknown"),
    ):
        with pytest.raises(InvalidError, match=code):
            await found(documents, **asked)


texts = st.text(st.sampled_from("도로점용허가 Ab1%_\\😀\u1112\u1161"), max_size=12)


@given(texts, texts)
def test_a_title_that_contains_the_words_has_their_grams(before: str, word: str) -> None:
    wanted = searching.wanted_of(word, "")
    title = searching.plain(before + word + before)
    if word.split() and all(searching.plain(each) in title for each in word.split()):
        assert set(wanted.grams) <= searching.grams_of(title)


async def test_the_database_makes_the_same_grams(documents) -> None:
    ask = "SELECT grams_of($1, 0), grams_of($2, $3)"
    for text in (*TITLES, "", "가", "😀도로", "㈜한글 Ⅳ"):
        name = searching.people_of([text])
        made = await documents.parts.worker.pool.fetchrow(ask, searching.plain(text), name, searching.PEOPLE)
        assert set(made[0]) == searching.grams_of(searching.plain(text))
        assert set(made[1]) == searching.grams_of(name, searching.PEOPLE)


def test_the_first_text_behind_a_beginning() -> None:
    assert searching.after("과-1") == "과-2"
    assert searching.after("") == ""
    assert sorted(["과-2", "과-19", "과-1", searching.after("과-1")]) == ["과-1", "과-19", "과-2", "과-2"]

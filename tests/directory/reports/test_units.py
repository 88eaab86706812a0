"""Units as the table of agency codes reports them: nothing is deleted, successors are found, whoever came first."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.testing.statements import counted_pool
from chassis.uow import Database
from directory import queries
from directory.domain.records import Unit, holds, unit_id
from directory.domain.reported_units import UnitFact, links_of, newest, units_of
from support.reporting import MONDAY, person, post, report, unit

DAY = timedelta(days=1)
TODAY = date(2026, 5, 11)


async def named(directory, code: str) -> list[tuple[str, date, date | None]]:
    rows = await directory.worker.pool.fetch(
        "SELECT name, valid_from, valid_to FROM unit WHERE code = $1 ORDER BY valid_from", code
    )
    return [(row["name"], row["valid_from"], row["valid_to"]) for row in rows]


async def successors(directory, code: str, on: date = TODAY, then: date | None = None) -> list[str]:
    async with directory.worker.transaction() as work:
        found = await queries.unit_of_code(work, code, on, TODAY, then)
    return [each.code for each in found.successors]


async def test_new_renamed_and_abolished_units_keep_their_history(seeded):
    [new] = await report(seeded.worker, unit("0010001", created_on="2010-01-01"))
    [renamed] = await report(
        seeded.worker,
        unit(
            "0010001",
            name="디지털과",
            full_name="시험 디지털과",
            created_on="2010-01-01",
            changed_on="2026-06-01",
            at=MONDAY + DAY,
        ),
    )
    [gone] = await report(
        seeded.worker,
        unit(
            "0010001",
            name="디지털과",
            full_name="시험 디지털과",
            created_on="2010-01-01",
            changed_on="2027-01-01",
            abolished_on="2027-01-01",
            abolished=True,
            at=MONDAY + 2 * DAY,
        ),
    )
    assert {new.effect, renamed.effect, gone.effect} == {"changed"}
    assert await named(seeded, "0010001") == [
        ("0010001과", date(2010, 1, 1), date(2026, 6, 1)),
        ("디지털과", date(2026, 6, 1), date(2027, 1, 1)),
    ]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
async def test_an_old_code_leads_to_its_successors_of_a_day_in_whichever_order_they_came(seeded, order):
    reports = [
        unit("0020001", created_on="2000-01-01", abolished_on="2014-07-01", abolished=True),
        unit(
            "0020002", created_on="2014-07-01", abolished_on="2026-07-01", abolished=True, predecessor_codes=["0020001"]
        ),
        unit("0020003", created_on="2026-07-01", predecessor_codes=["0020002"]),
    ]
    for place in order:
        await report(seeded.worker, reports[place])
    assert await successors(seeded, "0020001") == ["0020002"]
    assert await successors(seeded, "0020001", date(2026, 7, 1)) == ["0020003"]
    assert await successors(seeded, "0020001", date(2001, 1, 1), date(2020, 1, 1)) == ["0020002"]


async def test_a_corrected_predecessor_moves_the_link(seeded):
    await report(
        seeded.worker,
        unit("0030001", created_on="2000-01-01", abolished_on="2020-01-01", abolished=True),
        unit("0030002", created_on="2000-01-01", abolished_on="2020-01-01", abolished=True),
        unit("0030003", created_on="2020-01-01", predecessor_codes=["0030001"]),
    )
    await report(
        seeded.worker, unit("0030003", created_on="2020-01-01", predecessor_codes=["0030002"], at=MONDAY + DAY)
    )
    assert (await successors(seeded, "0030001"), await successors(seeded, "0030002")) == ([], ["0030003"])


async def test_a_unit_that_works_here_ends_only_when_nobody_works_in_it(seeded):
    def abolished():
        return unit(
            "Z310104",
            name="감사담당관",
            full_name="행정자치부 감사담당관",
            parent_code="1310000",
            representative_code="1310000",
            created_on="1998-02-28",
            abolished_on="2026-07-01",
            abolished=True,
        )

    [refused] = await report(seeded.worker, abolished())
    assert (refused.codes, refused.params) == (("served-unit-abolished",), {"code": "Z310104", "day": "2026-07-01"})
    assert [ends for *_, ends in await named(seeded, "Z310104")] == [None]
    await report(seeded.worker, person("P1", "문하준", "mogaha.moon"))
    await report(seeded.worker, post("A1", "P1", "Z310104", "감사담당관", level=5, first_day="2020-01-01"))
    await report(
        seeded.worker, post("A1", "P1", "Z310104", "감사담당관", level=5, last_day="2026-06-30", at=MONDAY + DAY)
    )
    [taken] = await report(seeded.worker, abolished())
    assert taken.effect == "changed"
    assert [ends for *_, ends in await named(seeded, "Z310104")] == [date(2026, 7, 1)]
    [agency] = await report(
        seeded.worker,
        unit("1310000", name="행정자치부", full_name="행정자치부", abolished_on="2026-07-01", abolished=True),
    )
    assert agency.codes == ("served-unit-abolished",)


async def test_the_newest_report_counts_and_the_same_changes_nothing(seeded):
    newer, older = unit("0040001", name="새 이름", at=MONDAY), unit("0040001", name="옛 이름", at=MONDAY - DAY)
    assert [a.effect for a in await report(seeded.worker, newer, older)] == ["changed", "outdated"]
    assert [a.effect for a in await report(seeded.worker, newer)] == ["unchanged"]
    assert [a.effect for a in await report(seeded.worker, older)] == ["outdated"]
    assert [name for name, *_ in await named(seeded, "0040001")] == ["새 이름"]


async def test_what_cannot_be_taken_is_refused(seeded):
    foreign, nameless, odd = await report(
        seeded.worker,
        unit("0050001", system="nobody"),
        unit("0050002", name="", full_name=" "),
        unit("0050003", created_on="2026-02-30"),
    )
    assert (foreign.codes, nameless.codes, odd.codes) == (
        ("client-system-not-allowed",),
        ("unit-name-missing",),
        ("day-malformed",),
    )


async def test_statements_do_not_grow_with_the_batch(seeded):
    async with counted_pool(seeded.server.url("worker")) as (pool, texts):
        database, counts = Database(pool, seeded.clock), []
        for size in (2, 1, 10, 100):
            batch = [
                unit(f"{size:03d}{place:04d}", predecessor_codes=[f"9{size:02d}{place:04d}"[:7]])
                for place in range(size)
            ]
            texts.clear()
            await report(database, *batch)
            counts.append(len(texts))
    assert len(set(counts[1:])) == 1, counts


CODES = ("0000001", "0000002", "0000003", "0000004")
facts = st.builds(
    lambda code, age, before, end: UnitFact(
        "agency-codes", "1310000", datetime(2026, 1, 1) + timedelta(days=age), code, code, code, code, "", "",
        date(2000, 1, 1), end, None, end is not None, tuple(sorted(before - {code})),
    ),
    st.sampled_from(CODES), st.integers(0, 5), st.sets(st.sampled_from(CODES), max_size=2), st.none() | st.dates(date(2001, 1, 1), date(2030, 1, 1)),
)  # fmt: skip


@given(st.lists(st.lists(facts, min_size=1, max_size=4), min_size=1, max_size=4))
def test_after_any_reports_in_any_batches_the_newest_of_each_code_stands_with_its_links(batches):
    known: dict[str, list[Unit]] = {}
    told: dict[str, tuple] = {}
    links: set[tuple[str, str]] = set()
    best: dict[str, UnitFact] = {}
    for batch in batches:
        taken = newest(batch, told)
        found = links_of(taken.values(), links)
        rows = {(row.unit_id, row.valid_from): row for each in known.values() for row in each}
        rows |= {(row.unit_id, row.valid_from): row for row in units_of(list(taken.values()), known, found).units}
        known = {}
        for row in rows.values():
            known.setdefault(row.code, []).append(row)
        links = (links | found.said) - found.removed
        told |= {code: fact.age for code, fact in taken.items()}
        for fact in batch:
            if fact.code not in best or fact.age >= best[fact.code].age:
                best[fact.code] = fact
    assert links == {(code, each) for code, fact in best.items() for each in fact.predecessors}
    for code, fact in best.items():
        [row] = known[code]
        assert row.unit_id == unit_id(code)
        assert holds(row, date(2000, 1, 1))
        assert set(row.successor_codes) == {each for each, before in links if before == code}
        assert (row.valid_to is None) == (not fact.abolished)

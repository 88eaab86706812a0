"""Tables of agency codes taken in: the shipped excerpt, and damaged ones; all rows or none, again and again the same."""

import json
from pathlib import Path

import pytest
import pytest_asyncio

from chassis.errors import NotFoundError
from directory import queries
from directory.__main__ import main
from directory.domain.agency_codes import Outcome, Table, Tree, parse, report
from directory.domain.agency_codes.columns import STANDARD
from directory.domain.import_report import ImportReport
from directory.domain.listing import list_units
from directory.domain.records import ROOT_CODE, unit_id
from directory.handlers.import_units import Imported, import_units

DATA = Path(__file__).parents[2] / "services" / "directory" / "data"
HEADER = "\t".join(STANDARD)


@pytest.fixture(scope="module")
def excerpt() -> Table:
    return parse(*[path.read_bytes() for path in sorted(DATA.glob("*.tsv"))])


async def take(directory, table: Table) -> Imported:
    listing = list_units(table.rows)
    async with directory.worker.transaction() as unit:
        return await import_units(unit, listing.units, listing.outside)


@pytest_asyncio.fixture
async def imported(seeded, excerpt):
    await take(seeded, excerpt)
    return seeded


def line(code: str, name: str, **cells: str) -> str:
    values = {
        "기관코드": code, "전체기관명": name, "최하위기관명": name.rsplit(" ", maxsplit=1)[-1], "차상위기관코드": ROOT_CODE,
        "대표기관코드": code, "생성일자": "20000101", "존폐여부": "0",
    } | cells  # fmt: skip
    return "\t".join(values.get(column, "NULL") for column in STANDARD)


def table_of(*lines: str) -> Table:
    return parse("\n".join([HEADER, *lines]).encode("cp949"))


async def test_every_row_is_in_and_the_second_import_changes_nothing(seeded, excerpt):
    tree = Tree(excerpt.rows)
    first = await take(seeded, excerpt)
    assert first.units == len({row.code for row in excerpt.rows})
    stored = {
        row["code"]: row
        for row in await seeded.worker.pool.fetch("SELECT * FROM unit WHERE valid_to IS NULL OR valid_to > valid_from")
    }
    assert set(stored) >= {row.code for row in excerpt.rows}
    for row in tree.by_code.values():
        kept = stored[row.code]
        assert kept["full_name"] == row.full_name
        assert kept["parent_code"] == (row.parent_code or ROOT_CODE)
        if not kept["served_here"]:
            assert (kept["valid_to"] is not None) == row.abolished
    again = await take(seeded, excerpt)
    assert (again.changed, again.units) == (0, first.units)


async def test_the_seeded_agencies_and_their_rows_are_one(imported):
    rows = await imported.worker.pool.fetch(
        "SELECT unit_id, served_here, head_title FROM unit WHERE code = ANY ('{6280000,5710000}') ORDER BY code"
    )
    assert [(row["unit_id"], row["served_here"], row["head_title"]) for row in rows] == [
        (unit_id("5710000"), True, "청주시장"),
        (unit_id("6280000"), True, "인천광역시장"),
    ]
    people = await imported.worker.pool.fetchval("SELECT count(*) FROM official")
    assert people == 62


async def test_abolished_units_lead_where_the_table_leads(imported, excerpt):
    today = imported.clock.now().date()
    tree = Tree(excerpt.rows)
    followed = 0
    async with imported.rpc.transaction() as unit:
        for row in excerpt.rows:
            if not row.abolished:
                continue
            expected = tree.resolve(row.code, today)
            found = await queries.unit_of_code(unit, row.code, today, today)
            assert {successor.code for successor in found.successors} == set(expected.successors), row.code
            followed += expected.outcome is Outcome.RESOLVED
    assert followed


async def test_tables_of_two_regions_come_one_after_the_other_in_any_order(seeded):
    old = table_of(line("7000001", "가 총무과", 존폐여부="1", 폐지일자="20100101"))
    new = table_of(line("7000002", "나 총무과", 생성일자="20100101", 이전기관코드="7000001"))
    await take(seeded, old)
    await take(seeded, new)
    for again in (old, new, old):
        assert (await take(seeded, again)).changed == 0
    today = seeded.clock.now().date()
    async with seeded.rpc.transaction() as unit:
        found = await queries.unit_of_code(unit, "7000001", today, today)
        assert [successor.code for successor in found.successors] == ["7000002"]
        with pytest.raises(NotFoundError):
            await queries.unit_of_code(unit, "7000003", today, today)


async def test_damaged_rows_are_taken_and_what_cannot_be_is_told(seeded):
    lines = [
        line("7000001", "가\x00나"),
        line("7000001", "두 번째", 존폐여부="1"),
        line("", "코드 없음"),
        line("70-1", "이상한 코드", 생성일자="2001.1.1"),
        line("7000005", "끝이 앞선 과", 존폐여부="1", 폐지일자="19990101"),
        line("7000006", "끝을 모르는 과", 존폐여부="1"),
    ]
    data = "\n".join([HEADER, *lines]).encode("cp949").replace("이상한".encode("cp949"), b"\xff\xfe")
    table = parse(data)
    listing = list_units(table.rows)
    done = await take(seeded, table)
    assert (done.units, done.changed) == (4, 4)
    assert [(row.line, row.code) for row in listing.left_out] == [(3, "7000001"), (4, "")]
    stored = {row["code"]: row for row in await seeded.worker.pool.fetch("SELECT * FROM unit WHERE NOT served_here")}
    assert stored["7000001"]["name"] == "가\ufffd나"
    assert stored["7000005"]["valid_from"] < stored["7000005"]["valid_to"]
    assert stored["7000006"]["valid_from"] < stored["7000006"]["valid_to"]
    told = ImportReport(
        ("table.tsv",), done.units, done.changed, listing.left_out, done.findings, table.findings, report(table)
    )
    text = told.to_text()
    assert "left out: table.tsv:3 7000001" in text
    assert "left out: table.tsv:4 (no code)" in text
    assert {"duplicate-code", "unparsable-date", "undecodable-bytes", "malformed-code"} <= set(
        told.to_dict()["table"]["findings"]
    )
    as_json = json.loads(json.dumps(told.to_dict()))
    assert as_json["left_out"][0]["line"] == 3
    day = next(finding for finding in as_json["findings"] if finding["code"] == "unparsable-date")
    assert (day["file"], day["line"], day["params"]) == ("table.tsv", 5, {"value": "2001.1.1"})


async def test_the_end_of_a_served_unit_is_told_and_left(seeded):
    table = table_of(
        line("5710294", "충청북도 청주시 예산과", 존폐여부="1", 폐지일자="20260101"),
        line("7000002", "청주시 새예산과", 이전기관코드="5710294"),
    )
    done = await take(seeded, table)
    told = ImportReport(("t",), done.units, done.changed, (), done.findings, table.findings, report(table)).to_text()
    assert "for you to decide: served-unit-abolished 5710294 -> 7000002" in told
    assert await seeded.worker.pool.fetchval("SELECT valid_to FROM unit WHERE code = '5710294'") is None


def test_an_empty_command_line_names_the_commands(capsys):
    with pytest.raises(SystemExit):
        main(["no-such-command"])
    assert "import-codes" in capsys.readouterr().err

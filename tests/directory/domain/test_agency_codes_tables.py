"""Whole tables: the excerpt that comes with the service, and those that ONNARA_AGENCY_CODES names, parted as in PATH."""

import json
import os
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from directory.domain.agency_codes import Column, Outcome, Table, Tree, parse, report
from directory.domain.agency_codes.columns import STANDARD
from directory.seed import seed
from tools.code_excerpt import LARGEST, excerpt, main

EXCERPT = Path(__file__).parents[3] / "services" / "directory" / "data" / "agency-codes-excerpt.tsv"
KEEP = ("6286268", "6286270", "6286677", "5710178", "5710294", "5710231")
HEADING = Column.CODE.encode("cp949") + b"\t"


def whole_tables() -> list[Path]:
    """Files named, and of folders named what by its first line is such a table; other code tables may lie beside them."""
    named = [Path(name) for name in os.environ.get("ONNARA_AGENCY_CODES", "").split(os.pathsep) if name]
    files = [path for name in named for path in (sorted(name.iterdir()) if name.is_dir() else [name])]
    return [path for path in files if path in named or (path.is_file() and path.read_bytes().startswith(HEADING))]


@cache
def read(path: Path) -> Table:
    return parse(path.read_bytes())


every_table = pytest.mark.parametrize("path", [EXCERPT, *whole_tables()], ids=lambda path: path.name)


@every_table
def test_every_line_is_a_row_and_comes_back_as_it_was(path: Path) -> None:
    data = path.read_bytes()
    heading, *lines = data.splitlines()
    rows = read(path).rows
    assert ["\t".join(row.cells).encode("cp949", "surrogateescape") for row in rows] == lines
    assert set(STANDARD) <= set(heading.decode("cp949").split("\t"))


@every_table
def test_findings_lead_to_the_line(path: Path) -> None:
    table = read(path)
    by_line = {row.line: row for row in table.rows}
    for finding in table.findings:
        if finding.line == 1:
            continue
        assert finding.column in STANDARD
        assert by_line[finding.line].code == finding.unit_code
    assert [finding.line for finding in table.findings] == sorted(finding.line for finding in table.findings)


@every_table
def test_totals_add_up(path: Path) -> None:
    table = read(path)
    totals = report(table)
    assert totals.rows == totals.active + totals.abolished == len(table.rows)
    assert totals.abolished == totals.resolvable + sum(totals.unresolvable.values())
    assert Counter(finding.code for finding in table.findings) == {
        code: found.count for code, found in totals.findings.items()
    }
    assert json.loads(json.dumps(totals.to_dict(), ensure_ascii=False))["as_of"] == str(table.as_of)


@every_table
def test_abolished_units_lead_to_living_ones_or_say_why_not(path: Path) -> None:
    table = read(path)
    tree, day = Tree(table.rows), table.as_of or date.max
    named = {code for row in table.rows for code in row.predecessor_codes if code != row.code}
    for row in table.rows:
        resolution = tree.resolve(row.code, day)
        assert all(tree.is_active(code, day) for code in resolution.successors)
        assert (resolution.outcome is Outcome.NO_SUCCESSOR) == (row.abolished and row.code not in named)


@every_table
def test_living_units_lead_up_to_a_top(path: Path) -> None:
    table = read(path)
    tree = Tree(table.rows)
    for row in table.rows:
        if not row.abolished:
            top = tree.top(row.code)
            assert top is not None
            assert top.parent_code == ""


def test_figures_of_the_excerpt() -> None:
    totals = report(read(EXCERPT))
    assert (totals.rows, totals.active, totals.abolished, totals.roots, totals.max_depth) == (300, 201, 99, 3, 4)
    assert (totals.with_predecessor, totals.resolvable) == (72, 51)
    assert totals.unresolvable == {"no-successor": 40, "successor-circle": 2, "successors-ended": 6}
    assert totals.findings["successor-circle"].unit_codes == ("6280551", "6280839")
    assert totals.findings["unknown-parent"].count == 2


def test_a_real_reorganisation() -> None:
    tree = Tree(read(EXCERPT).rows)
    chief, day = tree.by_code["6280682"], date(2025, 1, 1)
    assert chief.full_name == "인천광역시 경제자유구역청 부청장"
    assert chief.abolished
    resolution = tree.resolve("6280682", day)
    assert [tree.by_code[code].full_name for code in resolution.successors] == ["인천광역시 경제자유구역청 차장"]


def test_the_excerpt_knows_the_real_departments_of_the_seeded_government() -> None:
    tree = Tree(read(EXCERPT).rows)
    real = {unit.code: unit for unit in seed().units if unit.code[:4] in {"6280", "6286", "5710"}}
    assert set(KEEP) <= set(real)
    for code, unit in real.items():
        assert tree.by_code[code].full_name.endswith(unit.name)
        assert tree.is_active(code, date(2025, 1, 1))


def test_nothing_is_inferred_where_the_table_names_no_predecessor() -> None:
    # Both cities were renewed under a new code, and the public table links neither to its old one.
    tree = Tree(read(EXCERPT).rows)
    for old, new, day in (("3510000", "3510500", date(2018, 7, 1)), ("4360000", "5710000", date(2014, 7, 1))):
        assert tree.is_active(old, date(2014, 6, 30))
        assert tree.is_active(new, day)
        assert not tree.by_code[new].predecessor_codes
        assert tree.resolve(old, day).outcome is Outcome.NO_SUCCESSOR


def test_an_excerpt_of_the_excerpt_is_closed_and_small(tmp_path: Path) -> None:
    whole = read(EXCERPT)
    small = parse(excerpt([EXCERPT.read_bytes()], KEEP, largest=40))
    codes, known = {row.code for row in small.rows}, {row.code for row in whole.rows}
    assert set(KEEP) <= codes
    assert 20 < len(codes) <= 40
    for row in small.rows:
        assert {row.parent_code, row.top_code, row.representative_code, *row.predecessor_codes} & known <= codes
    out = tmp_path / "again.tsv"
    assert main([str(out), str(EXCERPT), "--keep", *KEEP, "--largest", str(LARGEST)]) == 0
    assert out.read_bytes() == EXCERPT.read_bytes()
    assert main([str(out), str(tmp_path / "nothing.tsv")]) == 1

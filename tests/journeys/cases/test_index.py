"""docs/cases/README.md lists every case, and every case has its test."""

from pathlib import Path

from tests.support.worked_case import CASES, table

TESTS = Path(__file__).parent


def test_the_index_lists_every_case_with_its_test() -> None:
    rows = table((CASES / "README.md").read_text(encoding="utf-8"), ("case", "what it shows", "test"))
    listed = [(case.partition("](")[2].rstrip(")"), test.strip("`")) for case, _, test in rows]
    assert [document for document, _ in listed] == sorted(path.name for path in CASES.glob("[0-9]*.md"))
    assert [test for _, test in listed] == sorted(path.name for path in TESTS.glob("test_[0-9]*.py"))
    for document, test in listed:
        assert f"docs/cases/{document}" in (TESTS / test).read_text(encoding="utf-8")

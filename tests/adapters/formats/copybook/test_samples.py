"""Public samples: what another program read of them is read here, and they go back explained."""

from decimal import Decimal
from pathlib import Path

import pytest

from tools.corpora import legacy
from tools.corpora._expected import same

SAMPLES = Path(__file__).parent / "samples"


def test_public_samples_are_read_as_other_programs_read_them(capsys):
    assert legacy.main([str(SAMPLES)]) == 0
    said = capsys.readouterr().out.splitlines()
    assert "6/6" in said[0]
    for name, values in (
        ("test1 ", 3),
        ("test14 ", 18),
        ("test17 ", 190),
        ("test40 ", 390),
        ("CUSTREC ", 54),
        ("CVCUS01Y ", 54),
    ):
        line = next(line for line in said if line.startswith(name))
        agree, fields = line.split()[1].split("/")
        assert int(agree) == int(fields) >= values, line
        assert "unexplained" not in line
        assert "refused" not in line


def test_a_difference_is_told_and_counts(tmp_path, capsys):
    for path in (SAMPLES / "carddemo").rglob("*"):
        if path.is_file():
            target = tmp_path / path.relative_to(SAMPLES)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes().replace(b"000000001", b"000000009"))
    assert legacy.main([str(tmp_path)]) == 1
    assert "CUST-ID: 9 expected, 1 read" in capsys.readouterr().out


def test_a_folder_is_needed(tmp_path):
    assert legacy.main([]) == 2
    assert legacy.main([str(tmp_path / "none")]) == 2


@pytest.mark.parametrize(
    ("wanted", "got", "expected"),
    [
        (Decimal("1.50"), Decimal("1.5"), True), (3, 3, True), (3, 4, False), (Decimal("-30503.93"), -30503.9296875, True),
        ("A B", "A  B", True), ("A", "B", False), ("", None, True), (0, None, False),
    ],
)  # fmt: skip
def test_values_are_the_same_by_what_they_mean(wanted, got, expected):
    assert same(wanted, got) is expected

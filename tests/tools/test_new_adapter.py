"""A new adapter works from its first minute, in every format, and from a sample it takes the fields, with its guesses marked."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import adapters
from adapters import listing, manifest
from adapters.formats.dbf import DbfWriter, WriteColumn
from tools.new_adapter import FORMATS, scaffold
from tools.new_adapter.__main__ import main
from tools.new_adapter.guesses import Column, guess
from tools.new_adapter.samples import read
from tools.new_adapter.scaffolding import explain

CSV = (
    "접수번호,부서코드,담당부서,건명,사업비,기안자 ID,기안자,결재자,비고\r\n"
    'S-1,6110123,총무과,"도로, 보수",12000,u1,김나래,박성민,\r\n'
    "S-2,6110123,총무과,똠방각하 행사,500,u1,김나래,박성민,급함\r\n"
    "S-3,6110123,총무과,,1,u1,김나래,박성민,\r\n"
)
COPYBOOK = """
       01  ROAD-REC.
           05  DOC-NO          PIC X(10).
           05  DOC-TITLE       PIC X(40).
           05  FILLER          PIC X(2).
           05  TOTAL-AMOUNT    PIC S9(11) COMP-3.
           05  ENDED-ON        PIC 9(8).
"""
CALL = """<?xml version="1.0" encoding="UTF-8"?><e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>
<a:askApproval xmlns:a="urn:parks" e:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><arg0 href="#1"/></a:askApproval>
<multiRef id="1"><park><docNo>JJ-1</docNo><title>똠방각하 축제</title></park><deptCode>6500123</deptCode><memo/>
<costs xmlns:c="http://schemas.xmlsoap.org/soap/encoding/" c:arrayType="x[2]"><item><what>무대</what><won>100</won></item><item><what>음향</what></item></costs>
<files><file><fileName>a.txt</fileName><content>YQ==</content></file></files></multiRef></e:Body></e:Envelope>""".encode("cp949")  # fmt: skip


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package, so that nothing of a trial is left in the checkout."""
    copy = tmp_path_factory.mktemp("scaffolds") / "src" / "adapters"
    shutil.copytree(Path(adapters.__file__).parent, copy, ignore=shutil.ignore_patterns("__pycache__", "agencies"))
    (copy / "agencies").mkdir()
    (copy / "agencies" / "__init__.py").write_text('"""Those under trial."""\n', "utf-8")
    (copy.parents[1] / "README.md").write_text(f"{listing.BEGIN}\n{listing.END}\n", "utf-8")
    return copy


def run(package: Path, *command: str) -> str:
    environment = os.environ | {"PYTHONPATH": str(package.parent), "LANG": "en_US.UTF-8"}
    done = subprocess.run(
        [sys.executable, *command], capture_output=True, text=True, env=environment, cwd=Path(__file__).parents[2],
        check=False, timeout=170,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_every_format_and_every_kind_of_sample_passes_the_acceptance_suite(package: Path, tmp_path: Path) -> None:
    for form in FORMATS:
        scaffold(f"form_{form}", package / "agencies", form=form)
    (tmp_path / "s.csv").write_bytes(CSV.encode("cp949"))
    (tmp_path / "s.tsv").write_text(CSV.replace(",", "\t").replace('"도로\t 보수"', "도로"), "utf-8-sig", newline="")
    (tmp_path / "s.dat").write_bytes("A-1\0제목 하나\0x\nA-2\0제목 둘\0y\n".encode("cp949"))
    (tmp_path / "s.cpy").write_text(COPYBOOK, "utf-8")
    (tmp_path / "s.xml").write_bytes(CALL)
    samples = (("delimited", "s.csv"), ("tab", "s.tsv"), ("nul", "s.dat"), ("copybook", "s.cpy"), ("soap", "s.xml"))
    for form, file in samples:
        scaffold(f"sample_{form}", package / "agencies", form=form, sample=tmp_path / file)
    names = sorted(each.name for each in (package / "agencies").iterdir() if each.is_dir() and each.name[0] != "_")
    assert len(names) == len(FORMATS) + len(samples)
    for name in names:
        run(package, "-m", "tools.golden", name)
        explain(package / "agencies" / name)
    run(package, "-m", "adapters", "catalogue", "--write")
    assert f"{len(names)} adapters in order" in run(package, "-m", "adapters", "catalogue", "--check")
    suite = "tests/adapters/agencies/test_acceptance.py"
    # What is read by the same codec is not tried with hundreds of damaged files again.
    once = "not (any_message or any_place or damaged_samples)"
    chosen = f"not (sample_ or form_tab) or {once}"
    said = run(package, "-m", "pytest", suite, "-q", "-x", "-p", "no:cacheprovider", "-k", chosen)
    assert " passed" in said


def test_a_sample_gives_its_fields_and_guesses_are_marked(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_bytes(CSV.encode("cp949"))
    target = scaffold("seoul_tax", tmp_path, form="delimited", sample=path)
    text = (target / "adapter.toml").read_text("utf-8")
    described = manifest.read(text, "seoul_tax")
    places = {entry["field"]: (entry["to"], entry["kind"]) for entry in described.mapping}
    assert places == {
        "접수번호": ("document_id", "code"),
        "부서코드": ("sender.department.code", "code"),
        "담당부서": ("sender.department.name", "text"),
        "건명": ("title", "text"),
        "사업비": ("extensions.seoul_tax.사업비", "amount"),
        "기안자 ID": ("steps.draft.person.external_id", "code"),
        "기안자": ("steps.draft.person.name", "text"),
        "결재자": ("steps.decide.person.name", "text"),
        "비고": ("extensions.seoul_tax.비고", "text"),
    }
    assert text.count("# GUESSED from") == 8
    assert text.count("# NOT UNDERSTOOD") == 1
    assert (target / "samples" / "first" / "in" / "s.csv").read_bytes() == path.read_bytes()


def test_a_saved_call_gives_its_elements_lists_and_files(tmp_path: Path) -> None:
    path = tmp_path / "s.xml"
    path.write_bytes(CALL)
    text = (scaffold("jeju_parks", tmp_path, form="soap", sample=path) / "adapter.toml").read_text("utf-8")
    described = manifest.read(text, "jeju_parks")
    assert described.tables["layout"] == {
        "namespace": "urn:parks",
        "operations": {"mapping": "askApproval"},
        "inside": "arg0",
        "files": "files",
        "file_entry": "file",
        "lists": {"costs": {"entry": "item", "table": "costs"}},
    }
    assert [entry["field"] for entry in described.tables["costs"]] == ["what", "won"]
    assert {entry["field"]: entry["to"] for entry in described.mapping} == {
        "park.docNo": "document_id",
        "park.title": "title",
        "deptCode": "sender.department.code",
        "memo": "extensions.jeju_parks.memo",
        "costs": "extensions.jeju_parks.costs",
        "@generation": "extensions.jeju_parks.generation",
    }


def test_columns_of_a_copybook_and_of_a_table_are_read(tmp_path: Path) -> None:
    (tmp_path / "r.cpy").write_text(COPYBOOK, "utf-8")
    columns = read(tmp_path / "r.cpy", "copybook").columns
    assert [(each.name, each.kind, each.width) for each in columns] == [
        ("DOC-NO", "", 10),
        ("DOC-TITLE", "", 40),
        ("TOTAL-AMOUNT", "amount", 6),
        ("ENDED-ON", "amount", 8),
    ]
    table = DbfWriter([WriteColumn("DOC_NO", "C", 10), WriteColumn("AMOUNT", "N", 12)]).write([]).table
    (tmp_path / "t.dbf").write_bytes(table)
    found = read(tmp_path / "t.dbf", "dbf")
    assert [(each.name, each.kind) for each in found.columns] == [("DOC_NO", ""), ("AMOUNT", "amount")]


def test_no_two_columns_go_to_one_place_and_something_is_the_key() -> None:
    names = ["제목", "제목(부제)", "a b", "a_b", "금액", "총금액"]
    guesses = guess("x", [Column(name, example="1") for name in names])
    assert len({each.to for each in guesses}) == len(names)
    assert guesses[0].to == "document_id"
    assert {each.kind for each in guesses if "금액" in each.column.name} == {"amount"}


@pytest.mark.parametrize(
    ("form", "data", "problem"),
    [
        ("delimited", b"", "empty"),
        ("delimited", b"only one heading\r\n", "no headings"),
        ("delimited", b"a,a\r\n1,2\r\n", "no headings"),
        ("delimited", b"\xff\xff,\xff\r\n", "neither UTF-8 nor CP949"),
        ("copybook", b"nothing", "not a copybook"),
        ("copybook", b"       01 A.\n           05 B PIC X.\n       01 C.\n           05 D PIC X.\n", "2 records"),
        ("copybook", b"       01 A.\n           05 B PIC X OCCURS 3.\n", "is a table"),
        ("fixed", b"abc", "does not name its fields"),
        ("soap", b"abc", "not a SOAP call"),
        ("soap", CALL.replace(b'"#1"', b'"#2"'), "not a SOAP call"),
        (
            "soap",
            CALL[: CALL.index(b"<arg0")]
            + CALL[CALL.index(b"</a:ask") : CALL.index(b"<multiRef")]
            + b"</e:Body></e:Envelope>",
            "holds no values",
        ),
        ("papyrus", b"abc", "is no format"),
    ],
)
def test_a_sample_that_says_nothing_says_what_to_do(tmp_path: Path, form: str, data: bytes, problem: str) -> None:
    path = tmp_path / "sample"
    path.write_bytes(data)
    with pytest.raises(ValueError, match=problem):
        scaffold("x", tmp_path / "agencies", form=form, sample=path)
    assert not (tmp_path / "agencies").exists()


def test_the_command_says_what_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["Not-A-Name"]) == 2
    assert main(["x", "--format", "papyrus"]) == 2
    assert main(["x", "--sample", "/nowhere"]) == 2
    said = capsys.readouterr().err
    assert "cannot be a name" in said
    assert "is no format" in said
    assert "/nowhere" in said

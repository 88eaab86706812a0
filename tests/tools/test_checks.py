"""The checks find what they are for, and nothing else."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.checks import contracts, sizes, words
from tools.checks.__main__ import main
from tools.checks.generate import GenerateError, compile_into, differences

CONTRACT = """syntax = "proto3";
package onnara.trial.v1;
// One.
message One { string name = 1; }
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("chassis/src/chassis/a.py", "# TODO later"),
        ("deploy/Dockerfile", "RUN x  # FIXME"),
        ("a/b.py", "    raise NotImplementedError"),
        ("tests/a.py", "@pytest.mark.skip"),
        ("tests/a.py", "@pytest.mark.xfail(strict=True)"),
        ("tests/a.py", 'lxml = pytest.importorskip("lxml")'),
        ("requirements.lock", "--index-url https://pypi.org/simple"),
        ("README.md", "see /home/kim/onnara/"),
        ("gateway/package-lock.json", '  "resolved": "https://mirror.example/x.tgz"'),
    ],
)
def test_forbidden_words(path: str, line: str) -> None:
    found = list(words.words(path, f"fine\n{line}\n"))
    assert [(finding.path, finding.line) for finding in found] == [(path, 2)]


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("pyproject.toml", "# no TODO may land"),
        ("a.py", "except NotImplementedError:"),
        ("a.py", 'Path("/usr/lib/postgresql")'),
        ("a.py", "skip = offset + 1"),
        ("docs/a.md", "the checkout may lie below {}".format("/" + "root")),
        ("a.py", 'path = "onnara/{}/orders"'.format("work")),
    ],
)
def test_permitted_words(path: str, line: str) -> None:
    assert list(words.words(path, line)) == []


@pytest.mark.parametrize(
    ("path", "count"),
    [
        ("services/documents/src/documents/utils.py", 1),
        ("chassis/src/chassis/common/__init__.py", 1),
        ("services/a/src/a/service.py", 1),
        ("gateway/src/gateway/templates/base.html", 0),
        ("protos/onnara/common/v1/actor.proto", 0),
        ("chassis/src/chassis/basement.py", 0),
    ],
)
def test_names(path: str, count: int) -> None:
    assert len(list(words.names(path))) == count


@given(st.dictionaries(st.from_regex(r"[a-z]{1,8}\.py", fullmatch=True), st.integers(0, 700), max_size=8))
def test_sizes_fail_above_the_limit_only(counted: dict[str, int]) -> None:
    findings, summary = sizes.judge(counted.items())
    assert {finding.path for finding in findings} == {name for name, lines in counted.items() if lines > 500}
    for name, lines in counted.items():
        assert (f"{name} {lines}" in summary) == (300 < lines <= 500)


def test_generated_package_is_complete(tmp_path: Path) -> None:
    source, out = tmp_path / "protos", tmp_path / "out"
    (source / "onnara/trial/v1").mkdir(parents=True)
    (source / "onnara/trial/v1/one.proto").write_text(CONTRACT)
    out.mkdir()
    compile_into(out, source)
    made = {str(place.relative_to(out)) for place in out.rglob("*") if place.is_file()}
    package = {"onnara/__init__.py", "onnara/py.typed", "onnara/trial/__init__.py", "onnara/trial/v1/__init__.py"}
    assert made == package | {"onnara/trial/v1/one_pb2.py", "onnara/trial/v1/one_pb2.pyi"}
    (source / "onnara/trial/v1/one.proto").write_text(CONTRACT + "service OneService {}\n")
    compile_into(out, source)
    assert (out / "onnara/trial/v1/one_pb2_grpc.pyi").exists()


def test_broken_contract_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "onnara").mkdir()
    (tmp_path / "onnara/bad.proto").write_text('syntax = "proto3";\nmessage {')
    (tmp_path / "out").mkdir()
    with pytest.raises(GenerateError, match=r"onnara/bad\.proto:2"):
        compile_into(tmp_path / "out", tmp_path)


def test_no_contract_at_all_still_gives_the_package(tmp_path: Path) -> None:
    compile_into(tmp_path, tmp_path / "nothing")
    assert (tmp_path / "onnara/py.typed").exists()


def test_differences_name_missing_superfluous_and_changed(tmp_path: Path) -> None:
    fresh, kept = tmp_path / "fresh", tmp_path / "kept"
    for top, files in ((fresh, {"a": "1", "b": "1", "c": "1"}), (kept, {"b": "1", "c": "2", "d": "1"})):
        top.mkdir()
        for name, text in files.items():
            (top / name).write_text(text)
    assert [str(name) for name in differences(fresh, kept)] == ["a", "c", "d"]


def test_breaking_change_is_found(tmp_path: Path) -> None:
    for version, text in (("old", CONTRACT), ("new", CONTRACT.replace("string name = 1", "int32 name = 1"))):
        place = tmp_path / version / "onnara/trial/v1"
        place.mkdir(parents=True)
        (place / "one.proto").write_text(text)
        (tmp_path / version / "buf.yaml").write_text((contracts.SOURCE / "buf.yaml").read_text())
    found = contracts.buf(["breaking", str(tmp_path / "new"), "--against", str(tmp_path / "old")])
    assert any('changed type from "string" to "int32"' in finding.what for finding in found)
    assert contracts.buf(["breaking", str(tmp_path / "old"), "--against", str(tmp_path / "old")]) == []


def test_unknown_check_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["nonsense"]) == 2
    assert "sizes" in capsys.readouterr().err

"""`python -m adapters text`: the text on one stream, what there is to say on the other, in the reader's language."""

import json

import pytest

from adapters import cli
from tools.hangul import SAMPLE, WRITERS, hwp5


@pytest.fixture
def folder(tmp_path):
    for kind, write in WRITERS.items():
        (tmp_path / f"sample.{kind}").write_bytes(write(SAMPLE))
    (tmp_path / "locked.hwp").write_bytes(hwp5.write(SAMPLE, flags=hwp5.PASSWORD))
    return tmp_path


def test_text_and_completeness(folder, capsys):
    assert cli.main(["--lang", "ko", "text", str(folder / "sample.hwp5"), str(folder / "sample.hwpml")]) == 0
    out, error = capsys.readouterr()
    assert out.count("업무 협조 요청\n관련 근거\n") == 2
    assert "sample.hwp5: hwp5 5.0.3.0, 135자, 완전도 100.0%" in error
    assert "완전도 알 수 없음(견줄 미리보기 없음)" in error


def test_drawn_numbers_when_asked_for(folder, capsys):
    assert cli.main(["--lang", "ko", "text", "--numbers", str(folder / "sample.hwpx")]) == 0
    assert "가. 시행령 제3조" in capsys.readouterr().out


def test_a_locked_file_and_one_that_is_not_there(folder, capsys):
    assert cli.main(["--lang", "ko", "text", str(folder / "locked.hwp")]) == 3
    out, error = capsys.readouterr()
    assert out == ""
    assert "암호가 걸린 문서입니다" in error
    assert "[hwp-encrypted]" in error
    assert cli.main(["--lang", "en", "text", str(folder / "none.hwp"), str(folder / "locked.hwp")]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_json_lines(folder, capsys):
    assert cli.main(["--lang", "ko", "text", "--json", *(str(folder / f"sample.{kind}") for kind in WRITERS)]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["kind"] for line in lines] == list(WRITERS)
    assert len({line["text"] for line in lines}) == 1
    assert {line["tables"] for line in lines} == {1}

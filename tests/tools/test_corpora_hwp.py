"""The report about a folder of Hangul documents says what failed, and fails with it."""

import json

from tools.corpora import __main__ as corpora
from tools.corpora import hwp
from tools.hangul import SAMPLE, WRITERS, Line, hwp5
from tools.hangul.sample import preview


def write(folder, name, data, *, shown, encrypted=False):
    (folder / name).write_bytes(data)
    kind = "hwp5" if name.endswith(".hwp") else "hwpx"
    row = {"file": name, "kind": kind, "encrypted": encrypted, "distribution": False, "preview_text": shown}
    with (folder / "expected.jsonl").open("a") as file:
        file.write(json.dumps(row) + "\n")


def test_a_folder_in_order(tmp_path, capsys):
    write(tmp_path, "a.hwp", WRITERS["hwp5"](SAMPLE), shown=preview(SAMPLE))
    write(tmp_path, "a.hwpx", WRITERS["hwpx"](SAMPLE), shown=preview(SAMPLE))
    write(tmp_path, "b.hwp", hwp5.write(SAMPLE, flags=hwp5.PASSWORD), shown=None, encrypted=True)
    (tmp_path / "pairs.jsonl").write_text(json.dumps({"hwp": "a.hwp", "hwpx": "a.hwpx"}))
    assert corpora.main(["hwp", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert "| hwp5 | 2 | 1 | 0 | 0 | 1 | 1 | 1.0000 |" in out
    assert "pairs that read alike: 1 of 1" in out


def test_what_fails_is_named(tmp_path, capsys):
    write(tmp_path, "a.hwp", WRITERS["hwp5"]([Line("하나")]), shown="여기에는 다른 글이 있어야 한다")
    write(tmp_path, "a.hwpx", WRITERS["hwpx"]([Line("둘")]), shown="둘", encrypted=True)
    (tmp_path / "b.hwp").write_bytes(b"no document")
    (tmp_path / "pairs.jsonl").write_text(json.dumps({"hwp": "a.hwp", "hwpx": "a.hwpx"}))
    assert hwp.main([str(tmp_path)]) == 1
    out = capsys.readouterr().out
    assert "a.hwp: completeness 0.000" in out
    assert "a.hwpx: encrypted is True, not told so" in out
    assert "b.hwp: not read: hwp-kind-unknown" in out
    assert "a.hwp: reads otherwise than its hwpx" in out


def test_no_folder_and_no_report_of_the_name(tmp_path):
    assert hwp.main([str(tmp_path / "none")]) == 2
    assert hwp.main([str(tmp_path)]) == 1
    assert corpora.main(["nothing"]) == 2

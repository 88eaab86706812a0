"""The operator's commands as a stranger uses them: a process, its output, its exit status; never a traceback."""

import base64
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from adapters import catalogue, cli
from support.adapter_samples import cases
from tools.budget_batch import make_batch

SEND = "onnara.exchange.v1.DispatchRequested"


def run(*arguments: object, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    wanted = {key: value for key, value in os.environ.items() if key not in {"LANG", "LC_ALL", "LC_MESSAGES"}}
    done = subprocess.run(
        [sys.executable, "-m", "adapters", *map(str, arguments)], input=stdin, capture_output=True,
        env=wanted | {"LANG": "ko_KR.UTF-8"} | environment, check=False, timeout=60,
    )  # fmt: skip
    assert b"Traceback" not in done.stderr
    return done


def lines_of(data: bytes) -> list[dict]:
    return [json.loads(line) for line in data.decode("utf-8").splitlines()]


def sample(name: str, case: str) -> Path:
    return next((next(each for each in cases(name) if each.name == case) / "in").iterdir())


@pytest.mark.parametrize(
    ("name", "case"), [("relay", "send_to_several"), ("enara", "request_onnara"), ("mpb_budget", "plain")]
)
def test_decode_and_encode_are_inverse(name, case, tmp_path):
    source = sample(name, case)
    decoded = run("decode", "--adapter", name, source)
    assert (decoded.returncode, decoded.stderr) == (0, b"")
    for line in lines_of(decoded.stdout):
        assert line["type"].startswith("onnara.exchange.v1.")
        assert set(line) >= {"type", "message", "ordinal", "offset", "natural_key", "findings", "attachments"}
    encoded = run("encode", "--adapter", name, "-", "--out", tmp_path / "out", stdin=decoded.stdout)
    assert (encoded.returncode, encoded.stderr) == (0, b"")
    written = Path(encoded.stdout.decode().strip())
    if source.is_dir():
        assert {each.name: each.read_bytes() for each in written.iterdir()} == {
            each.name: each.read_bytes() for each in source.iterdir()
        }
    else:
        assert written.read_bytes() == source.read_bytes()


def test_refused_records_go_to_standard_error_with_bytes_place_and_reason(tmp_path):
    batch = tmp_path / "batch.dat"
    batch.write_bytes(make_batch(10, {"date": 1, "short": 1}))
    done = run("decode", "--adapter", "mpb_budget", batch)
    assert done.returncode == 3
    assert len(lines_of(done.stdout)) == 8
    *refused, about_file = lines_of(done.stderr)
    assert [len(base64.b64decode(line["raw"])) for line in refused].count(400) == 1
    for line in refused:
        assert batch.read_bytes()[line["offset"] :].startswith(base64.b64decode(line["raw"]))
        assert line["findings"][0]["severity"] == "reject"
        assert set(line["findings"][0]) == {"code", "field", "offset", "length", "params", "severity", "message"}
    assert about_file["findings"][0]["code"] == "trailer-sum-mismatch"


def test_the_readers_language(tmp_path):
    batch = tmp_path / "batch.dat"
    batch.write_bytes(make_batch(1, {"date": 1}))
    command = ("decode", "--adapter", "mpb_budget", batch)
    korean = lines_of(run(*command).stderr)[0]["findings"][0]["message"]
    english = lines_of(run(*command, LANG="en_US.UTF-8").stderr)[0]["findings"][0]["message"]
    asked = lines_of(run(*command, "--lang", "en").stderr)[0]["findings"][0]["message"]
    before = lines_of(run("--lang", "en", *command).stderr)[0]["findings"][0]["message"]
    assert "날짜" in korean
    assert "no date" in english
    assert english == asked == before


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\x00", b"<pack>", b'<!DOCTYPE a [<!ENTITY x SYSTEM "/etc/passwd">]><a>&x;</a>']
)
@pytest.mark.parametrize("name", catalogue.names())
def test_an_unreadable_file_is_one_line_and_status_two(name, content, tmp_path, capsys):
    path = tmp_path / "x.xml"
    path.write_bytes(content)
    assert cli.main(["decode", "--adapter", name, str(path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    line = json.loads(err)
    assert line["findings"][0]["message"]
    assert cli.main(["check", "--adapter", name, str(path), "--lang", "en"]) == 2
    assert str(path) in capsys.readouterr().err


def test_the_others_are_read_when_one_cannot_be(tmp_path):
    done = run("decode", "--adapter", "relay", tmp_path / "nothing.xml", sample("relay", "send"))
    assert done.returncode == 2
    assert len(lines_of(done.stdout)) == 1
    assert "경로를 확인" in lines_of(done.stderr)[0]["findings"][0]["message"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("decode", "--adapter", "nobody", "x"), ", ".join(catalogue.names())),
        (("decode", "--adapter", "../relay", "x"), "어댑터가 없습니다"),
        (("decode",), "필요한 인자가 없습니다: --adapter, PATH"),
        (("dance",), "'dance'은(는) 쓸 수 없습니다"),
        (("encode", "--adapter", "relay", "none.jsonl", "--out", "o"), "찾을 수 없습니다"),
        (("encode", "--adapter", "relay", ".", "--out", "o"), "쓸 수 없습니다"),
        (("decode", "--adapter", "relay", "--lang", "fr", "x"), "--help"),
    ],
)
def test_wrong_use_says_what_where_and_what_to_do(arguments, said, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "ko_KR.UTF-8")
    assert cli.main(list(arguments)) == 2
    out, err = capsys.readouterr()
    assert said in err
    assert out == ""


def test_jsonl_that_is_not_utf8(tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_bytes('{"title": "제목"}'.encode("cp949"))
    done = run("encode", "--adapter", "relay", path, "--out", tmp_path, LANG="en_US.UTF-8")
    assert done.returncode == 2
    assert b"not UTF-8" in done.stderr


def test_lines_that_are_no_messages_are_refused_one_by_one(tmp_path):
    bad = [
        "nonsense",
        "[]",
        '{"type": "x"}',
        json.dumps({"type": SEND, "message": {"nix": 1}}),
        "[" * 100_000,
        '{"title": 5}',
    ]
    bad.append(json.dumps({"type": SEND, "message": {}, "attachments": {"00": "AA=="}}))
    done = run("encode", "--adapter", "relay", "-", "--out", tmp_path / "o", stdin="\n\n".join(bad).encode())
    assert done.returncode == 3
    refused = lines_of(done.stderr)
    assert [line["line"] for line in refused] == list(range(1, 14, 2))
    assert {line["findings"][0]["code"] for line in refused} == {"line-unreadable"}
    assert not (tmp_path / "o").exists()


def test_a_bare_document_without_a_number_does_not_become_a_pack(tmp_path):
    document = {"document_id": "D", "title": "제목", "body": "<p>본문</p>", "sender": {"agency": {"code": "1310000"}}}
    done = run("encode", "--adapter", "relay", "-", "--out", tmp_path, stdin=json.dumps(document).encode())
    assert done.returncode == 3
    assert "not-registered" in {finding["code"] for finding in lines_of(done.stderr)[0]["findings"]}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["../out", "\ud800"])
def test_names_that_would_leave_the_folder_are_refused(name, tmp_path):
    line = lines_of(run("decode", "--adapter", "relay", sample("relay", "send")).stdout)[0]
    line["name"] = name
    done = run("encode", "--adapter", "relay", "-", "--out", tmp_path / "o", stdin=json.dumps(line).encode())
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr
    assert not (tmp_path / "out.xml").exists()


def test_check_shows_fields_beside_bytes_and_the_account(tmp_path, capsys):
    batch = tmp_path / "b.dat"
    batch.write_bytes(make_batch(30, {"amount": 2, "cut-title": 1}))
    assert cli.main(["check", "--adapter", "mpb_budget", str(batch), "--lang", "en", "--limit", "3"]) == 3
    out = capsys.readouterr().out
    assert "in 30 = accepted 28 + rejected 2" in out
    assert "amount-invalid x2" in out
    assert "25 more accepted records not shown" in out
    assert "기안자 drafter_id" in out
    assert out.count("\nrecord ") + out.startswith("record ") == 5


@pytest.mark.parametrize("name", catalogue.names())
def test_check_reads_every_sample(name, capsys):
    for case in cases(name):
        status = cli.main(["check", "--adapter", name, *(str(path) for path in (case / "in").iterdir())])
        assert status in {0, 3}
    assert "=" in capsys.readouterr().out


def test_a_reader_who_has_seen_enough_is_no_error(tmp_path):
    batch = tmp_path / "b.dat"
    batch.write_bytes(make_batch(2000))
    command = f"{sys.executable} -m adapters decode --adapter mpb_budget {batch} | head -n 1"
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, check=False)
    assert done.stderr == b""
    assert len(done.stdout.splitlines()) == 1


def test_a_folder_without_rights(tmp_path):
    source = tmp_path / "x"
    shutil.copy(sample("relay", "send"), source)
    done = run("decode", "--adapter", "relay", f"{source}/below")
    assert done.returncode == 2
    assert "찾을 수 없습니다" in done.stderr.decode()

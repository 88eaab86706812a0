"""The operators' commands: what waits, what would become of it, what is done, and whether the accounts are even."""

import json
import os
import subprocess
import sys
from typing import Any

import asyncpg
import pytest

from adapters import catalogue
from adapters.runtime import rawbytes
from adapters.runtime.operators import commands
from adapters.runtime.operators.desk import DIFFERENT, LEFT, OK, WRONG, Desk
from support.runtime import AGENCY, Runtime, make_batch

BAD = b"2026-0002 "
SHIPPED = (catalogue.folder("mpb_budget") / "adapter.toml").read_text("utf-8")
STRICT = SHIPPED.replace('pattern = "[0-9A-Z-]{4,14}"', 'pattern = "[0-9]{14}"')


class Console:
    """Types commands at a desk."""

    def __init__(self, runtime: Runtime, capsys: Any) -> None:
        self.runtime = runtime
        self._capsys = capsys

    async def __call__(self, *words: str) -> tuple[int, str]:
        asked, language = commands.parse([*words, "--lang", "en"])
        runtime = self.runtime
        desk = Desk(
            runtime.database, runtime.endpoints, runtime.blobs, runtime.decoder, lambda _: AGENCY, language,
            as_json=asked.json,
        )  # fmt: skip
        self._capsys.readouterr()
        status = await commands.run(desk, asked)
        said = self._capsys.readouterr()
        return status, said.out + said.err

    async def facts(self, *words: str) -> list[dict[str, Any]]:
        _, said = await self(*words, "--json")
        return [json.loads(line) for line in said.splitlines()]


@pytest.fixture
def console(runtime: Runtime, capsys: Any) -> Console:
    return Console(runtime, capsys)


async def put_in_force(runtime: Runtime, text: str, version: int) -> None:
    await runtime.database.pool.execute("UPDATE mapping SET state = 'superseded' WHERE state = 'live'")
    await runtime.database.pool.execute(
        "INSERT INTO mapping VALUES ('mpb-budget', $1, 'mpb_budget', $2, $3, 'x', 'live', 'a', 'a', now(), 'b', 'b', now(), '')",
        version,
        AGENCY,
        text.replace("mapping_version = 1", f"mapping_version = {version}"),
    )


async def as_owner(runtime: Runtime) -> None:
    """The worker may not write mappings; here it stands for the people who do."""
    owner = await asyncpg.connect(runtime.database_address.url("owner"))
    await owner.execute("GRANT ALL ON mapping TO adapters_worker")
    await owner.close()


async def damaged(runtime: Runtime, name: str = "A.DAT", count: int = 3) -> None:
    await as_owner(runtime)
    await put_in_force(runtime, STRICT, 2)
    runtime.drop(name, make_batch(count).replace(b"00000000000002", b"2026-0002     ", 1))
    intake = runtime.intake()
    for _ in range(2):
        await intake.scan_once()


async def test_the_quarantine_is_listed_and_shown(console: Console) -> None:
    assert await console("quarantine", "list") == (OK, "nothing in quarantine\n")
    await damaged(console.runtime)
    status, said = await console("quarantine", "list")
    assert status == OK
    assert "A.DAT" in said
    assert "1 records in quarantine" in said
    [fact] = await console.facts("quarantine", "list", "--endpoint", "mpb-budget", "--stage", "intake")
    assert {each["code"] for each in fact["reasons"]} & {fact["reasons"][0]["code"]}
    assert await console.facts("quarantine", "list", "--code", fact["reasons"][0]["code"]) == [fact]
    assert await console.facts("quarantine", "list", "--code", "nothing-such") == []
    assert await console.facts("quarantine", "list", "--file", "B.DAT") == []
    status, said = await console("quarantine", "show", fact["record"])
    assert (status, "request_no" in said, "2026-0002" in said) == (OK, True, True)
    [shown] = await console.facts("quarantine", "show", fact["record"])
    assert shown["fields"][0]["name"]
    assert (await console("quarantine", "show", AGENCY))[0] == WRONG


async def test_a_replay_shows_the_difference_before_anything_is_done(console: Console) -> None:
    runtime = console.runtime
    await damaged(runtime)
    status, said = await console("replay")
    assert (status, "0 of 1 would go on" in said) == (LEFT, True)
    await put_in_force(runtime, SHIPPED, 3)
    status, said = await console("replay")
    assert status == OK
    assert "goes on by mapping 3" in said
    assert "document.title: '' -> " in said
    assert await runtime.states() == {"in-flight": 2, "quarantined": 1}
    assert (await console("replay", "--apply"))[0] == WRONG
    status, said = await console("replay", "--apply", "--note", "번호 체계를 되돌림")
    assert (status, "1 of 1 went on" in said) == (OK, True)
    assert await runtime.states() == {"in-flight": 3}
    note = await runtime.database.pool.fetchval("SELECT note FROM record WHERE revision = 2")
    assert "번호 체계를 되돌림" in note
    assert await console("replay", "--apply", "--note", "x") == (OK, "nothing in quarantine\n")


async def test_records_are_mended_one_by_one_and_together(console: Console, tmp_path: Any) -> None:
    runtime = console.runtime
    await damaged(runtime)
    [fact] = await console.facts("quarantine", "list")
    [shown] = await console.facts("quarantine", "show", fact["record"])
    wrong = [
        (["fix", fact["record"]], "give a file"),
        (["fix", fact["record"], "--set", "nothing=1"], "no field nothing"),
        (["fix", fact["record"], "--set", f"request_no={'9' * 40}"], "does not fit"),
        (["fix", fact["record"], str(tmp_path / "none")], "cannot be read"),
        (["fix", AGENCY, "--set", "request_no=1"], "no record"),
    ]
    for words, part in wrong:
        status, said = await console("quarantine", *words)
        assert (status, part in said) == (WRONG, True), said
    status, said = await console("quarantine", "fix", "--set", "request_no=00000000000077")
    assert (status, "1 of 1 would go on" in said) == (OK, True)
    assert await runtime.states() == {"in-flight": 2, "quarantined": 1}
    path = tmp_path / "bytes"
    path.write_bytes(bytes.fromhex(shown["raw"]).replace(BAD, b"2026-000x "))
    status, said = await console("quarantine", "fix", fact["record"], str(path), "--apply", "--note", "오타")
    assert (status, "stays in quarantine" in said) == (LEFT, True)
    status, said = await console(
        "quarantine", "fix", "--set", "request_no=00000000000077", "--apply", "--note", "번호를 물어봄"
    )
    assert (status, "1 of 1 went on" in said) == (OK, True)
    keys = {row["natural_key"] for row in await runtime.database.pool.fetch("SELECT natural_key FROM record")}
    assert any("00000000000077" in key for key in keys)
    status, _ = await console("quarantine", "fix", fact["record"], "--set", "request_no=1")
    assert status == WRONG


async def test_accounts_are_even_until_something_is_missing(console: Console) -> None:
    runtime = console.runtime
    assert await console("reconcile") == (OK, "accounts are even\n")
    await damaged(runtime)
    status, said = await console("reconcile", "--bytes")
    assert status == OK
    assert "in 3 = delivered 0 + quarantined 1 + in flight 2" in said
    [account] = await console.facts("reconcile", "--endpoint", "mpb-budget")
    assert (account["received"], account["waiting"], account["files"]) == (3, 2, 1)
    assert await console.facts("reconcile", "--to", "2001-01-01") == []
    pool = runtime.database.pool
    row = await pool.fetchrow("SELECT agency_id, sha256 FROM intake_file")
    await rawbytes.remove(runtime.blobs, row["agency_id"], row["sha256"])
    status, said = await console("reconcile", "--bytes")
    assert (status, "raw bytes are gone" in said) == (DIFFERENT, True)
    assert (await console("reconcile"))[0] == OK
    gone = await pool.fetchval("SELECT id FROM record WHERE state = 'in-flight' LIMIT 1")
    await pool.execute("DELETE FROM record WHERE id = $1", gone)
    status, said = await console("reconcile")
    assert status == DIFFERENT
    assert "3 records were found, 2 are accounted for" in said
    assert "belongs to no record" in said
    await pool.execute("UPDATE record SET state = 'registered' WHERE state = 'in-flight'")
    assert "1 records are delivered, 0 of them name their document" in (await console("reconcile"))[1]


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["reconcile", "--from", "yesterday"], "날짜"),
        (["quarantine", "fix", "--set", "x"], "항목=값"),
        (["quarantine", "show", "x"], "record"),
        (["replay", "--stage", "moon"], "쓸 수 없습니다"),
    ],
)
def test_what_cannot_be_understood_is_told_in_the_readers_language(words: list[str], part: str) -> None:
    with pytest.raises(commands.WrongUseError, match=part):
        commands.parse([*words, "--lang", "ko"])


async def test_the_command_runs_with_the_services_settings(runtime: Runtime) -> None:
    await damaged(runtime)
    (runtime.folder / "endpoints.toml").write_text(
        '[[endpoint]]\nname = "mpb-budget"\nadapter = "mpb_budget"\nagency_code = "Z090000"\ninbox = "in"\ntaken = "taken"\n',
        "utf-8",
    )
    settings = {
        "ONNARA_ADAPTERS_WORKER_DATABASE_URL": runtime.database_address.url("worker"),
        "ONNARA_ADAPTERS_BLOB_URL": (runtime.folder / "blobs").as_uri(),
        "ONNARA_ADAPTERS_ENDPOINTS": str(runtime.folder / "endpoints.toml"),
        "ONNARA_ADAPTERS_TRANSPORT_ROOT": str(runtime.folder),
    }
    for words, status, part in (
        (["reconcile"], 0, "격리 1"),
        (["replay"], 3, "격리됩니다"),
        (["quarantine", "moon"], 2, "쓸 수 없습니다"),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "adapters", *words, "--lang", "ko"],
            env=os.environ | settings,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, part in done.stdout + done.stderr) == (status, True), done.stdout + done.stderr

"""A file that hangs, bursts or kills its reader costs that file; the next one is read as if nothing had been."""

import asyncio
import time

import pytest

from adapters.formats import hwp
from adapters.runtime.sandbox import Cage, Sandbox

SECONDS = 1.0


@pytest.fixture(scope="module")
def hostile():
    cage = Cage(memory=512 * 1024**2, seconds=SECONDS, answer=1_000_000)
    with Sandbox("support.hostile:read", workers=1, cage=cage) as sandbox:
        yield sandbox


def pid_of(sandbox):
    return sandbox.run(b"hello").value[0]


def test_files_share_a_worker(hostile):
    first, second = hostile.run(b"a one"), hostile.run(b"b two")
    assert first.value == (second.value[0], b"one")
    assert second.value[1] == b"two"


@pytest.mark.parametrize(
    ("what", "code"),
    [
        (b"sleep", "sandbox-timeout"),
        (b"memory", "sandbox-killed"),
        (b"die", "sandbox-killed"),
        (b"much", "sandbox-killed"),
        (b"raise", "sandbox-failed"),
        (b"refuse", "hwp-kind-unknown"),
        (b"code", "sandbox-failed"),
    ],
)
def test_a_hostile_file_is_told_and_the_next_one_is_read(hostile, what, code):
    outcome = hostile.run(what)
    assert outcome.value is None
    assert [finding.code for finding in outcome.findings] == [code]
    assert hostile.run(b"after this").value[1] == b"this"


def test_a_killed_worker_is_replaced(hostile):
    before = pid_of(hostile)
    begun = time.monotonic()
    hostile.run(b"sleep")
    assert SECONDS <= time.monotonic() - begun < SECONDS + 3
    assert pid_of(hostile) != before


def test_processor_time_is_counted_for_each_file(hostile):
    outcome = hostile.run(b"spin")
    assert [finding.code for finding in outcome.findings] == ["sandbox-timeout"]


def test_a_worker_writes_no_file(hostile, tmp_path):
    assert hostile.run(b"write").findings[0].code in {"sandbox-failed", "sandbox-killed"}


def test_workers_are_renewed_after_so_many_files():
    with Sandbox("support.hostile:read", cage=Cage(files=2)) as sandbox:
        pids = [pid_of(sandbox) for _ in range(4)]
    assert pids[0] == pids[1] != pids[2] == pids[3]


def test_many_files_come_back_in_order_from_several_workers():
    with Sandbox("support.hostile:read", workers=2) as sandbox:
        answers = list(sandbox.map(b"n %d" % number for number in range(40)))
    assert [int(answer.value[1]) for answer in answers] == list(range(40))
    assert 1 <= len({answer.value[0] for answer in answers}) <= 2


def test_a_document_comes_back_whole_through_the_process():
    data = b"<HWPML Version='2.8'><BODY><SECTION><P><TEXT><CHAR>\xea\xb0\x80</CHAR></TEXT></P></SECTION></BODY></HWPML>"
    with Sandbox("adapters.formats.hwp:read") as sandbox:
        outcome = asyncio.run(sandbox.arun(data))
    assert outcome.value == hwp.read(data)
    assert outcome.value.text == "가"

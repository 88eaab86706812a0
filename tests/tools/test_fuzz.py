"""Damaged inputs: whatever comes, every reader ends in records or findings; and what does not is noticed."""

import os
import resource
import subprocess
import sys
import time
from typing import Any

import pytest

from adapters.contract import Item
from tools.fuzz import run as running
from tools.fuzz.bombs import bombs
from tools.fuzz.judge import FaultError
from tools.fuzz.mutate import damaged
from tools.fuzz.run import case, run
from tools.fuzz.targets import Target, targets

COUNT = 3000
# The text of a page is what is left of anything, and a document whose body is lost still has its preview.
ANYTHING_GOES = {"xhtml", *(name for name in targets() if name.startswith("hwp:"))}


def test_some_thousands_of_damaged_inputs_break_nothing_and_are_the_same_every_time():
    done = subprocess.run(
        [sys.executable, "-m", "tools.fuzz", "--count", str(COUNT), "--seed", "20261123"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert all(f"{name} " in done.stdout for name in targets())


def test_bombs_are_refused_and_cost_little():
    made = bombs()
    # Operators write copybooks: they are not handed in.
    for name, target in [(name, target) for name, target in targets().items() if name != "copybook"]:
        for bomb, item in made.items():
            before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
            assert target.judge(item, 0) != "accepted" or name in ANYTHING_GOES, (name, bomb)
            assert time.process_time() - begun < 10, (name, bomb)
            assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 256 << 10, (name, bomb)


def test_a_number_and_a_seed_name_an_input_for_ever():
    for target in targets().values():
        first = [case(target, 7, number) for number in range(40)]
        assert first == [case(target, 7, number) for number in range(40)]
        assert first[: len(target.seeds)] == list(target.seeds)[:40]
        assert {item.name for item in first} <= {item.name for item in target.seeds}
    relay = targets()["relay"]
    assert [case(relay, 8, number) for number in range(90, 99)] != [case(relay, 7, number) for number in range(90, 99)]


def hang(item: Item, number: int) -> str:
    while number == 3:
        pass
    return "accepted"


def swallow(item: Item, number: int) -> str:
    while number == 3:
        try:
            number = int(str(number))
        except Exception:  # noqa: BLE001 - as a careless reader would
            continue
    return "accepted"


def die(item: Item, number: int) -> str:
    if number == 3:
        os._exit(9)
    return "accepted"


def swell(item: Item, number: int) -> str:
    if number == 3:
        bytearray(4 << 30)
    return "accepted"


def crash(item: Item, number: int) -> str:
    if number == 3:
        raise KeyError("secret")
    return "accepted"


def contradict(item: Item, number: int) -> str:
    if number == 3:
        raise FaultError("neither a record nor a finding")
    return "accepted"


@pytest.mark.parametrize(
    ("judge", "what"),
    [
        (hang, "slower than"),
        (swallow, "slower than"),
        (die, "killed (9)"),
        (swell, "needs more than"),
        (crash, "raised KeyError"),
        (contradict, "neither a record"),
    ],
)
def test_what_hangs_dies_swells_or_crashes_is_told_and_the_rest_goes_on(
    monkeypatch: Any, judge: Any, what: str
) -> None:
    target = Target("mine", [Item("a", {"a": b"abc"})], judge)
    monkeypatch.setattr(running, "targets", lambda: {"mine": target})
    monkeypatch.setattr(running, "SECONDS", 0.2)
    report = run("mine", 1, 50)
    [fault] = report.faults
    assert fault.number == 3
    assert what in fault.what
    assert report.ends["fault"] == 1
    assert report.ends["accepted"] == (49 if judge is not die else report.ends["accepted"])


def test_archives_are_damaged_inside_too():
    import io
    import random
    import zipfile

    from tools.hangul import SAMPLE, WRITERS

    item = Item("a.hwpx", {"a.hwpx": WRITERS["hwpx"](SAMPLE)})
    chance, whole = random.Random(1), 0
    for _ in range(60):
        [*parts] = damaged(item, [item], chance).parts.values()
        for data in parts:
            if data != item.parts["a.hwpx"] and zipfile.is_zipfile(io.BytesIO(data)):
                whole += 1
    assert whole > 20

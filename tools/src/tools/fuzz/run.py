"""Runs cases in a process with limits and watches it: what crashes, hangs or swells is told by its number, and the rest goes on.

case number -> damaged item -> judge. A case is its target's name, the run's seed and its number: the same three make the same
bytes (`case`). Faults of one place in the code count as one.
"""

import gc
import multiprocessing
import random
import resource
import signal
import struct
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from mmap import mmap
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType
from typing import Any, Final

from adapters.contract import Item
from tools.fuzz.judge import FaultError
from tools.fuzz.mutate import damaged
from tools.fuzz.targets import Target, targets

# Processor time of one case: samples are a few kilobytes.
SECONDS: Final = 4.0
MEMORY: Final = 1 << 30
# What one case of at most a megabyte may add to the most the process ever held, and what a long run may keep.
SWELL: Final = 192 << 20
KEPT: Final = 96 << 20
_STUCK: Final = 120.0
_WARM: Final = 1500
_TOLD: Final = 200
_PLACE: Final = struct.Struct(">QQ")


class _SlowError(BaseException):
    """The case has had its time. No Exception, so that no reader takes it for its own."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A case that must be mended. place: file and line of ours that it comes from."""

    target: str
    number: int
    what: str
    place: str


@dataclass(slots=True)
class Report:
    """What came of a run of one target. seconds: of processor time. peak: most bytes ever held."""

    target: str
    ends: Counter[str] = field(default_factory=Counter[str])
    faults: list[Fault] = field(default_factory=list)
    seconds: float = 0.0
    peak: int = 0

    @property
    def cases(self) -> int:
        """Inputs that were read."""
        return sum(self.ends.values())


def case(target: Target, seed: int, number: int) -> Item:
    """Give the item of a number; number 0 and the next are the samples as they are."""
    if number < len(target.seeds):
        return target.seeds[number]
    chance = random.Random(f"{seed}:{target.name}:{number}")  # noqa: S311 - repeatable on purpose
    return damaged(chance.choice(target.seeds), target.seeds, chance)


def run(name: str, seed: int, count: int, *, until: float = 0.0) -> Report:
    """Read so many cases of a target, or as many as there is time for.

    Args:
        name: of the target.
        seed: of the run.
        count: cases.
        until: moment of `time.monotonic` at which no further case is begun; 0: none.

    """
    report = Report(name)
    shared = mmap(-1, _PLACE.size)
    begin = 0
    while begin < count:
        begin = _stretch(report, shared, seed, range(begin, count), until)
        if until and time.monotonic() > until:
            break
    return report


def _stretch(report: Report, shared: mmap, seed: int, numbers: range, until: float) -> int:
    """Run a process until it is done or dies; answers the number to go on with."""
    context: Any = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    _PLACE.pack_into(shared, 0, numbers.start, 0)
    process = context.Process(target=_work, args=(report.target, seed, numbers, until, shared, theirs), daemon=True)
    process.start()
    theirs.close()
    died = _listen(report, ours, shared, process)
    process.join()
    number, _ = _PLACE.unpack_from(shared, 0)
    if not died:
        return numbers.stop
    _note(report, Fault(report.target, number, died, "process"))
    report.ends["fault"] += 1
    return int(number) + 1


def _listen(report: Report, ours: Connection, shared: mmap, process: Any) -> str:
    """Collect what the process tells until it ends; says how it died, nothing when it was done."""
    last, since = -1, time.monotonic()
    while True:
        if ours.poll(1.0):
            try:
                said = ours.recv()
            except EOFError:
                return f"killed ({process.exitcode})" if process.join(5) is None and process.exitcode else "vanished"
            if isinstance(said, Fault):
                _note(report, said)
            elif isinstance(said, tuple):
                report.ends.update(said[0])
                report.seconds += said[1]
                report.peak = max(report.peak, said[2])
                if said[3]:
                    return ""
            continue
        number, _ = _PLACE.unpack_from(shared, 0)
        if number != last:
            last, since = number, time.monotonic()
        elif time.monotonic() - since > _STUCK:
            process.kill()
            return f"stuck for {_STUCK:.0f} s where no signal reaches it"


def _note(report: Report, fault: Fault) -> None:
    if fault.place == "process" or fault.place not in {each.place for each in report.faults}:
        report.faults.append(fault)


def _work(name: str, seed: int, numbers: range, until: float, shared: mmap, told: Connection) -> None:
    """Run in the process of its own."""
    _close()
    target = targets()[name]
    ends = Counter[str]()
    begun = time.process_time()
    warm = 0
    for done, number in enumerate(numbers):
        _PLACE.pack_into(shared, 0, number, 0)
        if until and time.monotonic() > until:
            break
        before = _most()
        found = _one(target, seed, number)
        if isinstance(found, Fault):
            told.send(found)
            ends["fault"] += 1
        else:
            ends[found] += 1
        if done > _WARM and _most() - before > SWELL:
            told.send(Fault(name, number, f"took {(_most() - before) >> 20} MB more than any before", "memory"))
        if done == _WARM:
            warm = _now()
        if done % _TOLD == _TOLD - 1:
            told.send((dict(ends), time.process_time() - begun, _most(), False))
            ends.clear()
            begun = time.process_time()
    if warm and _now() - warm > KEPT:
        told.send(Fault(name, numbers.stop - 1, f"keeps {(_now() - warm) >> 20} MB since it was warm", "leak"))
    told.send((dict(ends), time.process_time() - begun, _most(), True))


def _one(target: Target, seed: int, number: int) -> str | Fault:
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        return target.judge(case(target, seed, number), number)
    except _SlowError as error:
        return Fault(target.name, number, f"slower than {SECONDS:g} s", _place_of(error))
    except FaultError as error:
        return Fault(target.name, number, str(error), f"{_place_of(error)} {error}")
    except MemoryError as error:
        return Fault(target.name, number, f"needs more than {MEMORY >> 20} MB", _place_of(error))
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
        return Fault(target.name, number, f"raised {type(error).__name__}: {error}"[:300], _place_of(error))
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _place_of(error: BaseException) -> str:
    """Name the innermost line of the adapters that an error passed."""
    frames = [each for each in traceback.extract_tb(error.__traceback__) if "/adapters/" in each.filename]
    if not frames:
        return type(error).__name__
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}"


def _late(number: int, frame: FrameType | None) -> None:
    del number, frame
    raise _SlowError


def _close() -> None:
    signal.signal(signal.SIGPROF, _late)
    for limit, value in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CORE, 0)):
        with suppress(ValueError, OSError):
            resource.setrlimit(limit, (value, value))


def _most() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _now() -> int:
    gc.collect()
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * resource.getpagesize()


def run_all(names: list[str], seed: int, count: int, seconds: float = 0.0) -> Iterator[Report]:
    """Run targets one after the other, each with its share of the count or of the time."""
    for place, name in enumerate(names):
        left = len(names) - place
        until = time.monotonic() + seconds / len(names) if seconds else 0.0
        share = count // len(names) + (1 if left <= count % len(names) else 0)
        yield run(name, seed, share, until=until)

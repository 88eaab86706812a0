"""Damaged documents without end, for fuzzing: bytes changed outside, and inside before they are packed.

`python -m tools.hangul.mutants [--seconds N] [--seed N] [FILE ...]` reads them until the time is over and keeps what fails.
"""

import argparse
import random
import struct
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import Final

from adapters.formats import hwp
from adapters.formats.messages import render
from tools.hangul import SAMPLE, WRITERS, compound, hwp3, hwp5, xmlkinds

_NUMBERS: Final = (0, 1, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF)
# A document of a few thousand bytes that takes longer than this is a defect.
SLOW_SECONDS: Final = 2.0


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Change bytes, numbers or runs of a file, or cut it."""
    out = bytearray(data)
    if not out:
        return b""
    what = chance.choice(("bytes", "bytes", "cut", "less", "more", "number"))
    at = chance.randrange(len(out))
    if what == "bytes":
        for _ in range(chance.randint(1, 20)):
            out[chance.randrange(len(out))] = chance.randrange(256)
    elif what == "cut":
        del out[at:]
    elif what == "less":
        del out[at : at + chance.randint(1, 2000)]
    elif what == "more":
        start = chance.randrange(len(out))
        out[at:at] = out[start : start + chance.randint(1, 3000)]
    else:
        for _ in range(chance.randint(1, 6)):
            place = chance.randrange(max(1, len(out) - 3))
            out[place : place + 4] = struct.pack("<I", chance.choice((*_NUMBERS, chance.randrange(300))))
    return bytes(out)


def mutants(data: bytes, chance: random.Random) -> Iterator[bytes]:
    """Give damaged files without end."""
    while True:
        yield mutated(data, chance)


def inner_mutants(kind: str, chance: random.Random) -> Iterator[bytes]:
    """Give files of a kind whose packing is whole and whose content is damaged, without end."""
    if kind == "hwp5":
        streams = hwp5.streams(SAMPLE, compressed=False)
        while True:
            path = chance.choice(["BodyText/Section0", "BodyText/Section0", "DocInfo", "PrvText", "FileHeader"])
            yield compound.write(streams | {path: mutated(streams[path], chance)})
    elif kind == "hwpx":
        members = xmlkinds.members(SAMPLE)
        while True:
            name = chance.choice(list(members))
            yield xmlkinds.zipped(members | {name: mutated(members[name], chance)})
    else:
        yield from mutants(hwp3.write(SAMPLE, compressed=False) if kind == "hwp3" else WRITERS[kind](SAMPLE), chance)


def fault(data: bytes) -> str:
    """Read a file and say what is wrong with the reader: it raised, was silent or slow. Empty: nothing."""
    begun = time.process_time()
    try:
        read = hwp.read(data)
        for finding in read.findings:
            render(finding, "ko")
            render(finding, "en")
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
        return f"raised {type(error).__name__}: {error}"
    if not read.text.strip() and not read.findings:
        return "silently empty"
    if time.process_time() - begun > SLOW_SECONDS:
        return f"slow, {time.process_time() - begun:.1f} s"
    return ""


def fuzz(seconds: float, chance: random.Random, files: list[bytes], tell: Callable[[str], None]) -> int:
    """Read mutants until the time is over; keeps each that fails in a temporary file. Answers how many failed."""
    sources = [mutants(data, chance) for data in files or [write(SAMPLE) for write in WRITERS.values()]]
    sources += [inner_mutants(kind, chance) for kind in WRITERS]
    ends = time.monotonic() + seconds
    count = failed = 0
    for data in chain.from_iterable(zip(*sources, strict=True)):
        if time.monotonic() > ends:
            break
        count += 1
        if what := fault(data):
            failed += 1
            with tempfile.NamedTemporaryFile("wb", prefix="hangul-mutant-", delete=False) as kept:
                kept.write(data)
            tell(f"{kept.name}: {what}")
    tell(f"{count} mutants, {failed} failed")
    return failed


def main(arguments: list[str]) -> int:
    """Run for a time; 1 when something failed."""
    parser = argparse.ArgumentParser(prog="python -m tools.hangul.mutants")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("files", nargs="*", type=Path)
    asked = parser.parse_args(arguments)
    print(f"seed {asked.seed}")
    files = [path.read_bytes() for path in asked.files]
    chance = random.Random(asked.seed)  # noqa: S311 - repeatable, not secret
    return 1 if fuzz(asked.seconds, chance, files, print) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

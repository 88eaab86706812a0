"""Scaffolds an adapter that works: `python -m tools.new_adapter NAME` -> a folder that passes the acceptance suite.

A name in, files out: a small fixed-width layout with one mapping table for both directions, a golden sample, notes. What is
made is a beginning to be replaced field by field, with the acceptance suite green all the way.
"""

import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from tools.checkout import ROOT

FOLDER: Final = ROOT / "adapters" / "src" / "adapters" / "agencies"
_NAME: Final = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_TEMPLATES: Final = Path(__file__).with_name("new_adapter_files")


def scaffold(name: str, folder: Path = FOLDER) -> Path:
    """Make the folder of an adapter.

    Raises:
        ValueError: the name is none, or is taken.

    """
    if _NAME.fullmatch(name) is None:
        raise ValueError(f"'{name}' cannot be a name: small letters, digits and single underscores, a letter first")
    target = folder / name
    if target.exists():
        raise ValueError(f"{target} is there already; choose another name or remove it")
    for template in sorted(_TEMPLATES.glob("*.txt")):
        path = target / template.name.removesuffix(".txt")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_filled(template.read_text("utf-8"), {"name": name, "Name": _camel(name)}), "utf-8")
    sample = target / "samples" / "first" / "in"
    sample.mkdir(parents=True)
    (sample / "first.dat").write_bytes(sample_bytes())
    return target


def sample_bytes() -> bytes:
    """Give the sample batch: two records of 80 bytes in CP949, CRLF."""
    fields = (10, 7, 7, 8, 8, 40)
    records = (
        ("R-00000001", "1310000", "Z310101", "USER0001", "USER0002", "업무 계획 보고"),
        ("R-00000002", "1310000", "Z310101", "USER0001", "USER0002", "똠방각하 <협조> 요청"),
    )
    return b"".join(
        b"".join(value.encode("cp949").ljust(width) for value, width in zip(record, fields, strict=True)) + b"\r\n"
        for record in records
    )


def _filled(text: str, values: Mapping[str, str]) -> str:
    for key, value in values.items():
        text = text.replace(f"@{key}@", value)
    return text


def _camel(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def main(arguments: Sequence[str]) -> int:
    """Run the command; answers its exit status."""
    if len(arguments) != 1:
        print("usage: python -m tools.new_adapter NAME", file=sys.stderr)
        return 2
    try:
        target = scaffold(arguments[0])
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    # In a process of its own: this one has read the catalogue before the folder was there.
    subprocess.run([sys.executable, "-m", "tools.golden", arguments[0]], check=True)
    subprocess.run([sys.executable, "-m", "adapters", "catalogue", "--write"], check=True)
    print(
        f"made {target}\nnext: its layout in adapter.toml, real samples, NOTES.md, then: make test ARGS=tests/adapters"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

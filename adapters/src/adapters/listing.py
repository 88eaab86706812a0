"""The catalogue as a table in `adapters/README.md`, and what is wrong with it. Used by `python -m adapters catalogue`."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from adapters import catalogue
from adapters.manifest import Manifest, ManifestError

README: Final = Path(__file__).parents[2] / "README.md"
BEGIN: Final = "<!-- catalogue: begin (python -m adapters catalogue --write) -->"
END: Final = "<!-- catalogue: end -->"
_HEAD: Final = (
    "| adapter | system | format | reads | writes | charset | item | quality | mapping |\n"
    "|---|---|---|---|---|---|---|---|---|\n"
)


def run(*, check: bool, write: bool, readme: Path = README) -> int:
    """Print the table, or check or write the one in the README; answers the exit status."""
    if check:
        found = list(problems(readme))
        for problem in found:
            sys.stdout.write(f"{problem}\n")
        if not found:
            sys.stdout.write(f"{len(catalogue.names())} adapters in order\n")
        return 1 if found else 0
    if write:
        readme.write_text(_with_table(readme.read_text("utf-8"), table()), "utf-8")
        return 0
    sys.stdout.write(table())
    return 0


def table() -> str:
    """Make the table of all adapters whose manifests can be read."""
    rows = []
    for name in catalogue.names():
        try:
            rows.append(_row(catalogue.manifest_of(name)))
        except ManifestError:
            continue
    return _HEAD + "".join(rows)


def _row(manifest: Manifest) -> str:
    notes = f"[{manifest.name}](src/adapters/agencies/{catalogue.place(manifest.name)}/NOTES.md)"
    cells = (
        notes,
        f"{manifest.title['en']} ({manifest.title['ko']})",
        manifest.format,
        ", ".join(manifest.reads),
        ", ".join(manifest.writes),
        manifest.charset,
        manifest.item,
        manifest.quality,
        str(manifest.mapping_version),
    )
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |\n"


def problems(readme: Path = README) -> Iterator[str]:
    """Give what is wrong, one sentence each."""
    for name in catalogue.names():
        yield from _folder_problems(name)
    if not readme.is_file():
        yield f"{readme.name}: missing; it holds the table of adapters"
        return
    text = readme.read_text("utf-8")
    if BEGIN not in text or END not in text:
        yield f"{readme.name}: the marks of the table are missing: {BEGIN} and {END}"
    elif _with_table(text, table()) != text:
        yield f"{readme.name}: the table is old; run python -m adapters catalogue --write"


def _folder_problems(name: str) -> Iterator[str]:
    try:
        catalogue.load(name)
    except ManifestError as error:
        yield from (f"{name}: {problem}" for problem in error.problems)
        return
    except (ImportError, AttributeError, KeyError, ValueError) as error:
        yield f"{name}: adapter.py cannot be loaded: {type(error).__name__}: {error}"
        return
    folder = catalogue.folder(name)
    notes = folder / "NOTES.md"
    if not notes.is_file():
        yield f"{name}: NOTES.md is missing; it says each quirk and the sample that shows it"
        return
    samples = folder / "samples"
    cases = sorted(each.name for each in samples.iterdir() if each.is_dir()) if samples.is_dir() else []
    if not cases:
        yield f"{name}: samples/ is empty; give one golden sample at least"
    text = notes.read_text("utf-8")
    yield from (f"{name}: NOTES.md does not say what samples/{case} shows" for case in cases if f"`{case}`" not in text)


def _with_table(text: str, made: str) -> str:
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{made}{END}{after}"

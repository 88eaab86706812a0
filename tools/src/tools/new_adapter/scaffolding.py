"""Makes the folder of a new adapter: manifest, adapter, first sample, notes."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from adapters import manifest as manifests_read
from adapters.canonical.tabular import TabularAdapter
from adapters.formats.rows import DETAIL, Codec, Value
from adapters.formats.soap.calls import SoapCalls, content_type_of
from adapters.formats.soap.shape import BODY, TYPE
from adapters.manifest import Manifest
from tools.checkout import ROOT
from tools.new_adapter.calls import read_call
from tools.new_adapter.guesses import Guess, guess
from tools.new_adapter.manifests import FORMS, Form, manifest, usual
from tools.new_adapter.samples import Sample, read

FOLDER: Final = ROOT / "adapters" / "src" / "adapters" / "agencies"
FORMATS: Final = tuple(FORMS)
_NAME: Final = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_MOST_BYTES: Final = 64 * 1024
_MOST_LINES: Final = 100
_ADAPTER: Final = '''"""{name}: read and written by the table of `adapter.toml`."""
{files}
from adapters.canonical.tabular import TabularAdapter
{uses}
from adapters.manifest import Manifest


def create(manifest: Manifest) -> TabularAdapter:
    """Make the adapter of a manifest."""
    return TabularAdapter(manifest, {codec})
'''
_CALLS: Final = '''"""{name}: read and written by the table of `adapter.toml`."""

from adapters.canonical.soapcalls import SoapAdapter, soap_calls
from adapters.manifest import Manifest


def create(manifest: Manifest) -> SoapAdapter:
    """Make the adapter of a manifest."""
    return soap_calls(manifest)
'''
_NOTES: Final = """# {name}

Made by `make new-adapter`. Judge each line of the table in `adapter.toml`, replace the sample by the agency's own; keep the
acceptance suite green.

| quirk | what is done | sample |
|---|---|---|
| {quirk} | {done} | `first` |
"""
_BACK: Final = "| written by us it looks otherwise (`first/out`) | quotes, blanks or order are as our codec writes them: compare | `first` |\n"
# What stands in the two records of a scaffold's own sample, by place.
_SAID: Final[dict[str, tuple[Value, Value]]] = {
    "document_id": ("R-00000001", "R-00000002"),
    "sender.agency.code": ("1310000", "1310000"),
    "sender.department.code": ("Z310101", "Z310101"),
    "steps.draft.person.external_id": ("USER0001", "USER0001"),
    "steps.decide.person.external_id": ("USER0002", "USER0002"),
    "title": ("업무 계획 보고", "협조 요청 <긴급>"),
}


def scaffold(name: str, folder: Path = FOLDER, *, form: str = "fixed", sample: Path | None = None) -> Path:
    """Make the folder of an adapter.

    Args:
        name: of the adapter.
        folder: of all agencies.
        form: one of `FORMATS`.
        sample: a file the fields are read from.

    Raises:
        ValueError: the name is none or is taken, there is no such format, or the sample says nothing of its fields.
        OSError: the sample cannot be read.

    """
    if _NAME.fullmatch(name) is None:
        raise ValueError(f"'{name}' cannot be a name: small letters, digits and single underscores, a letter first")
    if form not in FORMS:
        raise ValueError(f"'{form}' is no format; there are {', '.join(FORMS)}")
    target = folder / name
    if target.exists():
        raise ValueError(f"{target} is there already; choose another name or remove it")
    made = FORMS[form]
    if sample is None:
        found, guesses = usual(name, made)
    else:
        found = read_call(sample.read_bytes()) if made.calls else read(sample, form)
        guesses = guess(name, found.columns)
    text = manifest(name, made, found, guesses)
    first = _first(manifests_read.read(text, name), made, found, guesses, sample)
    _write(target, name, made, text, found)
    place = target / "samples" / "first" / "in"
    for file, data in first.items():
        (place / file).parent.mkdir(parents=True, exist_ok=True)
        (place / file).write_bytes(data)
    return target


def _write(target: Path, name: str, form: Form, text: str, sample: Sample) -> None:
    target.mkdir(parents=True)
    (target / "adapter.toml").write_text(text, "utf-8")
    (target / "__init__.py").write_text(f'"""{name}: replace by the agency\'s system in one line."""\n', "utf-8")
    if form.calls:
        (target / "adapter.py").write_text(_CALLS.format(name=name), "utf-8")
    else:
        _write_code(target, name, form)
    quirk = ("fields were guessed", "each guess is marked") if sample.data else ("none known yet", "nothing")
    (target / "NOTES.md").write_text(_NOTES.format(name=name, quirk=quirk[0], done=quirk[1]), "utf-8")
    if form.copybook:
        (target / "records.cpy").write_text(sample.text, "utf-8")


def _write_code(target: Path, name: str, form: Form) -> None:
    files = "\nfrom importlib.resources import files\n" if form.copybook else ""
    code = _ADAPTER.format(name=name, files=files, uses=form.uses, codec=form.codec)
    lines = code.split("\n")
    # Imports in their order, whatever the format needs.
    begin = lines.index("from adapters.canonical.tabular import TabularAdapter")
    lines[begin : begin + 2] = sorted(lines[begin : begin + 2])
    (target / "adapter.py").write_text("\n".join(lines), "utf-8")


def _first(
    described: Manifest, form: Form, sample: Sample, guesses: list[Guess], path: Path | None
) -> Mapping[str, bytes]:
    """Give the first sample: the file itself, cut at a whole line, or two records written by the codec (of calls: one)."""
    if sample.data and form.calls:
        return {f"first/{BODY}": sample.data, f"first/{TYPE}": content_type_of(sample.data).encode("latin-1")}
    if sample.data and path is not None:
        return {path.name: _cut(sample.data)}
    codec = codec_of(described, form, sample.text)
    TabularAdapter(described, codec)
    rows = [(DETAIL, {each.column.name: _value(each, number) for each in guesses}) for number in (0, 1)]
    if form.calls:
        return {f"first/{part}": data for part, data in codec.write(rows[:1], "first").items()}
    return codec.write(rows, "first")


def codec_of(described: Manifest, form: Form, copybook: str) -> Codec:
    """Make the codec that the scaffold's `adapter.py` will make."""
    if form.calls:
        from adapters.canonical.soapcalls import service_of

        return SoapCalls(service_of(described))
    if form.copybook:
        from adapters.canonical.hosts import host

        return host(described, copybook)
    if form.placed:
        from adapters.canonical.layouts import fixed

        return fixed(described)
    from adapters.canonical.tabular.layouts import delimited

    return delimited(described)


def _value(each: Guess, number: int) -> Value:
    if each.to in _SAID:
        return _SAID[each.to][number]
    if each.kind == "amount" or each.column.kind == "amount":
        return int(1_200_000 * (number + 1) % 10 ** min(each.column.width or 9, 9))
    return f"값{number}" if (each.column.width or 9) >= 5 else ""


def _cut(data: bytes) -> bytes:
    lines = data.splitlines(keepends=True)
    if len(data) <= _MOST_BYTES and len(lines) <= _MOST_LINES:
        return data
    return b"".join(lines[:_MOST_LINES])


def explain(target: Path) -> bool:
    """Say in the notes that the sample goes back otherwise, if it does; answers whether."""
    notes, differs = target / "NOTES.md", (target / "samples" / "first" / "out").is_dir()
    text = notes.read_text("utf-8")
    if differs and "`first/out`" not in text:
        notes.write_text(text + _BACK, "utf-8")
    return differs

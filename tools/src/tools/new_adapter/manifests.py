"""The text of a new `adapter.toml`: layout of the format, one entry a column, each guess marked for a person to judge."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from tools.new_adapter.guesses import Column, Guess
from tools.new_adapter.samples import Sample

_HEAD: Final = """# {name}: what the system is, in one line.
name = "{name}"
mapping_version = 1
owner = "who answers for the format at the agency"
agency_codes = []
system = "{system}"
format = "{format}"
charset = "{charset}"
transport = "folder, one file a batch"
item = "file"
quality = "bronze"
raw_retention = "RETENTION_5_YEARS"
reads = ["RequestReceived"]
writes = ["RequestReceived"]

[title]
ko = "{name}"
en = "{name}"
"""
_STEPS: Final[Mapping[str, tuple[str, str, str]]] = {
    "draft": ("STEP_ROLE_DRAFT", "STEP_MODE_NORMAL", "STEP_OUTCOME_SUBMITTED"),
    "review": ("STEP_ROLE_REVIEW", "STEP_MODE_NORMAL", "STEP_OUTCOME_PENDING"),
    "decide": ("STEP_ROLE_DECIDE", "STEP_MODE_OWN", "STEP_OUTCOME_PENDING"),
}
_FOLDER, _HTTP = "folder, one file a batch", "HTTP, one call a message"
GENERATION: Final = """# In which generation of SOAP it was asked: the answer goes out in the same.
[[mapping]]
field = "@generation"
label = "SOAP"
codes = "generation"
as = "code"
required = true
to = "extensions.{name}.generation"
loss = "reject"

[codes.generation]
"rpc-1.1" = "rpc-1.1"
"document-1.1" = "document-1.1"
"rpc-1.2" = "rpc-1.2"
"document-1.2" = "document-1.2"
"""
_REQUIRED: Final = {"document_id", "title"}
_LOSS: Final = {"document_id": "reject", "title": "substitute"}


@dataclass(frozen=True, slots=True)
class Form:
    """A format to scaffold. says: as the manifest names it. codec: import and call in `adapter.py`. layout: its usual signs."""

    says: str
    uses: str
    codec: str
    charset: str = "cp949"
    layout: Mapping[str, str | bool | int | Mapping[str, str]] = field(default_factory=dict)
    placed: bool = False
    copybook: bool = False
    calls: bool = False


_DELIMITED: Final = "from adapters.canonical.tabular.layouts import delimited"
FORMS: Final[Mapping[str, Form]] = {
    "delimited": Form("delimited", _DELIMITED, "delimited(manifest)", layout={"delimiter": ",", "newline": "crlf"}),
    "tab": Form(
        "tab-separated",
        _DELIMITED,
        "delimited(manifest)",
        layout={"delimiter": "\t", "newline": "crlf", "extension": "tsv"},
    ),
    "nul": Form(
        "NUL-separated",
        _DELIMITED,
        "delimited(manifest)",
        layout={"delimiter": "\0", "quote": "", "header": False, "guard": False, "newline": "lf", "extension": "dat"},
    ),
    "fixed": Form(
        "fixed width",
        "from adapters.canonical.layouts import fixed",
        "fixed(manifest)",
        layout={"line_end": "crlf", "marker_offset": 0, "marker_width": 1, "marks": {"mapping": "D"}},
        placed=True,
    ),
    "copybook": Form(
        "COBOL copybook, RDW",
        "from adapters.canonical.hosts import host",
        'host(manifest, files(__package__).joinpath("records.cpy").read_text("utf-8"))',
        charset="IBM-933",
        layout={"page": "IBM-933"},
        copybook=True,
    ),
    "soap": Form(
        "SOAP",
        "",
        "",
        charset="utf-8",
        layout={"namespace": "urn:agency:approval", "inside": "request", "operations": {"mapping": "submit"}},
        calls=True,
    ),
}
# What a scaffold without a sample has: heading, name in a copybook, place, kind, width.
_USUAL: Final = (
    ("접수번호", "DOC-NO", "document_id", "code", 10),
    ("기관코드", "ORG-CODE", "sender.agency.code", "code", 7),
    ("부서코드", "DEPT-CODE", "sender.department.code", "code", 7),
    ("기안자ID", "DRAFTER-ID", "steps.draft.person.external_id", "code", 8),
    ("결재자ID", "APPROVER-ID", "steps.decide.person.external_id", "code", 8),
    ("제목", "TITLE", "title", "text", 42),
    ("금액", "AMOUNT", "extensions.{name}.amount", "amount", 13),
)  # fmt: skip


def usual(name: str, form: Form) -> tuple[Sample, list[Guess]]:
    """Give the fields of a scaffold without a sample; nothing in them is guessed."""
    guesses, offset = [], 1
    for heading, cobol, to, kind, width in _USUAL:
        said = cobol if form.copybook else _camel(cobol) if form.calls else heading
        column = Column(said, width=width, offset=offset)
        guesses.append(Guess(column, to.format(name=name), kind, "usual"))
        offset += width
    lines = [f"           05  {cobol:<12} PIC {f'9({width})' if kind == 'amount' else f'X({width})'}." for _, cobol, _, kind, width in _USUAL]  # fmt: skip
    text = "\n".join(["       01  REQUEST-REC.", *lines, ""]) if form.copybook else ""
    return Sample(tuple(each.column for each in guesses), form.charset, text=text), guesses


def _camel(cobol: str) -> str:
    first, *rest = cobol.lower().split("-")
    return first + "".join(map(str.capitalize, rest))


def manifest(name: str, form: Form, sample: Sample, guesses: Sequence[Guess]) -> str:
    """Write the manifest."""
    charset = sample.charset if not form.copybook else form.charset
    head = _HEAD.format(name=name, system=name.replace("_", "-"), format=form.says, charset=charset)
    if form.calls:
        head = head.replace('item = "file"', 'item = "directory"').replace(_FOLDER, _HTTP)
    parts = [head]
    # A call says all of its layout.
    layout = {**({} if form.calls and sample.data else form.layout), **sample.layout}
    if form.placed:
        layout["record_length"] = max(each.column.offset + each.column.width for each in guesses)
    parts.append("[layout]\n" + "".join(f"{key} = {_toml(value)}\n" for key, value in layout.items()))
    by_place = {each.to: each.column.name for each in guesses}
    parts.append(
        f'[[record]]\ntable = "mapping"\nmessage = "RequestReceived"\nkey = [{_toml(by_place["document_id"])}]\n'
    )
    if "body" not in by_place and "title" in by_place:
        parts.append(
            f'# The body of the document, composed of the fields.\n[body]\ntext = "<p>{{{by_place["title"]}}}</p>"\n'
        )
    parts += [_step(step) for step in _STEPS if any(each.to.startswith(f"steps.{step}.") for each in guesses)]
    parts.append(
        "# One entry a field, for both directions. Judge each guess: its place (`to`), its kind, what damage to it means.\n"
    )
    parts += [_entry(each, form) for each in guesses]
    if form.calls:
        parts += [sample.text, GENERATION.format(name=name)]
    return "\n".join(parts)


def _step(name: str) -> str:
    role, mode, outcome = _STEPS[name]
    asserted = "asserted = true\n" if name == "draft" else ""
    return f'[[step]]\nname = "{name}"\nrole = "{role}"\nmode = "{mode}"\noutcome = "{outcome}"\n{asserted}'


def _entry(guess: Guess, form: Form) -> str:
    column = guess.column
    remark = f"# GUESSED from {guess.guessed}" if guess.guessed else "# NOT UNDERSTOOD: kept beside the document"
    lines = [] if guess.guessed == "usual" else [remark]
    lines += ["[[mapping]]", f"field = {_toml(column.name)}", f"label = {_toml(column.name)}"]
    if form.placed:
        lines += [f"offset = {column.offset}", f"width = {column.width}"]
    lines += [f'kind = "{guess.kind}"', f"to = {_toml(guess.to)}"]
    lines += [f"{key} = {_toml(value)}" for key, value in guess.extra.items()]
    if guess.to in _REQUIRED:
        lines.append("required = true")
    loss = _LOSS.get(guess.to, "quarantine" if guess.to.startswith("steps.") else "substitute")
    return "\n".join([*lines, f'loss = "{loss}"', ""])


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{json.dumps(key)} = {_toml(each)}" for key, each in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)

"""The operator's commands on files: decode, encode, check, text, catalogue. Arguments in, exit status out.

0 everything went, 3 some records were refused, 2 nothing could be read or the command was wrong. Results go to standard
output, refusals to standard error, one JSON line each; no input ends in a traceback.
"""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, NoReturn

from adapters import catalogue, items, jsonlines, listing, showing, texts
from adapters.contract import Adapter, Decoded, Item, Outgoing
from adapters.formats.findings import Finding, FormatError, reject
from adapters.formats.messages import Language
from adapters.manifest import ManifestError
from adapters.words import complaint, language_of, say

OK, UNREADABLE, REFUSED = 0, 2, 3
_LANGUAGES: Final = ("ko", "en")


class _WrongUseError(Exception):
    """The command cannot be carried out; the text says what, where and what to do."""


def _answer(line: object) -> None:
    sys.stdout.write(f"{line}\n")


def _complain(line: object) -> None:
    sys.stderr.write(f"{line}\n")


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise _WrongUseError(message)


def main(arguments: Sequence[str]) -> int:
    """Run a command; answers its exit status."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    language = language_of(_asked(arguments))
    try:
        return _run(arguments, language)
    except _WrongUseError as error:
        _complain(error)
        return UNREADABLE
    except BrokenPipeError:
        # Whoever read our output has seen enough.
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - stays open to the end of the process
        return OK


def _asked(arguments: Sequence[str]) -> str | None:
    """Find the language before the arguments are judged: complaints about them are in it, too."""
    for place, argument in enumerate(arguments):
        if argument == "--lang" and place + 1 < len(arguments):
            return arguments[place + 1]
        if argument.startswith("--lang="):
            return argument.removeprefix("--lang=")
    return None


def _run(arguments: Sequence[str], language: Language) -> int:
    try:
        options = _parser(language).parse_args(arguments)
    except _WrongUseError as error:
        raise _WrongUseError(say("usage", language, reason=complaint(str(error), language))) from None
    if options.command == "catalogue":
        return listing.run(check=options.check, write=options.write)
    if options.command == "text":
        numbers, as_json = options.numbers, options.json
        return texts.run(options.path, language, numbers=numbers, as_json=as_json, answer=_answer, complain=_complain)
    adapter = _adapter(options.adapter, language)
    if options.command == "decode":
        return _decode(adapter, options.path, language)
    if options.command == "check":
        return _check(adapter, options.path, options.limit, language)
    return _encode(adapter, options.file, Path(options.out), language)


def _parser(language: Language) -> argparse.ArgumentParser:
    shared = _Parser(add_help=False)
    shared.add_argument("--lang", choices=_LANGUAGES, help=say("option-lang", language))
    parser = _Parser(prog="python -m adapters", description=say("about", language), parents=[shared])
    commands = parser.add_subparsers(dest="command", required=True, parser_class=_Parser, metavar="COMMAND")
    shared_again = _Parser(add_help=False)
    shared_again.add_argument(
        "--lang", choices=_LANGUAGES, default=argparse.SUPPRESS, help=say("option-lang", language)
    )
    made = {
        name: commands.add_parser(name, help=say(name, language), parents=[shared_again])
        for name in ("decode", "encode", "check", "text", "catalogue")
    }
    for name in ("decode", "encode", "check"):
        made[name].add_argument("--adapter", required=True, help=say("option-adapter", language))
    for name in ("decode", "check"):
        made[name].add_argument("path", nargs="+", metavar="PATH", help=say("option-path", language))
    made["text"].add_argument("path", nargs="+", metavar="FILE", help=say("option-document", language))
    made["text"].add_argument("--numbers", action="store_true", help=say("option-numbers", language))
    made["text"].add_argument("--json", action="store_true", help=say("option-json", language))
    made["check"].add_argument("--limit", type=int, default=20, help=say("option-limit", language))
    made["encode"].add_argument("file", metavar="FILE.jsonl", help=say("option-jsonl", language))
    made["encode"].add_argument("--out", required=True, metavar="DIR", help=say("option-out", language))
    made["catalogue"].add_argument("--check", action="store_true", help=say("option-check", language))
    made["catalogue"].add_argument("--write", action="store_true", help=say("option-write", language))
    return parser


def _adapter(name: str, language: Language) -> Adapter:
    try:
        return catalogue.load(name)
    except catalogue.UnknownAdapterError as error:
        known = ", ".join(error.known)
        raise _WrongUseError(say("unknown-adapter", language, name=name, known=known)) from None
    except ManifestError as error:
        raise _WrongUseError(say("manifest", language, name=name, reason="; ".join(error.problems))) from None


def _problem(path: str | Path, error: OSError, language: Language) -> str:
    """Say what is wrong with a path."""
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return say("not-found", language, path=path)
    if isinstance(error, PermissionError):
        return say("no-permission", language, path=path)
    return say("os-error", language, path=path, reason=error.strerror or type(error).__name__)


def _decode(adapter: Adapter, paths: Sequence[str], language: Language) -> int:
    status = OK
    for path in paths:
        read = _read(adapter, path, language)
        if isinstance(read, dict):
            _complain(jsonlines.dump(read))
            status = UNREADABLE
            continue
        item, decoded = read
        for record in decoded.records:
            if record.message is not None:
                _answer(jsonlines.dump(jsonlines.accepted(record, record.message, item.name, language)))
            else:
                _complain(jsonlines.dump(jsonlines.rejected(record, item.name, language)))
                status = status or REFUSED
        if decoded.findings:
            line = {"item": item.name, "findings": jsonlines.findings_of(decoded.findings, language)}
            _complain(jsonlines.dump(line))
    return status


def _read(adapter: Adapter, path: str, language: Language) -> tuple[Item, Decoded] | dict[str, object]:
    """Read and decode a path; the line about it when nothing of it can be read."""
    name = Path(path).name
    try:
        item = items.read(Path(path))
        return item, adapter.decode(item)
    except FormatError as error:
        findings = jsonlines.findings_of(error.findings, language)
    except (OSError, ValueError) as error:
        # A ValueError is a path that can be none, such as one with a NUL.
        known = error if isinstance(error, OSError) else OSError(0, str(error))
        finding = reject("file-unreadable", path, name=name, reason=known.strerror or type(error).__name__)
        findings = [jsonlines.finding_of(finding, language) | {"message": _problem(path, known, language)}]
    return {"ordinal": 0, "offset": 0, "part": "", "raw": "", "findings": findings, "item": name, "path": path}


def _check(adapter: Adapter, paths: Sequence[str], limit: int, language: Language) -> int:
    status = OK
    for path in paths:
        read = _read(adapter, path, language)
        if isinstance(read, dict):
            for finding in read["findings"]:  # type: ignore[attr-defined]  # a list of findings, made above
                _complain(f"{path}: {finding['message']}")
            status = UNREADABLE
            continue
        item, decoded = read
        for line in showing.table(adapter, decoded, item.name, limit, language):
            _answer(line)
        if any(record.message is None for record in decoded.records):
            status = status or REFUSED
    return status


def _lines(path: str, language: Language) -> Iterator[tuple[int, str]]:
    """Give the lines that hold something, with their numbers."""
    try:
        data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        raise _WrongUseError(_problem(path, error, language)) from None
    except ValueError as error:
        raise _WrongUseError(say("os-error", language, path=path, reason=error)) from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _WrongUseError(say("not-utf8", language, path=path, offset=f"{error.start:,}")) from None
    # Only line feeds end a line: JSON text may hold other separators as they are.
    yield from ((number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip())


def _encode(adapter: Adapter, path: str, folder: Path, language: Language) -> int:
    chosen: list[tuple[int, Outgoing]] = []
    refused: list[tuple[int, Sequence[Finding]]] = []
    for number, line in _lines(path, language):
        try:
            chosen.append((number, jsonlines.outgoing_of(line, number)))
        except FormatError as error:
            refused.append((number, error.findings))
    encoded = adapter.encode([outgoing for _, outgoing in chosen])
    refused += [(chosen[index][0], findings) for index, findings in encoded.rejected.items()]
    for item in encoded.items:
        try:
            _answer(items.write(item, folder))
        except items.UnfitNameError as error:
            raise _WrongUseError(say("bad-name", language, name=error.name)) from None
        except OSError as error:
            raise _WrongUseError(_problem(folder / item.name, error, language)) from None
    for number, findings in sorted(refused, key=lambda pair: pair[0]):
        _complain(jsonlines.dump({"line": number, "findings": jsonlines.findings_of(findings, language)}))
    if encoded.findings:
        _complain(jsonlines.dump({"findings": jsonlines.findings_of(encoded.findings, language)}))
    return REFUSED if refused else OK

"""What the operators' commands understand, and which does what."""

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Final, NoReturn
from uuid import UUID

from adapters.formats.messages import Language
from adapters.runtime.operators import accounts, quarantine, replaying
from adapters.runtime.operators.desk import WRONG, Desk, Scope, signed
from adapters.runtime.operators.sayings import say
from adapters.runtime.units import SEOUL
from adapters.words import complaint, language_of

VERBS: Final = ("quarantine", "replay", "reconcile")
_STAGES: Final = ("intake", "documents", "approval")
_BEGIN: Final = datetime(2000, 1, 1, tzinfo=UTC)
_END: Final = datetime(9000, 1, 1, tzinfo=UTC)


class WrongUseError(Exception):
    """The command cannot be carried out; the text says why."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise WrongUseError(message)


def parse(arguments: Sequence[str]) -> tuple[argparse.Namespace, Language]:
    """Understand a command. Raises WrongUseError, in the reader's language."""
    asked = next((after for each, after in pairwise(arguments) if each == "--lang"), None)
    language = language_of(asked)
    try:
        options = _parser(language).parse_args(arguments)
        options.begin, options.end = _period(options, language)
        options.changes = dict(_change(each, language) for each in getattr(options, "set", None) or ())
    except WrongUseError as error:
        raise WrongUseError(complaint(str(error), language)) from None
    return options, language


def _parser(language: Language) -> argparse.ArgumentParser:
    shared = _Parser(add_help=False)
    shared.add_argument("--lang", choices=("ko", "en"), help=say("option-lang", language))
    shared.add_argument("--json", action="store_true", help=say("option-json", language))
    shared.add_argument("--endpoint", default="", help=say("option-endpoint", language))
    scope = _Parser(add_help=False, parents=[shared])
    scope.add_argument("--file", default="", help=say("option-file", language))
    scope.add_argument("--stage", default="", choices=("", *_STAGES), help=say("option-stage", language))
    scope.add_argument("--code", default="", help=say("option-code", language))
    scope.add_argument("--limit", type=int, default=1000, help=say("option-limit", language))
    doing = _Parser(add_help=False)
    doing.add_argument("--note", default="", help=say("option-note", language))
    doing.add_argument("--apply", action="store_true", help=say("option-apply", language))
    root = _Parser(prog="python -m adapters", description=say("about", language))
    verbs = root.add_subparsers(dest="verb", required=True, parser_class=_Parser, metavar="COMMAND")
    held = verbs.add_parser("quarantine", help=say("quarantine", language))
    parts = held.add_subparsers(dest="part", required=True, parser_class=_Parser, metavar="COMMAND")
    parts.add_parser("list", parents=[scope], help=say("list", language))
    shown = parts.add_parser("show", parents=[shared], help=say("show", language))
    shown.add_argument("record", type=UUID, help=say("option-record", language))
    fix = parts.add_parser("fix", parents=[scope, doing], help=say("fix", language))
    fix.add_argument("record", type=UUID, nargs="?", help=say("option-record", language))
    fix.add_argument("bytes", type=Path, nargs="?", metavar="FILE", help=say("option-bytes", language))
    fix.add_argument("--set", action="append", metavar="FIELD=VALUE", help=say("option-set", language))
    verbs.add_parser("replay", parents=[scope, doing], help=say("replay", language))
    even = verbs.add_parser("reconcile", parents=[shared], help=say("reconcile", language))
    even.add_argument("--from", default="", dest="first", metavar="DAY", help=say("option-from", language))
    even.add_argument("--to", default="", dest="last", metavar="DAY", help=say("option-to", language))
    even.add_argument("--bytes", action="store_true", dest="raw", help=say("option-check-bytes", language))
    return root


def _period(options: argparse.Namespace, language: Language) -> tuple[datetime, datetime]:
    first, last = getattr(options, "first", ""), getattr(options, "last", "")
    begin = _day(first, language) if first else _BEGIN
    return begin, _day(last, language) + timedelta(days=1) if last else _END


def _day(text: str, language: Language) -> datetime:
    """The beginning of a Korean day."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=SEOUL)
    except ValueError:
        raise WrongUseError(say("day-invalid", language, value=text)) from None


def _change(text: str, language: Language) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise WrongUseError(say("set-malformed", language, value=text))
    return name, value


async def run(desk: Desk, asked: argparse.Namespace) -> int:
    """Carries a command out; answers the exit status."""
    if asked.verb == "reconcile":
        return await accounts.reconciled(desk, asked.endpoint, asked.begin, asked.end, raw=asked.raw)
    if asked.verb == "quarantine" and asked.part == "show":
        return await quarantine.shown(desk, asked.record)
    scope = Scope(asked.endpoint, asked.file, asked.stage, asked.code, asked.limit)
    if asked.verb == "quarantine" and asked.part == "list":
        return await quarantine.listed(desk, scope)
    note = signed(asked.note) if asked.note.strip() else ""
    if asked.verb == "replay":
        return await replaying.replayed(desk, scope, note, apply=asked.apply)
    data = b""
    if asked.bytes is not None:
        try:
            data = asked.bytes.read_bytes()
        except OSError as error:
            desk.complain("not-found", path=asked.bytes, reason=error.strerror)
            return WRONG
    if bool(data) == bool(asked.changes):
        desk.complain("fix-what")
        return WRONG
    return await quarantine.fixed(desk, asked.record, data, asked.changes, scope, note, apply=asked.apply)

"""What the operators' commands work with, and how they answer: plain lines in the reader's language, or a JSON line each."""

import getpass
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg

from adapters.formats.findings import Finding
from adapters.formats.messages import Language, render
from adapters.runtime.decoding import Decoder
from adapters.runtime.endpoints import Endpoints
from adapters.runtime.operators.sayings import say
from chassis.blobs import Blobs
from chassis.uow import Database

OK, DIFFERENT, WRONG, LEFT = 0, 1, 2, 3
"""Exit status: all well; accounts differ; nothing could be done; something stays in quarantine."""

_RECORDS = """
SELECT r.*, f.name AS file_name, f.sha256, f.adapter, f.mapping_version, f.taken_at
FROM record r JOIN intake_file f ON f.id = r.file_id
WHERE r.state = 'quarantined' AND ($1 = '' OR r.endpoint = $1) AND ($2 = '' OR f.name = $2 OR f.id::text = $2)
AND ($3 = '' OR r.stage = $3) AND ($4 = '' OR r.reasons @> jsonb_build_array(jsonb_build_object('code', $4::text)))
ORDER BY f.taken_at, r.file_id, r.ordinal LIMIT $5
"""


@dataclass(frozen=True, slots=True)
class Scope:
    """Which records of the quarantine. Empty: whichever. file: name or id. code: of a reason."""

    endpoint: str = ""
    file: str = ""
    stage: str = ""
    code: str = ""
    limit: int = 1000


@dataclass(frozen=True, slots=True)
class Desk:
    """An operator's place. owner_of: agency of a code, empty when unknown. as_json: lines for a program."""

    database: Database
    endpoints: Endpoints
    blobs: Blobs
    decoder: Decoder
    owner_of: Callable[[str], str]
    language: Language
    as_json: bool = False

    async def records(self, scope: Scope) -> Sequence[asyncpg.Record]:
        """Records in quarantine, in the order of their files and places."""
        found: Sequence[asyncpg.Record] = await self.database.pool.fetch(
            _RECORDS, scope.endpoint, scope.file, scope.stage, scope.code, scope.limit
        )
        return found

    def answer(self, facts: Mapping[str, Any], *lines: str) -> None:
        """Say something: the facts to a program, the lines to a person."""
        text = json.dumps(facts, ensure_ascii=False, default=str) if self.as_json else "\n".join(lines)
        if text:
            sys.stdout.write(text + "\n")

    def complain(self, key: str, **params: object) -> None:
        """Say on standard error what is wrong."""
        sys.stderr.write(say(key, self.language, **params) + "\n")

    def say(self, key: str, **params: object) -> str:
        """Make a sentence in the reader's language."""
        return say(key, self.language, **params)

    def reason(self, stored: Mapping[str, Any]) -> str:
        """Tell a stored reason: the adapters' own in a sentence, another service's by code and values."""
        params = stored["params"]
        offset, length = (int(params[key]) if key in params else None for key in ("offset", "length"))
        finding = Finding(stored["code"], stored["field"] or None, offset, length, params)
        try:
            return f"{stored['code']}: {render(finding, self.language)}"
        except KeyError:
            values = ", ".join(f"{key}={value}" for key, value in sorted(params.items()))
            return " ".join(filter(None, (stored["code"], stored["field"], values)))


def signed(note: str) -> str:
    """The note as it is kept: who wrote it at which desk."""
    return f"{getpass.getuser()} (python -m adapters): {note.strip()}"

"""The operator's command `text`: files of Hangul documents in, their text on standard output, what there is to say on the other.

Files are strangers': each is read in the sandbox, so that one which hangs or bursts costs itself alone.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from adapters import jsonlines
from adapters.formats.findings import Finding, reject, rejected
from adapters.formats.hwp import HwpText, Limits
from adapters.formats.messages import Language, render
from adapters.runtime.sandbox import Outcome, Sandbox
from adapters.words import say

OK, UNREADABLE, REFUSED = 0, 2, 3
_READER: Final = "adapters.formats.hwp:read"

Say = Callable[[object], None]


def run(paths: Sequence[str], language: Language, *, numbers: bool, as_json: bool, answer: Say, complain: Say) -> int:
    """Print the text of each file; answers 0, 3 when a file has none for a reason, 2 when one could not be opened."""
    status = OK
    with Sandbox[HwpText](_READER) as sandbox:
        for path, outcome in _outcomes(paths, sandbox):
            value = outcome.value
            findings = outcome.findings if value is None else value.findings
            if as_json:
                answer(json.dumps(_line(path, value, findings, language, numbers=numbers), ensure_ascii=False))
            else:
                if value is not None and value.text:
                    answer(value.numbered if numbers else value.text)
                complain(_summary(path, value, language))
                for finding in findings:
                    complain(f"{path}: {render(finding, language)} [{finding.code}]")
            if any(finding.code == "file-unreadable" for finding in findings):
                status = UNREADABLE
            elif rejected(findings):
                status = status or REFUSED
    return status


def _outcomes(paths: Sequence[str], sandbox: Sandbox[HwpText]) -> Iterator[tuple[str, Outcome[HwpText]]]:
    for path in paths:
        try:
            size, most = Path(path).stat().st_size, Limits().input_bytes
            if size > most:
                outcome = Outcome[HwpText](None, (reject("hwp-too-large", bytes=str(size), limit=str(most)),))
            else:
                outcome = sandbox.run(Path(path).read_bytes())
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or type(error).__name__
            outcome = Outcome(None, (reject("file-unreadable", path, name=Path(path).name, reason=str(reason)),))
        yield path, outcome


def _summary(path: str, value: HwpText | None, language: Language) -> str:
    if value is None:
        return say("text-none", language, path=path)
    share = say("text-no-preview", language) if value.completeness is None else f"{value.completeness:.1%}"
    kind = " ".join(filter(None, (value.kind, value.version, *sorted(value.flags))))
    return say("text-summary", language, path=path, kind=kind, count=len(value.text), share=share)


def _line(
    path: str, value: HwpText | None, findings: Sequence[Finding], language: Language, *, numbers: bool
) -> dict[str, object]:
    line: dict[str, object] = {"path": path, "findings": jsonlines.findings_of(findings, language)}
    if value is None:
        return line
    return line | {
        "kind": value.kind,
        "version": value.version,
        "flags": sorted(value.flags),
        "completeness": value.completeness,
        "tables": len(value.tables),
        "text": value.numbered if numbers else value.text,
    }

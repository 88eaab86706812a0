"""What callers are told: answers and faults in the version and style they asked in, in Korean, with what, where and what to do."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from adapters.formats.findings import Finding, reject
from adapters.formats.messages import render
from adapters.formats.soap.asked import Asked
from adapters.formats.soap.model import EXCHANGE, Fault, Message, Value

MOST_PROBLEMS: Final = 50
# HTTP status of faults: SOAP 1.1, 6.2 wants 500 for all; SOAP 1.2 part 2, 7.4.2 tells the sender's from the receiver's.
_SENDERS: Final = 400
_RECEIVERS: Final = 500


def answer(asked: Asked, operation: str, values: Mapping[str, Value]) -> tuple[int, Message]:
    """Status and message of an answer. operation: its name in document style; calls of procedures expect their own."""
    name = f"{asked.operation}Response" if asked.style == "rpc" and asked.operation else operation
    return 200, Message(name, EXCHANGE, values, asked.version, asked.style)


def refusal(asked: Asked, findings: Sequence[Finding]) -> tuple[int, Message]:
    """Status and message for a call of which nothing is taken. findings: what was noticed; those that refuse are told."""
    wrong = [finding for finding in findings if finding.severity == "reject"]
    first = render(wrong[0], "ko") if wrong else ""
    code = "VersionMismatch" if any(finding.code == "soap-version-unknown" for finding in wrong) else "Client"
    if any(finding.code == "soap-header-demanded" for finding in wrong):
        code = "MustUnderstand"
    whole = render(reject("soap-call-refused", reason=f"{first.rstrip('.')}."), "ko")
    status = _SENDERS if asked.version == "1.2" and code == "Client" else _RECEIVERS
    return status, _fault(asked, code, whole, wrong)


def turned_away(status: int, asked: Asked, code: str, **params: str) -> tuple[int, Message]:
    """Status and message for a request that is no call to anybody here, or from nobody."""
    finding = Finding(code, params=params, severity="reject")
    return status, _fault(asked, "Client", render(finding, "ko"), [finding])


def not_now(asked: Asked) -> tuple[int, Message]:
    """Status and message when we are at fault: trying again is right."""
    finding = reject("soap-not-now")
    return 503, _fault(asked, "Server", render(finding, "ko"), [finding])


def _fault(asked: Asked, code: str, reason: str, findings: Iterable[Finding]) -> Message:
    problems = tuple((each.code, each.field or "", render(each, "ko")) for each in list(findings)[:MOST_PROBLEMS])
    return Message("", "", {}, asked.version, fault=Fault(code, reason, problems=problems))

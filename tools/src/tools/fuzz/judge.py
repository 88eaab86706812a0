"""What must hold whatever an item is: each reader ends in records or in findings with known codes. Raises FaultError else."""

from collections.abc import Callable, Iterable
from itertools import islice

from adapters.contract import Adapter, Item, Outgoing
from adapters.formats.findings import Finding, FormatError, rejected
from adapters.formats.messages import MESSAGES, render

# Records of one item looked at closely; the rest is decoded, no more.
_CLOSELY = 40
_seen: set[tuple[str, frozenset[str]]] = set()


class FaultError(Exception):
    """A reader did what it must not."""


def judge_adapter(adapter: Adapter, item: Item, *, back: bool = False) -> str:
    """Decode an item, show its fields, and write its messages back (`back`). Answers `accepted`, `quarantined` or `refused`."""
    try:
        decoded = adapter.decode(item)
    except FormatError as error:
        refused(error)
        return "refused"
    said(decoded.findings)
    for record in islice(decoded.records, _CLOSELY):
        if (record.message is None) != rejected(record.findings):
            raise FaultError(f"record {record.ordinal}: a message and its refusal contradict each other")
        said(record.findings)
        for view in adapter.fields(record.raw, record.part):
            said(view.findings)
    ordinals = [record.ordinal for record in decoded.records]
    if len(set(ordinals)) != len(ordinals):
        raise FaultError("two records of one ordinal")
    outgoing = [Outgoing(record.message, record.blobs) for record in decoded.records if record.message is not None]
    if back and outgoing:
        encoded = adapter.encode(outgoing[:_CLOSELY])
        said(encoded.findings)
        for findings in encoded.rejected.values():
            if not rejected(findings):
                raise FaultError("a message was not written and nobody says why")
            said(findings)
    # Neither record nor finding is in order: a transmission of nothing that says so itself.
    return "quarantined" if len(outgoing) < len(decoded.records) or not outgoing else "accepted"


def judge_reader(read: Callable[[bytes], Iterable[Finding]], item: Item) -> str:
    """Read every part with a function that answers its findings."""
    ended = "accepted"
    for data in item.parts.values():
        try:
            findings = tuple(read(data))
        except FormatError as error:
            refused(error)
            ended = "refused"
            continue
        said(findings)
        ended = "refused" if rejected(findings) else ended
    return ended


def refused(error: FormatError) -> None:
    """A refusal names its reason."""
    if not rejected(error.findings):
        raise FaultError("refused without a reason")
    said(error.findings)


def said(findings: Iterable[Finding]) -> None:
    """Every finding can be told in both languages. Raises FaultError."""
    for finding in findings:
        shape = (finding.code, frozenset(finding.params))
        if shape in _seen:
            continue
        if finding.code not in MESSAGES:
            raise FaultError(f"finding {finding.code} has no words")
        for language in ("ko", "en"):
            if not render(finding, language):
                raise FaultError(f"finding {finding.code} is silent")
        _seen.add(shape)

"""What a codec noticed: `Finding` values that travel beside the data, and `FormatError` for what cannot be read at all.

Data goes from the codecs of this package to the loss report of an adapter. A finding holds a stable code and its
parameters; the sentence is made at the edge, from `messages.MESSAGES`, in the reader's language.
"""

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Literal

Severity = Literal["reject", "repair", "loss"]


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    """One thing noticed while reading or writing.

    Attributes:
        code: stable kebab-case code, a key of `messages.MESSAGES`.
        field: name of the field or path of the element, None for the whole input.
        offset: absolute offset in bytes from the start of the input, None where it has no meaning.
        length: number of bytes concerned.
        params: values for the sentence, all text.
        severity: `reject` the value cannot be used, `repair` nothing was lost, `loss` something was left behind.

    """

    code: str
    field: str | None = None
    offset: int | None = None
    length: int | None = None
    params: Mapping[str, str] = dataclasses.field(default_factory=dict)
    severity: Severity = "repair"


class FormatError(Exception):
    """The input cannot be read, or the output must not be written. `findings` says why; at least one is a `reject`."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings: tuple[Finding, ...] = tuple(findings)
        super().__init__(", ".join(f"{finding.code}{dict(finding.params)}" for finding in self.findings))


def reject(
    code: str, field: str | None = None, *, offset: int | None = None, length: int | None = None, **params: str
) -> Finding:
    """Make a finding for a value that cannot be used."""
    return Finding(code, field, offset, length, params, "reject")


def repair(
    code: str, field: str | None = None, *, offset: int | None = None, length: int | None = None, **params: str
) -> Finding:
    """Make a finding for something put right without loss."""
    return Finding(code, field, offset, length, params, "repair")


def loss(
    code: str, field: str | None = None, *, offset: int | None = None, length: int | None = None, **params: str
) -> Finding:
    """Make a finding for something that was left behind."""
    return Finding(code, field, offset, length, params, "loss")


def rejected(findings: Iterable[Finding]) -> bool:
    """Tell whether any of the findings forbids using the value."""
    return any(finding.severity == "reject" for finding in findings)

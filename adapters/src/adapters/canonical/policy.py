"""Loss policies on findings: what a codec merely noticed becomes a refusal where the manifest says so."""

import dataclasses
from collections.abc import Iterable, Mapping

from adapters.formats.findings import Finding


def apply(findings: Iterable[Finding], loss: Mapping[str, str]) -> tuple[Finding, ...]:
    """Raise losses in fields whose policy is not `substitute` to rejects: the record then waits for a person."""
    return tuple(
        dataclasses.replace(finding, severity="reject")
        if finding.severity == "loss" and loss.get(finding.field or "", "substitute") != "substitute"
        else finding
        for finding in findings
    )

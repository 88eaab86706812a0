"""What an import of code tables did, and what in them was not understood: as JSON for programs, as text for people."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from directory.domain.agency_codes import CodeFinding, CodeRow, Report
from directory.domain.merging import Finding


@dataclass(frozen=True, slots=True)
class ImportReport:
    """One import, told.

    files: names as given. changed: rows written. left_to_people: what the import did not decide. findings: all that was
    odd. table: its totals.
    """

    files: tuple[str, ...]
    units: int
    changed: int
    left_out: tuple[CodeRow, ...]
    left_to_people: Sequence[Finding]
    findings: Sequence[CodeFinding]
    table: Report

    def to_dict(self) -> dict[str, Any]:
        """As JSON takes it."""
        return {
            "files": list(self.files),
            "units": self.units,
            "changed": self.changed,
            "left_out": [
                {"file": self.files[row.file], "line": row.line, "unit_code": row.code} for row in self.left_out
            ],
            "left_to_people": [asdict(finding) for finding in self.left_to_people],
            "table": self.table.to_dict(),
            "findings": [
                {**asdict(finding), "params": dict(finding.params), "file": self.files[finding.file]}
                for finding in self.findings
            ],
        }

    def to_text(self) -> str:
        """A page for whoever ran the import."""
        table = self.table
        lines = [
            f"{table.rows} rows: {table.active} active, {table.abolished} abolished, as of {table.as_of or 'unknown'}",
            f"{self.units} units, {self.changed} changed; depth {table.max_depth}; {table.incomplete} without a whole chain of parents",
            f"{table.resolvable} abolished units lead to living ones; not: {_counted(table.unresolvable)}",
        ]
        lines += [f"left out: {self.files[row.file]}:{row.line} {row.code or '(no code)'}" for row in self.left_out]
        lines += [
            f"for you to decide: {finding.code} {finding.unit_code} -> {' '.join(finding.successor_codes) or '?'}"
            for finding in self.left_to_people
        ]
        if table.findings:
            lines.append("not understood, or odd (the rows are taken all the same):")
        for code, found in table.findings.items():
            examples = ", ".join(
                f"line {line} {unit}".rstrip() for line, unit in zip(found.lines, found.unit_codes, strict=True)
            )
            lines.append(f"  {found.count:6d}  {code}  ({examples})")
        return "\n".join(lines)


def _counted(reasons: dict[str, int]) -> str:
    return ", ".join(f"{count} {reason}" for reason, count in reasons.items()) or "none"

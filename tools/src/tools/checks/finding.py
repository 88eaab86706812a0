"""What a check reports: one place in the tree and what is wrong there."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One place and one sentence; `line` 0 means the whole file."""

    path: str
    line: int
    what: str

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}" if self.line else self.path
        return f"{where}: {self.what}"

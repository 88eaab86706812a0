"""Tables of the other side's database as a transport: rows that wait are polled, results are written into a table of theirs."""

from dataclasses import dataclass
from pathlib import Path

from adapters.runtime.transports.contract import IsComplete
from adapters.runtime.transports.dblink import SECONDS, Link
from adapters.runtime.transports.polledtable import PolledTable, TableSource
from adapters.runtime.transports.writtentable import TableTarget, WrittenTable


@dataclass(frozen=True, slots=True)
class Tables:
    """A database of the other side.

    url_file: file with its address, because the address holds a password. seconds: how long it may take over one row.
    """

    url_file: Path
    polled: PolledTable | None = None
    written: WrittenTable | None = None
    seconds: float = SECONDS

    @property
    def reads(self) -> bool:
        """True when rows come from there."""
        return self.polled is not None

    @property
    def writes(self) -> bool:
        """True when rows go there."""
        return self.written is not None

    def source(self, is_complete: IsComplete) -> TableSource:
        """The rows that wait. Raises ValueError when no table is polled."""
        del is_complete
        if self.polled is None:
            raise ValueError("the table to poll is needed")
        return TableSource(Link(self.url_file, self.seconds, snapshot=True), self.polled)

    def target(self) -> TableTarget:
        """The table of results. Raises ValueError when there is none."""
        if self.written is None:
            raise ValueError("the table to write is needed")
        return TableTarget(Link(self.url_file, self.seconds), self.written)

"""What one reading has found and may still spend: findings, flags, the budget of bytes and nodes. Passed to every reader."""

import zlib
from dataclasses import dataclass, field
from typing import Final

from adapters.formats.findings import Finding, FormatError, loss, reject
from adapters.formats.hwp.model import Flag, Kind, Limits, Section

_MOST_FINDINGS: Final = 200


@dataclass(slots=True)
class Reading:
    """A document being read.

    Attributes:
        preview: what the writing program kept as the text of the first page; None: nothing kept.
        objects: pictures, drawings and the like that hold no text.

    """

    limits: Limits
    kind: Kind = "unknown"
    version: str = ""
    preview: str | None = None
    sections: list[Section] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    flags: set[Flag] = field(default_factory=set)
    objects: int = 0
    inflated: int = 0
    nodes: int = 0

    def spend(self, count: int) -> None:
        """Count bytes that were unpacked. Raises FormatError `hwp-too-large`."""
        self.inflated += count
        if self.inflated > self.limits.inflated_bytes:
            raise FormatError(
                [reject("hwp-too-large", bytes=str(self.inflated), limit=str(self.limits.inflated_bytes))]
            )

    def left(self) -> int:
        """Bytes that may still be unpacked."""
        return max(0, self.limits.inflated_bytes - self.inflated)

    def damaged(self, part: str, reason: str) -> None:
        """Say that a part could not be read whole; reason: a word of ours, never the input's."""
        self.flags.add("damaged")
        self.say(loss("hwp-part-damaged", part, reason=reason))

    def limited(self, part: str, reason: str) -> None:
        """Say that the rest of a part was left unread because of a limit; reason: nesting or records."""
        self.flags.add("damaged")
        self.say(loss("hwp-part-too-large", part, reason=reason))

    def say(self, finding: Finding) -> None:
        """Add a finding once; of the thousandth damaged part nobody needs to hear, but of a refusal always."""
        if len(self.findings) >= _MOST_FINDINGS and finding.severity != "reject":
            return
        if finding not in self.findings:
            self.findings.append(finding)


def inflate(data: bytes | memoryview, reading: Reading, part: str) -> bytes:
    """Unpack raw deflate within the budget; what was unpacked before a defect is kept, and the defect said.

    Raises:
        FormatError: `hwp-too-large`.

    """
    return inflate_first(data, reading, part)[0]


def inflate_first(data: bytes | memoryview, reading: Reading, part: str) -> tuple[bytes, bytes]:
    """Unpack the raw deflate that the data begins with; answers what was packed and what stands behind it."""
    machine = zlib.decompressobj(-15)
    room = reading.left()
    try:
        out = machine.decompress(data, room + 1)
    except zlib.error:
        out = _salvage(data, room)
        reading.damaged(part, "deflate")
    else:
        if len(out) <= room and not machine.eof:
            reading.damaged(part, "cut")
    reading.spend(len(out))
    return out, machine.unused_data


def _salvage(data: bytes | memoryview, room: int) -> bytes:
    """Unpack piece by piece up to the defect: a decompressor gives nothing of a call that fails."""
    machine = zlib.decompressobj(-15)
    parts: list[bytes] = []
    size = 0
    step = 256
    try:
        for start in range(0, len(data), step):
            piece = machine.decompress(data[start : start + step], room + 1 - size)
            parts.append(piece)
            size += len(piece)
            if size > room or machine.eof:
                break
    except zlib.error:
        pass
    return b"".join(parts)

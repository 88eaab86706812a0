"""The manifest: exactly what is decided on, in one canonical form, and its hash.

A decision names the hash, so neither text nor attachments nor recipients can be swapped under it. The form is JSON with
sorted keys, without blanks, in UTF-8; lists keep their order, since the order of recipients and attachments is meant.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

FORM = 1


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """An attachment by content and name. sha256: hexadecimal. size: bytes."""

    sha256: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a decision is about. recipients: code, printed name and whether for reference."""

    title: str
    body: str
    attachments: Sequence[AttachedFile]
    recipients: Sequence[tuple[str, str, bool]]
    sender_name: str
    disclosure: tuple[int, Sequence[int], str]
    task_code: str

    def canonical(self) -> bytes:
        """The bytes that are hashed; the body stands in them by its own hash."""
        level, items, reason = self.disclosure
        values = {
            "form": FORM,
            "title": self.title,
            "body_sha256": hashlib.sha256(self.body.encode()).hexdigest(),
            "attachments": [[file.sha256, file.name, file.size] for file in self.attachments],
            "recipients": [list(recipient) for recipient in self.recipients],
            "sender_name": self.sender_name,
            "disclosure": [level, sorted(items), reason],
            "task": self.task_code,
        }
        return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def hash_of(canonical: bytes) -> bytes:
    """SHA-256 of a manifest's canonical form, 32 bytes."""
    return hashlib.sha256(canonical).digest()

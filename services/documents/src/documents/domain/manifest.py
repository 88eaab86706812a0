"""The manifest: exactly what is decided on, in one canonical form, and its hash.

A decision names the hash, so neither text nor attachments nor recipients can be swapped under it. The form is JSON with
sorted keys, without blanks, in UTF-8; lists keep their order, since the order of recipients and attachments is meant.

What says nothing beyond form 1 is still written in form 1, so every hash that was ever decided on stays what it was; the
first field says which form it is, so no two manifests share one.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

FORM, WIDER_FORM = 1, 2


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """An attachment by content and name. sha256: hexadecimal. size: bytes."""

    sha256: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a decision is about. recipients: code, printed name and whether for reference.

    kind: of the document; 0 and 1 are both the general one. seal_kind: what stands beside the sender's name. reading: range,
    limit and its day (열람범위, 열람제한). joint: codes of the other agencies (공동기안). companions: hashes in hexadecimal of
    the manifests decided by the same act (일괄기안), in their order.
    """

    title: str
    body: str
    attachments: Sequence[AttachedFile]
    recipients: Sequence[tuple[str, str, bool]]
    sender_name: str
    disclosure: tuple[int, Sequence[int], str]
    task_code: str
    kind: int = 0
    seal_kind: int = 0
    reading: tuple[int, int, str] = (0, 0, "")
    joint: Sequence[str] = ()
    companions: Sequence[str] = ()

    def canonical(self) -> bytes:
        """The bytes that are hashed; the body stands in them by its own hash."""
        level, items, reason = self.disclosure
        values: dict[str, Any] = {
            "form": FORM,
            "title": self.title,
            "body_sha256": hashlib.sha256(self.body.encode()).hexdigest(),
            "attachments": [[file.sha256, file.name, file.size] for file in self.attachments],
            "recipients": [list(recipient) for recipient in self.recipients],
            "sender_name": self.sender_name,
            "disclosure": [level, sorted(items), reason],
            "task": self.task_code,
        }
        wider = self._wider()
        if any(wider.values()):
            values |= wider | {"form": WIDER_FORM, "reading": list(self.reading)}
        return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    def _wider(self) -> dict[str, Any]:
        """What form 1 had no place for; all empty: nothing was said."""
        return {
            "kind": 0 if self.kind == 1 else self.kind,
            "seal_kind": self.seal_kind,
            "reading": any(self.reading),
            "joint": list(self.joint),
            "companions": list(self.companions),
        }


def hash_of(canonical: bytes) -> bytes:
    """SHA-256 of a manifest's canonical form, 32 bytes."""
    return hashlib.sha256(canonical).digest()


def companions_of(canonical: bytes) -> Sequence[str]:
    """Hashes in hexadecimal that a stored manifest names as decided with it."""
    return list(json.loads(canonical).get("companions", ()))

"""Private keys: one file each in a folder only the service may read. Their public halves are replicated."""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from chassis.ids import uuid7


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made: its private half is in the folder already."""

    key_id: str
    public_key: bytes


class KeyFolder:
    """The folder of private keys; made when missing. Files: <key id>.key, 32 raw bytes, mode 0600."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def make(self) -> NewKey:
        """Makes a key and stores its private half, whole or not at all."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        key_id = f"key-{uuid7()}"
        private = Ed25519PrivateKey.generate()
        secret = private.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
        # mkstemp opens with mode 0600: at no moment can anybody else read it.
        handle, name = tempfile.mkstemp(dir=self._folder)
        with os.fdopen(handle, "wb") as file:
            file.write(secret)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(self._path(key_id))
        return NewKey(key_id, private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))

    def holds(self, key_id: str) -> bool:
        """True when the private half is here."""
        return self._path(key_id).is_file()

    def read(self, key_id: str) -> bytes:
        """The 32 raw bytes of the private half; raises FileNotFoundError."""
        return self._path(key_id).read_bytes()

    def remove(self, key_id: str) -> None:
        """Deletes the private half: nothing can be signed with it any more."""
        self._path(key_id).unlink(missing_ok=True)

    def _path(self, key_id: str) -> Path:
        return self._folder / f"{Path(key_id).name}.key"


class KeyRing:
    """Public keys that are trusted now, in memory: asked on every call, refreshed beside."""

    def __init__(self) -> None:
        self._keys: Mapping[str, bytes] = {}

    def find(self, key_id: str) -> bytes | None:
        """The raw public key; None when it is unknown or no longer trusted."""
        return self._keys.get(key_id)

    def replace(self, keys: Mapping[str, bytes]) -> None:
        """Takes what is trusted from now on."""
        self._keys = dict(keys)

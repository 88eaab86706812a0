"""Sealing of small values that travel through the browser: encrypted, signed, dated. The browser can neither read nor change them."""

import base64
import hashlib
import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken


class Seal:
    """Turns a JSON-able value into an opaque text and back (Fernet: AES-128-CBC with HMAC-SHA256 and a date)."""

    def __init__(self, secret: str) -> None:
        self._fernet = Fernet(base64.urlsafe_b64encode(hashlib.sha256(secret.encode()).digest()))

    def close(self, value: Any) -> str:
        """The sealed text."""
        return self._fernet.encrypt(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()).decode()

    def open(self, text: str, *, max_age: int) -> Any:
        """The value, or None when the text is foreign, damaged or older than ``max_age`` seconds."""
        try:
            return json.loads(self._fernet.decrypt(text.encode(), ttl=max_age))
        except (InvalidToken, ValueError):
            return None

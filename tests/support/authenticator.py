"""A passkey device in software: answers WebAuthn options as a browser with an authenticator would.

Options as JSON -> ``make`` (registration) or ``prove`` (assertion) -> credential as JSON. CBOR and COSE are written here by
hand, so that what the product reads them with is not what wrote them. Flags and counters can be set wrong on purpose.
"""

import base64
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

ORIGIN = "http://localhost:8080"
ES256, EDDSA = -7, -8
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40
Cbor: TypeAlias = "int | bytes | str | Mapping[Any, Cbor]"


@dataclass
class Key:
    """One credential. counter: uses so far; stays 0 on devices that do not count."""

    private: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
    user_handle: bytes
    rp_id: str
    credential_id: bytes = field(default_factory=lambda: os.urandom(16))
    counter: int = 0

    @property
    def id(self) -> str:
        """Credential id, base64url without padding: what the product calls passkey_id."""
        return b64(self.credential_id)

    @property
    def cose(self) -> bytes:
        """Public key as a COSE key (RFC 9053)."""
        public = self.private.public_key()
        if isinstance(public, ed25519.Ed25519PublicKey):
            return cbor({1: 1, 3: EDDSA, -1: 6, -2: public.public_bytes_raw()})
        numbers = public.public_numbers()
        return cbor({1: 2, 3: ES256, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")})

    def sign(self, content: bytes) -> bytes:
        """Signature over bytes, in the form WebAuthn wants for the algorithm."""
        if isinstance(self.private, ed25519.Ed25519PrivateKey):
            return self.private.sign(content)
        return self.private.sign(content, ec.ECDSA(hashes.SHA256()))


@dataclass
class SoftAuthenticator:
    """One device. verifies: it asked for a finger or a PIN. counts: it counts uses. algorithm: ES256 or EDDSA.

    embedded: the page that asked stood inside a page of another site.
    """

    verifies: bool = True
    counts: bool = True
    algorithm: int = ES256
    embedded: bool = False
    keys: list[Key] = field(default_factory=list)

    def make(self, options_json: str, origin: str = ORIGIN) -> str:
        """Makes a key for registration options; answers the credential as JSON."""
        options = json.loads(options_json)
        private = (
            ed25519.Ed25519PrivateKey.generate() if self.algorithm == EDDSA else ec.generate_private_key(ec.SECP256R1())
        )
        key = Key(private, unb64(options["user"]["id"]), options["rp"]["id"])
        self.keys.append(key)
        length = len(key.credential_id).to_bytes(2, "big")
        attested = b"onnara-soft-auth" + length + key.credential_id + key.cose
        data = self._authenticator_data(key, ATTESTED) + attested
        response = {
            "clientDataJSON": b64(client_data("webauthn.create", options["challenge"], origin, embedded=self.embedded)),
            "attestationObject": b64(cbor({"fmt": "none", "attStmt": {}, "authData": data})),
            "transports": ["internal"],
        }
        return credential(key, response)

    def prove(self, options_json: str, origin: str = ORIGIN) -> str:
        """Signs authentication options with the newest key they allow; answers the assertion as JSON."""
        options = json.loads(options_json)
        allowed = {entry["id"] for entry in options.get("allowCredentials") or ()}
        fitting = [key for key in self.keys if key.rp_id == options["rpId"] and (not allowed or key.id in allowed)]
        key = fitting[-1]
        if self.counts:
            key.counter += 1
        data = self._authenticator_data(key)
        said = client_data("webauthn.get", options["challenge"], origin, embedded=self.embedded)
        response = {
            "clientDataJSON": b64(said),
            "authenticatorData": b64(data),
            "signature": b64(key.sign(data + hashlib.sha256(said).digest())),
            "userHandle": b64(key.user_handle),
        }
        return credential(key, response)

    def copy(self) -> "SoftAuthenticator":
        """A clone with the same keys and counters, as a thief would have it."""
        return replace(self, keys=[replace(key) for key in self.keys])

    def _authenticator_data(self, key: Key, flags: int = 0) -> bytes:
        flags |= PRESENT | (VERIFIED if self.verifies else 0)
        return hashlib.sha256(key.rp_id.encode()).digest() + bytes([flags]) + key.counter.to_bytes(4, "big")


def client_data(kind: str, challenge: str, origin: str, *, embedded: bool = False) -> bytes:
    """What the browser says of the ceremony (CollectedClientData)."""
    return json.dumps({"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": embedded}).encode()


def credential(key: Key, response: Mapping[str, Any]) -> str:
    """PublicKeyCredential as JSON."""
    content = {"id": key.id, "rawId": key.id, "type": "public-key", "clientExtensionResults": {}, "response": response}
    return json.dumps(content | {"authenticatorAttachment": "platform"})


def b64(content: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    """Bytes of base64url, padded or not."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def cbor(value: Cbor) -> bytes:
    """The few kinds of CBOR (RFC 8949) that WebAuthn needs."""
    match value:
        case int():
            return _head(0, value) if value >= 0 else _head(1, -1 - value)
        case bytes():
            return _head(2, len(value)) + value
        case str():
            return _head(3, len(value.encode())) + value.encode()
        case _:
            return _head(5, len(value)) + b"".join(cbor(key) + cbor(entry) for key, entry in value.items())


def _head(major: int, count: int) -> bytes:
    if count < 24:
        return bytes([major << 5 | count])
    for info, size in ((24, 1), (25, 2), (26, 4)):
        if count < 1 << 8 * size:
            return bytes([major << 5 | info]) + count.to_bytes(size, "big")
    raise ValueError(count)

"""Who acts: one official in one capacity, or one system, and the short-lived signed token that says so to every service.

``directory`` issues a token -> gateway or system sends it with each call -> ``rpc`` verifies it -> ``Actor`` in the handler
-> journal and message headers as provenance. A token holds who and in which capacity; grants are never inside, because
hundreds of them would not fit into a call's metadata.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, TypeAlias

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from chassis.clock import Clock
from chassis.errors import ForbiddenError

Strength: TypeAlias = Literal["password", "passkey", "system"]

LIFETIME = timedelta(minutes=5)
ALGORITHM = "EdDSA"
_STRENGTHS: Mapping[str, Strength] = {"password": "password", "passkey": "passkey", "system": "system"}


@dataclass(frozen=True, slots=True)
class Actor:
    """One official in one capacity, or one system.

    agency_id: the stable tenant id, not a code. department_code: 7 characters, as valid at the time of acting.
    position: rank or post as a signature cell shows it (직위). acting_for: official a deputy acts for (대결), empty for
    oneself. system: name of the system, empty for a person. roles: of this capacity, a handful.
    """

    official_id: str
    appointment_id: str
    post_id: str
    agency_id: str
    department_code: str
    name: str
    position: str
    acting_for: str = ""
    strength: Strength = "password"
    system: str = ""
    roles: frozenset[str] = frozenset()

    def to_dict(self) -> dict[str, Any]:
        """JSON-able form for the journal and for message headers; empty values are left out."""
        values = {field.name: getattr(self, field.name) for field in fields(self) if getattr(self, field.name)}
        if self.roles:
            values["roles"] = sorted(self.roles)
        return values

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Actor":
        """The actor a dict stands for; unknown keys are ignored, so that old and new code read each other.

        Raises ValueError when a value has the wrong type or the strength is unknown.
        """
        strength = _STRENGTHS.get(str(values.get("strength", "")))
        if strength is None:
            raise ValueError("unknown strength")
        texts = {name: values.get(name, "") for name in _TEXTS}
        roles = values.get("roles", ())
        if not isinstance(roles, list | tuple) or not all(isinstance(text, str) for text in (*texts.values(), *roles)):
            raise ValueError("an actor is made of texts")
        return cls(**texts, strength=strength, roles=frozenset(roles))

    @property
    def is_system(self) -> bool:
        """True when no person stands behind the action."""
        return self.strength == "system"


_TEXTS = tuple(field.name for field in fields(Actor) if field.name not in {"strength", "roles"})

ANONYMOUS = Actor("", "", "", "", "", "", "")
"""Nobody: the caller of a method that is open to all. It names no official, no system and no agency."""


def system_actor(name: str, agency_id: str = "") -> Actor:
    """A system acting in its own name; agency_id only when it speaks for one agency."""
    return Actor("", "", "", agency_id, "", name, "", strength="system", system=name)


@dataclass(frozen=True, slots=True)
class Claims:
    """What a verified token says. appointment_version: lets a service refuse a capacity that has since ended."""

    actor: Actor
    appointment_version: int
    expires_at: datetime
    key_id: str


class TokenSigner:
    """Issues tokens with one Ed25519 key; ``private_key`` is its 32 raw bytes."""

    def __init__(self, key_id: str, private_key: bytes) -> None:
        self.key_id = key_id
        self._key = Ed25519PrivateKey.from_private_bytes(private_key)

    @property
    def public_key(self) -> bytes:
        """The 32 raw bytes verifiers need, published through the directory's replica."""
        return self._key.public_key().public_bytes_raw()

    def issue(
        self,
        actor: Actor,
        audience: str | Sequence[str],
        now: datetime,
        ttl: timedelta = LIFETIME,
        *,
        appointment_version: int = 0,
    ) -> str:
        """A compact JWT for one capacity. audience: the installation, or the services that may accept it."""
        claims = {
            "aud": audience if isinstance(audience, str) else list(audience),
            "iat": int(now.timestamp()),
            "exp": int((now + ttl).timestamp()),
            "act": actor.to_dict(),
            "apv": appointment_version,
        }
        return jwt.encode(claims, self._key, algorithm=ALGORITHM, headers={"kid": self.key_id})


class TokenVerifier:
    """Turns tokens into actors; remembers verified ones until they end, because a signature check costs 100 us or more.

    find_key: raw public key by key id, None when unknown; two keys may be live. It is asked on every call, so that a key
    that is withdrawn stops counting at once. leeway: how far the clocks of machines may differ.
    """

    def __init__(
        self,
        find_key: Callable[[str], bytes | None],
        audience: str,
        clock: Clock,
        *,
        leeway: timedelta = timedelta(seconds=2),
        remembered: int = 10_000,
    ) -> None:
        self._find_key = find_key
        self._audience = audience
        self._clock = clock
        self._leeway = leeway.total_seconds()
        self._remembered = remembered
        # token -> (claims, end in epoch seconds, key it was verified with)
        self._known: dict[str, tuple[Claims, float, bytes]] = {}

    def verify(self, token: str) -> Actor:
        """The actor of a token. Raises ForbiddenError, see ``claims``."""
        return self.claims(token).actor

    def claims(self, token: str) -> Claims:
        """All a token says.

        Raises ForbiddenError: token-missing, token-invalid, token-key-unknown, token-audience, token-expired.
        """
        known = self._known.get(token)
        if known is None:
            known = self._verify(token)
            self._remember(token, known)
        claims, end, key = known
        if end <= self._clock.now().timestamp():
            self._known.pop(token, None)
            raise ForbiddenError("token-expired")
        if self._find_key(claims.key_id) != key:
            self._known.pop(token, None)
            raise ForbiddenError("token-key-unknown", params={"key": claims.key_id})
        return claims

    def _remember(self, token: str, known: tuple[Claims, float, bytes]) -> None:
        while len(self._known) >= self._remembered:
            # Insertion order is nearly the order of expiry, as all tokens live equally long.
            self._known.pop(next(iter(self._known)))
        self._known[token] = known

    def _verify(self, token: str) -> tuple[Claims, float, bytes]:
        if not token:
            raise ForbiddenError("token-missing")
        try:
            key_id = jwt.get_unverified_header(token).get("kid")
        except jwt.InvalidTokenError as error:
            raise ForbiddenError("token-invalid") from error
        key = self._find_key(key_id) if isinstance(key_id, str) else None
        if not isinstance(key_id, str) or key is None:
            raise ForbiddenError("token-key-unknown", params={"key": key_id})
        try:
            content = jwt.decode(token, Ed25519PublicKey.from_public_bytes(key), [ALGORITHM], options=_SIGNATURE_ONLY)
            actor = Actor.from_dict(content["act"])
            end = float(content["exp"])
            version = int(content["apv"])
            audience = content["aud"]
        except (jwt.InvalidTokenError, KeyError, TypeError, ValueError, AttributeError) as error:
            raise ForbiddenError("token-invalid") from error
        if self._audience not in ([audience] if isinstance(audience, str) else audience):
            raise ForbiddenError("token-audience", params={"expected": self._audience})
        return Claims(actor, version, datetime.fromtimestamp(end, UTC), key_id), end + self._leeway, key


# Times are compared with the injected clock and the audience has a code of its own, so the library checks neither.
_SIGNATURE_ONLY: Any = {"verify_exp": False, "verify_nbf": False, "verify_iat": False, "verify_aud": False}

"""Tokens say who acts in which capacity, for five minutes, to those they name."""

import base64
import json
from datetime import UTC, datetime, timedelta

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from chassis.actor import ANONYMOUS, Actor, TokenSigner, TokenVerifier, system_actor
from chassis.clock import FrozenClock
from chassis.errors import ForbiddenError

NOW = datetime(2026, 5, 11, 1, 0, tzinfo=UTC)
KIM = Actor(
    "o-1",
    "ap-1",
    "p-1",
    "a-1",
    "1741000",
    "김한결",
    "행정사무관",
    strength="passkey",
    roles=frozenset({"drafter", "clerk"}),
)
OLD, NEW = TokenSigner("k1", b"1" * 32), TokenSigner("k2", b"2" * 32)
KEYS = {"k1": OLD.public_key, "k2": NEW.public_key}

texts = st.text(max_size=20)
actors = st.builds(
    Actor, texts, texts, texts, texts, texts, texts, texts,
    acting_for=texts, strength=st.sampled_from(["password", "passkey", "system"]), system=texts, roles=st.frozensets(texts, max_size=5),
)  # fmt: skip


def verifier(clock: FrozenClock | None = None, keys: dict[str, bytes] | None = None) -> TokenVerifier:
    return TokenVerifier((KEYS if keys is None else keys).get, "onnara", clock or FrozenClock(NOW))


@given(actors)
def test_an_actor_survives_json(actor: Actor) -> None:
    assert Actor.from_dict(json.loads(json.dumps(actor.to_dict()))) == actor


def test_an_actor_of_another_release_is_read() -> None:
    assert Actor.from_dict({**KIM.to_dict(), "grade": "5"}) == KIM
    assert Actor.from_dict({"strength": "system", "system": "adapters/enara"}).is_system
    for values in (
        {},
        {"strength": "fingerprint"},
        {"strength": "password", "name": 7},
        {"strength": "password", "roles": "x"},
    ):
        with pytest.raises(ValueError):
            Actor.from_dict(values)


def test_systems_and_nobody() -> None:
    system = system_actor("adapters/enara", "a-1")
    assert (system.is_system, system.system, system.agency_id, system.official_id) == (
        True,
        "adapters/enara",
        "a-1",
        "",
    )
    assert (ANONYMOUS.is_system, ANONYMOUS.agency_id) == (False, "")


@given(actors)
def test_a_token_says_who_signed_it_in(actor: Actor) -> None:
    claims = verifier().claims(OLD.issue(actor, ["onnara", "other"], NOW, appointment_version=7))
    assert (claims.actor, claims.appointment_version, claims.key_id) == (actor, 7, "k1")
    assert claims.expires_at == NOW + timedelta(minutes=5)


def test_two_keys_are_live() -> None:
    check = verifier()
    assert check.verify(OLD.issue(KIM, "onnara", NOW)) == check.verify(NEW.issue(KIM, "onnara", NOW)) == KIM


def refused(check: TokenVerifier, token: str) -> str:
    with pytest.raises(ForbiddenError) as caught:
        check.verify(token)
    return caught.value.code


def forged(headers: dict[str, str], claims: dict[str, object], key: object, algorithm: str) -> str:
    return jwt.encode(claims, key, algorithm=algorithm, headers=headers)  # type: ignore[arg-type]


def test_what_is_refused() -> None:
    check = verifier()
    good = OLD.issue(KIM, "onnara", NOW)
    head, _, signature = good.split(".")
    claims = jwt.decode(good, options={"verify_signature": False})
    changed = base64.urlsafe_b64encode(json.dumps({**claims, "apv": 9}).encode()).decode().rstrip("=")
    assert refused(check, "") == "token-missing"
    assert refused(check, "nonsense") == "token-invalid"
    assert refused(check, f"{head}.{changed}.{signature}") == "token-invalid"
    assert refused(check, TokenSigner("k1", b"3" * 32).issue(KIM, "onnara", NOW)) == "token-invalid"
    assert refused(check, TokenSigner("k3", b"3" * 32).issue(KIM, "onnara", NOW)) == "token-key-unknown"
    assert refused(check, OLD.issue(KIM, "elsewhere", NOW)) == "token-audience"
    assert refused(check, OLD.issue(KIM, "onnara", NOW - timedelta(minutes=6))) == "token-expired"


def test_other_algorithms_and_incomplete_tokens_are_refused() -> None:
    check = verifier()
    claims = jwt.decode(OLD.issue(KIM, "onnara", NOW), options={"verify_signature": False})
    private = Ed25519PrivateKey.from_private_bytes(b"1" * 32)
    assert refused(check, forged({"kid": "k1"}, claims, "", "none")) == "token-invalid"
    # The public key used as a shared secret.
    assert refused(check, forged({"kid": "k1"}, claims, KEYS["k1"], "HS256")) == "token-invalid"
    for missing in ("act", "exp", "apv", "aud"):
        rest = {name: value for name, value in claims.items() if name != missing}
        assert refused(check, forged({"kid": "k1"}, rest, private, "EdDSA")) == "token-invalid"
    assert refused(check, forged({"kid": "k1"}, {**claims, "act": "me"}, private, "EdDSA")) == "token-invalid"
    assert refused(check, forged({}, claims, private, "EdDSA")) == "token-key-unknown"


def test_a_remembered_token_ends_in_time_and_with_its_key() -> None:
    clock, keys = FrozenClock(NOW), dict(KEYS)
    check = verifier(clock, keys)
    token = OLD.issue(KIM, "onnara", NOW)
    assert check.verify(token) == check.verify(token) == KIM
    clock.advance(timedelta(minutes=5))
    assert check.verify(token) == KIM, "clocks of machines differ by a second or two"
    clock.advance(timedelta(seconds=2))
    assert refused(check, token) == refused(check, token) == "token-expired"
    token = OLD.issue(KIM, "onnara", clock.now())
    check.verify(token)
    del keys["k1"]
    assert refused(check, token) == refused(check, token) == "token-key-unknown"
    keys["k1"] = KEYS["k2"]
    assert refused(check, token) == "token-invalid"


def test_only_so_many_are_remembered() -> None:
    looked_up: list[str] = []

    def find(key_id: str) -> bytes | None:
        looked_up.append(key_id)
        return KEYS.get(key_id)

    check = TokenVerifier(find, "onnara", FrozenClock(NOW), remembered=3)
    tokens = [OLD.issue(KIM, "onnara", NOW + timedelta(seconds=number)) for number in range(10)]
    for token in (*tokens, *tokens):
        assert check.verify(token) == KIM
    assert len(check._known) == 3
    looked_up.clear()
    check.verify(tokens[-1])
    check.verify(tokens[0])
    assert len(looked_up) == 1 + 2, "a remembered token asks for its key once, a new one to verify and to compare"


def test_the_public_key_is_raw() -> None:
    private = Ed25519PrivateKey.from_private_bytes(b"1" * 32)
    raw = private.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    assert OLD.public_key == raw
    assert len(raw) == 32

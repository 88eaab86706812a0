"""What comes from browsers: whatever it is, it is refused with a code or proves a key."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.authenticator import ORIGIN, SoftAuthenticator, b64, cbor, unb64

from chassis.errors import ForbiddenError, OnnaraError
from directory.ports.passkeys import Passkeys


def test_without_origins_there_are_no_passkeys():
    with pytest.raises(ForbiddenError, match="passkeys-not-set-up"):
        Passkeys("localhost", ()).require_origins()


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_whatever_a_browser_sends_is_refused_with_a_code(data):
    port = Passkeys("localhost", ("http://localhost:*",))
    device = SoftAuthenticator()
    device.make(port.registration_options(b"c" * 32, b"u" * 16, "login", "name", ()), ORIGIN)
    good = json.loads(device.prove(port.sign_in_options(b"c" * 32)))
    cose = device.keys[0].cose
    assert port.proven(port.read(json.dumps(good)), cose) == 1
    place = data.draw(st.sampled_from(["clientDataJSON", "authenticatorData", "signature", "userHandle", "id", "all"]))
    junk = data.draw(
        st.none() | st.text(max_size=30) | st.integers() | st.binary(max_size=90).map(b64) | st.lists(st.none())
    )
    if place == "all":
        text = data.draw(st.text(max_size=60) | st.just(json.dumps(junk)))
    elif place == "id":
        text = json.dumps(good | {"id": junk})
    else:
        text = json.dumps(good | {"response": good["response"] | {place: junk}})
    allowed = {"passkey-answer-malformed", "passkey-refused"} | ({1} if place == "userHandle" else set())
    assert outcome(port, text, cose) in allowed


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 150), st.integers(1, 255))
def test_a_damaged_key_is_not_registered(junk, place, change):
    port = Passkeys("localhost", ("http://localhost:*",))
    good = json.loads(SoftAuthenticator().make(port.registration_options(b"c" * 32, b"u" * 16, "login", "name", ())))
    for damaged in (junk, cbor({"fmt": "none", "attStmt": {}, "authData": junk})):
        text = json.dumps(good | {"response": good["response"] | {"attestationObject": b64(damaged)}})
        with pytest.raises(ForbiddenError, match="passkey-refused"):
            port.made(port.read(text))
    whole = bytearray(unb64(good["response"]["attestationObject"]))
    # Flags and the hash of the site stand at the front of the authenticator data, behind 30 bytes of CBOR.
    whole[30 + place % 32] ^= change
    text = json.dumps(good | {"response": good["response"] | {"attestationObject": b64(bytes(whole))}})
    with pytest.raises(ForbiddenError, match="passkey-refused"):
        port.made(port.read(text))


def outcome(port: Passkeys, text: str, cose: bytes) -> str | int:
    try:
        return port.proven(port.read(text), cose)
    except OnnaraError as error:
        return error.code

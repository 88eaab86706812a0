"""WebAuthn as the library py_webauthn does it: options for a browser to sign a root, and whether its answer is a signature.

root and registered passkeys -> options JSON -> browser -> credential JSON -> ``verify``. Sign counters are not looked at: the
directory keeps them, and what is signed here names the version it is about, so an old signature is worth nothing.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from webauthn import generate_authentication_options, options_to_json, verify_authentication_response
from webauthn.helpers import base64url_to_bytes, parse_client_data_json
from webauthn.helpers.structs import PublicKeyCredentialDescriptor, UserVerificationRequirement

LARGEST_ANSWER = 16 << 10
_ANY_PORT = re.compile(r"(?P<site>https?://localhost):\*")


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """Whose passkeys are taken. rp_id: domain they belong to. origins: of the pages that may ask.

    ``http://localhost:*`` stands for any port: nobody else can serve pages there, and browsers bind keys to that name.
    """

    rp_id: str = "localhost"
    origins: tuple[str, ...] = ("http://localhost:*",)

    def takes(self, origin: str) -> bool:
        """True when a page of this origin may have asked."""
        return any(_fits(origin, entry) for entry in self.origins)


def _fits(origin: str, entry: str) -> bool:
    found = _ANY_PORT.fullmatch(entry)
    if found is None:
        return origin == entry
    return re.fullmatch(re.escape(found["site"]) + "(:[0-9]{1,5})?", origin) is not None


@dataclass(frozen=True, slots=True)
class Assertion:
    """A browser's answer, read but not yet believed. embedded: made inside a page of another site."""

    credential: dict[str, Any]
    passkey_id: str
    origin: str
    embedded: bool


def options(party: RelyingParty, root: bytes, passkey_ids: Iterable[str]) -> str:
    """What ``navigator.credentials.get`` is called with, as JSON: sign the root with one of these, and show it is you."""
    found = generate_authentication_options(
        rp_id=party.rp_id,
        challenge=root,
        allow_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(each)) for each in passkey_ids],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(found)


def read(credential_json: str) -> Assertion:
    """Reads an answer. Raises ValueError when it is none."""
    if len(credential_json) > LARGEST_ANSWER or "\0" in credential_json:
        raise ValueError("too large")
    try:
        credential = json.loads(credential_json)
        said = parse_client_data_json(base64url_to_bytes(credential["response"]["clientDataJSON"]))
        return Assertion(credential, str(credential["id"]), said.origin, bool(said.cross_origin))
    except Exception as error:
        # Whatever a stranger may send: the library names its errors differently for each kind of nonsense.
        raise ValueError("unreadable") from error


def verify(assertion: Assertion, rp_id: str, root: bytes, public_key: bytes) -> None:
    """Returns when the key signed the root, with its owner present and verified. Raises ValueError else.

    The origin is not judged here: see ``RelyingParty.takes``.
    """
    try:
        verify_authentication_response(
            credential=assertion.credential,
            expected_challenge=root,
            expected_rp_id=rp_id,
            expected_origin=assertion.origin,
            credential_public_key=public_key,
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except Exception as error:
        raise ValueError("not signed") from error

"""WebAuthn as the library py_webauthn does it: options for browsers, and what a browser's answer proves.

Everything comes from outside, so whatever the library cannot read or verify is refused with one code; why goes to the log,
which names no content.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, parse_client_data_json
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from chassis.errors import ForbiddenError, InvalidError
from directory.domain.passkeys import CHALLENGE_LIFETIME, origin_taken

LARGEST_ANSWER = 16 << 10
CHALLENGE_BYTES = 32
_ID = re.compile(r"[A-Za-z0-9_-]{1,1400}")
_MILLISECONDS = int(CHALLENGE_LIFETIME.total_seconds() * 1000)
_REFUSED = "passkey-refused"

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """A browser's answer, read but not yet believed. passkey_id: base64url. embedded: made inside a page of another site.

    user_handle: empty when the device told none.
    """

    credential: dict[str, Any]
    passkey_id: str
    challenge: bytes
    origin: str
    embedded: bool
    user_handle: bytes


@dataclass(frozen=True, slots=True)
class Made:
    """A new passkey, verified. public_key: COSE."""

    passkey_id: str
    public_key: bytes
    sign_count: int


class Passkeys:
    """Ceremonies of one relying party. rp_id: domain of the pages. origins: from which answers are taken."""

    def __init__(self, rp_id: str, origins: Sequence[str], name: str = "Onnara") -> None:
        self._rp_id = rp_id
        self._origins = tuple(origins)
        self._name = name

    def require_origins(self) -> None:
        """Raises ForbiddenError where no origin is set, as then no passkey could be verified."""
        if not self._origins:
            raise ForbiddenError("passkeys-not-set-up")

    def registration_options(
        self, challenge: bytes, user_id: bytes, login: str, name: str, known: Sequence[str]
    ) -> str:
        """Options for ``navigator.credentials.create``: a key that the device finds by itself and guards by finger or PIN."""
        options = generate_registration_options(
            rp_id=self._rp_id,
            rp_name=self._name,
            user_id=user_id,
            user_name=login,
            user_display_name=name,
            challenge=challenge,
            timeout=_MILLISECONDS,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(entry)) for entry in known],
        )
        return options_to_json(options)

    def sign_in_options(self, challenge: bytes) -> str:
        """Options for ``navigator.credentials.get``; they name no key, so they tell nobody who has one."""
        options = generate_authentication_options(
            rp_id=self._rp_id,
            challenge=challenge,
            timeout=_MILLISECONDS,
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        return options_to_json(options)

    def read(self, credential_json: str) -> Answer:
        """Reads an answer; raises InvalidError when it is none."""
        if len(credential_json) > LARGEST_ANSWER:
            raise InvalidError("passkey-answer-malformed", field="credential_json")
        try:
            credential = json.loads(credential_json)
            response = credential["response"]
            said = parse_client_data_json(base64url_to_bytes(response["clientDataJSON"]))
            handle = response.get("userHandle") or ""
            return Answer(
                credential=credential,
                passkey_id=_id(credential),
                challenge=said.challenge,
                origin=said.origin,
                embedded=bool(said.cross_origin),
                user_handle=base64url_to_bytes(handle),
            )
        except Exception as error:
            raise InvalidError("passkey-answer-malformed", field="credential_json") from error

    def made(self, answer: Answer) -> Made:
        """What a new key's answer proves; raises ForbiddenError."""
        try:
            found = verify_registration_response(
                credential=answer.credential,
                expected_challenge=answer.challenge,
                expected_rp_id=self._rp_id,
                expected_origin=self._origin(answer),
                require_user_verification=True,
            )
        except Exception as error:
            raise _refused("registration", error) from error
        return Made(bytes_to_base64url(found.credential_id), found.credential_public_key, found.sign_count)

    def proven(self, answer: Answer, public_key: bytes) -> int:
        """Number of uses the device tells, when its signature is right; raises ForbiddenError.

        Whether that number goes on from the last one is for the caller to judge, once the signature holds.
        """
        try:
            found = verify_authentication_response(
                credential=answer.credential,
                expected_challenge=answer.challenge,
                expected_rp_id=self._rp_id,
                expected_origin=self._origin(answer),
                credential_public_key=public_key,
                credential_current_sign_count=0,
                require_user_verification=True,
            )
        except Exception as error:
            raise _refused("sign-in", error) from error
        return found.new_sign_count

    def _origin(self, answer: Answer) -> str:
        # Our screens are never shown inside other sites, so an answer from there was lured out of somebody.
        if answer.embedded or not origin_taken(answer.origin, self._origins):
            raise ValueError("origin")
        return answer.origin


def _id(credential: dict[str, Any]) -> str:
    # It goes into the database before anything is verified.
    if not _ID.fullmatch(credential["id"]):
        raise ValueError("id")
    return str(credential["id"])


def _refused(ceremony: str, error: Exception) -> ForbiddenError:
    logger.warning("passkey-refused", ceremony=ceremony, error=type(error).__name__)
    return ForbiddenError(_REFUSED, field="credential_json")

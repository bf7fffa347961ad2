"""Field token v1: text sealed for one clinic, field and row.

version 1 ‖ suite 1 ‖ key id 16 ‖ salt 32 ‖ commitment 32 ‖ ciphertext and tag n + 16
"""

import os
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from vault.derive import SALT_BYTES, SUITE, TAG_BYTES, VERSION, Place, context_of, derive, refuse_other_key
from vault.errors import Damaged

PREFIX: Final = bytes([VERSION, SUITE])
HEADER_BYTES: Final = 82
OVERHEAD: Final = HEADER_BYTES + TAG_BYTES
# Each token has a key of its own, derived from a random salt, so its one nonce is never used twice.
NONCE: Final = bytes(12)


def seal(key: bytes, key_id: UUID, place: Place, plain: bytes, *, salt: bytes | None = None) -> bytes:
    """The text as a token; `salt` is for the published vector only."""
    salt = os.urandom(SALT_BYTES) if salt is None else salt
    context = context_of(place, key_id.bytes)
    message_key, commitment = derive(key, salt, PREFIX + context)
    header = PREFIX + key_id.bytes + salt + commitment
    return header + AESGCM(message_key).encrypt(NONCE, plain, header + context)


def open_token(key: bytes, place: Place, token: bytes) -> bytes:
    """The text, if this token was sealed by this key for this place; Damaged otherwise."""
    _refuse_other_form(token)
    header = token[:HEADER_BYTES]
    context = context_of(place, header[2:18])
    message_key, expected = derive(key, header[18:50], PREFIX + context)
    refuse_other_key(header[50:82], expected)
    try:
        return AESGCM(message_key).decrypt(NONCE, token[HEADER_BYTES:], header + context)
    except InvalidTag:
        raise Damaged("the token was changed") from None


def key_id_of(token: bytes) -> UUID:
    """Which key opens the token."""
    _refuse_other_form(token)
    return UUID(bytes=token[2:18])


def _refuse_other_form(token: bytes) -> None:
    if len(token) < OVERHEAD:
        raise Damaged("the token was cut")
    if token[:2] != PREFIX:
        raise Damaged("not a token of this version")

"""Sealing what comes in while the vault is down.

An inbound STOP must be kept even when no key of the clinic can be had: neither its signature can be checked, nor its
number indexed, nor its text sealed under a key of the vault. Then, and only then, it is sealed under a key derived
from SECRET_KEY for the clinic, bound to its row like any token, and marked as not verified. Once the vault is back it
is opened, verified, applied and emptied, before any text leaves the clinic (messaging.inbound).

What that costs: for those minutes the text is as safe as SECRET_KEY, which is in no database and no backup.
"""

from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from core.context import require_clinic
from core.problems import Unavailable
from vault import tokens
from vault.derive import Place
from vault.secrets import open_secret, seal_secret
from vault.tags import registered

TAG: Final = registered("messaging.inbound.sealed/1")
# Stands in the token where the vault's keys have their id.
INTAKE_KEY: Final = UUID("00000000-0000-8000-8000-696e74616b65")


def seal(row: UUID, text: str) -> bytes:
    """Under the clinic's key; under the intake key while there is no vault."""
    try:
        return seal_secret(TAG, row, text)
    except Unavailable:
        return tokens.seal(_key(), INTAKE_KEY, _place(row), text.encode())


def open_sealed(row: UUID, sealed: bytes) -> str:
    if tokens.key_id_of(sealed) == INTAKE_KEY:
        return tokens.open_token(_key(), _place(row), sealed).decode()
    return open_secret(TAG, row, sealed)


def _place(row: UUID) -> Place:
    return Place(require_clinic().uid, TAG, row)


def _key() -> bytes:
    derivation = HKDF(
        algorithm=SHA256(), length=32, salt=require_clinic().uid.bytes, info=b"medspa/messaging/intake/1"
    )
    return derivation.derive(str(settings.SECRET_KEY).encode())

"""From a key to the one-message key and its commitment; shared by field tokens and photo containers."""

import hmac
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from vault.errors import Damaged

VERSION: Final = 0x01
SUITE: Final = 0x01  # AES-256-GCM / HKDF-SHA-512 / commit-32
KEY_BYTES: Final = 32
SALT_BYTES: Final = 32
COMMITMENT_BYTES: Final = 32
TAG_BYTES: Final = 16


@dataclass(frozen=True)
class Place:
    """Where a sealed thing lives: it opens nowhere else."""

    clinic: UUID
    tag: str
    row: UUID


def lp(*parts: bytes) -> bytes:
    """Each part after its length, so that no two lists of parts read the same."""
    return b"".join(len(part).to_bytes(2, "big") + part for part in parts)


def context_of(place: Place, key_id: bytes) -> bytes:
    return lp(b"msp1", place.clinic.bytes, place.tag.encode("ascii"), place.row.bytes, key_id)


def derive(key: bytes, salt: bytes, info: bytes) -> tuple[bytes, bytes]:
    """The key for this one message, and the commitment to it."""
    if len(key) != KEY_BYTES or len(salt) != SALT_BYTES:
        raise ValueError("key and salt are 32 bytes each")
    material = HKDF(algorithm=SHA512(), length=64, salt=salt, info=b"msp1/derive" + info).derive(key)
    return material[:32], material[32:]


def refuse_other_key(commitment: bytes, expected: bytes) -> None:
    """Before any decryption: a token that opens under two keys must open under none."""
    if not hmac.compare_digest(commitment, expected):
        raise Damaged("the commitment does not fit")

"""Wrapping: one key sealed by another, bound to what it is for."""

import os
from dataclasses import dataclass
from json.encoder import encode_basestring_ascii as _quoted
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from vault.errors import Damaged

IV_BYTES: Final = 12


@dataclass(frozen=True)
class KeyContext:
    """What a wrapped key is for; it unwraps for nothing else."""

    app: str
    env: str
    clinic: UUID
    kind: str
    key_id: UUID
    version: int

    def canonical(self) -> bytes:
        """Canonical JSON: sorted names, no spaces, ASCII. Made for every key that is unwrapped, hence by hand."""
        text = (
            f'{{"app":{_quoted(self.app)},"clinic":"{self.clinic}","env":{_quoted(self.env)}'
            f',"key_id":"{self.key_id}","kind":{_quoted(self.kind)},"version":{self.version}}}'
        )
        return text.encode("ascii")


def wrap(under: bytes, key: bytes, context: KeyContext) -> bytes:
    iv = os.urandom(IV_BYTES)
    return iv + AESGCM(under).encrypt(iv, key, context.canonical())


def unwrap(under: bytes, blob: bytes, context: KeyContext) -> bytes:
    try:
        return AESGCM(under).decrypt(blob[:IV_BYTES], blob[IV_BYTES:], context.canonical())
    except (InvalidTag, ValueError):
        raise Damaged("the wrapped key was changed, or is for something else") from None

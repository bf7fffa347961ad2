"""Wrapping: one key sealed by another, bound to what it is for."""

import json
import os
from dataclasses import asdict, dataclass
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
        parts = asdict(self) | {"clinic": str(self.clinic), "key_id": str(self.key_id)}
        return json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")


def wrap(under: bytes, key: bytes, context: KeyContext) -> bytes:
    iv = os.urandom(IV_BYTES)
    return iv + AESGCM(under).encrypt(iv, key, context.canonical())


def unwrap(under: bytes, blob: bytes, context: KeyContext) -> bytes:
    try:
        return AESGCM(under).decrypt(blob[:IV_BYTES], blob[IV_BYTES:], context.canonical())
    except (InvalidTag, ValueError):
        raise Damaged("the wrapped key was changed, or is for something else") from None

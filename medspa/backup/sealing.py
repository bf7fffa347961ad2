"""Encryption of a dump as it streams by: AES-256-GCM in chunks, none of which can be dropped, moved or swapped."""

import hashlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC: Final = b"MSBK\x01"
CHUNK: Final = 1 << 20
TAG: Final = 16
SALT: Final = 32


class Unreadable(ValueError):
    """Not what was written, or written under another key."""


class KeyProblem(ValueError):
    """There is no usable backup key."""


def make_key(path: Path) -> None:
    """A new key, 0600; refuses to replace one, since the backups it sealed would be lost."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(32) + "\n")
        file.flush()
        os.fsync(file.fileno())


def read_key(path: Path) -> bytes:
    try:
        if path.stat().st_mode & 0o077:
            raise KeyProblem(f"{path} may be read by others; it must be 0600.")
        key = bytes.fromhex(path.read_text().strip())
    except OSError as error:
        raise KeyProblem(f"The backup key {path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise KeyProblem(str(error) if isinstance(error, KeyProblem) else f"{path} holds no key.") from error
    if len(key) != 32:
        raise KeyProblem(f"{path} holds no key of 32 bytes.")
    return key


def derived(key: bytes, salt: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=f"msp-backup/1 {purpose}".encode()).derive(key)


def seal(source: IO[bytes], target: IO[bytes], key: bytes, name: str) -> tuple[str, int]:
    """Encrypt to the end of `source`; the SHA-256 and size of what was written."""
    header = MAGIC + secrets.token_bytes(SALT)
    cipher = AESGCM(derived(key, header[len(MAGIC) :], name))
    digest, size = hashlib.sha256(), 0
    for piece in [header]:
        target.write(piece)
        digest.update(piece)
        size += len(piece)
    chunk, number = _read(source), 0
    while True:
        following = _read(source) if chunk else b""
        sealed = cipher.encrypt(_nonce(number, final=not following), chunk, header)
        target.write(sealed)
        digest.update(sealed)
        size += len(sealed)
        if not following:
            return digest.hexdigest(), size
        chunk, number = following, number + 1


def opened(source: IO[bytes], key: bytes, name: str) -> Iterator[bytes]:
    """The clear chunks, each only after its tag was checked. Raises Unreadable."""
    header = source.read(len(MAGIC) + SALT)
    if not header.startswith(MAGIC) or len(header) != len(MAGIC) + SALT:
        raise Unreadable("this is no sealed dump")
    cipher = AESGCM(derived(key, header[len(MAGIC) :], name))
    chunk, number = source.read(CHUNK + TAG), 0
    while True:
        following = source.read(CHUNK + TAG)
        try:
            yield cipher.decrypt(_nonce(number, final=not following), chunk, header)
        except InvalidTag:
            raise Unreadable("the dump is damaged, or sealed under another backup key") from None
        if not following:
            return
        chunk, number = following, number + 1


def _nonce(number: int, *, final: bool) -> bytes:
    return bytes(7) + number.to_bytes(4, "big") + bytes([final])


def _read(source: IO[bytes]) -> bytes:
    """A whole chunk: a pipe gives what it has."""
    parts, missing = [], CHUNK
    while missing and (part := source.read(missing)):
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)

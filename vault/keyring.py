"""The keyring: the keys above all keys, outside of every database and backup. Needs no Django."""

import base64
import binascii
import json
import os
import secrets
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from vault import wrapping
from vault.derive import KEY_BYTES
from vault.errors import KeyringError
from vault.wrapping import KeyContext

MAX_WRAPS: Final = 2**24
FORMAT: Final = 1

# Counts one more wrap by a kid, for good, and says how many there are now.
WrapCounter = Callable[[str], int]


class Keyring(Protocol):
    def wrap(self, key: bytes, context: KeyContext) -> tuple[str, bytes]:
        """Which key wrapped it, and the blob."""

    def unwrap(self, kid: str, blob: bytes, context: KeyContext) -> bytes: ...

    def active_kid(self) -> str: ...

    def health(self) -> None:
        """Raises KeyringError when it could not wrap or unwrap."""


@dataclass(frozen=True)
class _Keys:
    active: str
    keys: dict[str, bytes] = field(repr=False)

    @classmethod
    def parse(cls, text: bytes) -> "_Keys":
        try:
            data = json.loads(text)
            keys = {kid: base64.b64decode(each, validate=True) for kid, each in data["keys"].items()}
            active = str(data["active"])
        except (ValueError, KeyError, TypeError, AttributeError, binascii.Error):
            raise KeyringError("the keyring cannot be read") from None
        if data.get("format") != FORMAT or active not in keys:
            raise KeyringError("the keyring has another format or no active key")
        if any(len(key) != KEY_BYTES for key in keys.values()):
            raise KeyringError("the keyring holds a key of the wrong size")
        return cls(active, keys)

    def as_bytes(self) -> bytes:
        keys = {kid: base64.b64encode(key).decode("ascii") for kid, key in self.keys.items()}
        return json.dumps({"format": FORMAT, "active": self.active, "keys": keys}, indent=1).encode("ascii")


def _uncounted(kid: str) -> int:
    raise KeyringError(f"{kid} must not wrap where wraps are not counted")


class LocalKeyring:
    """A file of mode 0600 with several keys, one of them active. Read anew each time: a rotation is seen."""

    def __init__(self, path: Path | str, count: WrapCounter = _uncounted) -> None:
        self.path = Path(path)
        self._count = count

    def __repr__(self) -> str:
        return "<LocalKeyring>"

    def __reduce__(self) -> str:
        raise TypeError("a keyring does not travel")

    @classmethod
    def create(cls, path: Path | str, count: WrapCounter = _uncounted) -> "LocalKeyring":
        """A new keyring with one key; refuses to replace one that is there."""
        ring = cls(path, count)
        ring.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        kid, key = _new_key()
        try:
            _write_new(ring.path, _Keys(kid, {kid: key}).as_bytes())
        except FileExistsError:
            raise KeyringError(f"there is a keyring at {path} already") from None
        return ring

    def add_key(self) -> str:
        """A new active key; the old ones stay to unwrap what they wrapped."""
        kid, key = _new_key()
        held = self._read()
        beside = self.path.with_name(f"{self.path.name}.{kid}")
        _write_new(beside, _Keys(kid, {**held.keys, kid: key}).as_bytes())
        beside.replace(self.path)
        _sync_folder(self.path.parent)
        return kid

    def active_kid(self) -> str:
        return self._read().active

    def wrap(self, key: bytes, context: KeyContext) -> tuple[str, bytes]:
        held = self._read()
        if self._count(held.active) > MAX_WRAPS:
            raise KeyringError(f"{held.active} has wrapped as often as it may; rotate the keyring")
        return held.active, wrapping.wrap(held.keys[held.active], key, context)

    def unwrap(self, kid: str, blob: bytes, context: KeyContext) -> bytes:
        key = self._read().keys.get(kid)
        if key is None:
            raise KeyringError(f"the keyring has no key {kid}")
        return wrapping.unwrap(key, blob, context)

    def health(self) -> None:
        self._read()

    def _read(self) -> _Keys:
        try:
            descriptor = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError as error:
            raise KeyringError(f"the keyring at {self.path} cannot be opened: {error.strerror}") from None
        with os.fdopen(descriptor, "rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            if mode & 0o077:
                raise KeyringError(f"the keyring at {self.path} has mode {mode:04o}; it must be 0600")
            return _Keys.parse(file.read())


def _new_key() -> tuple[str, bytes]:
    return f"local-{secrets.token_hex(6)}", secrets.token_bytes(KEY_BYTES)


def _write_new(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    _sync_folder(path.parent)


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

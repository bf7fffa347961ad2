"""What a set says of itself, with a code that only the holder of the backup key can make."""

import hashlib
import hmac
import json
import os
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from medspa.backup.census import Counts
from medspa.backup.sealing import derived

FILE = "manifest.json"
MAIN, VAULT = "main", "vault"
FORMAT = 1


class BadSet(ValueError):
    """The set cannot be used, said so that a person can act on it."""


@dataclass(frozen=True)
class Part:
    file: str
    sha256: str
    bytes: int


@dataclass(frozen=True)
class Manifest:
    at: str
    env: str  # part of what every key is bound to
    migrations: str
    servers: dict[str, str]
    parts: dict[str, Part]
    clinics: dict[str, str]  # schema → uid
    heads: dict[str, list[Any]]  # schema → [seq, hash] of its trail
    rows: dict[str, Counts]  # instance → schema → table → rows
    tombstones: int
    seconds: float = 0.0
    format: int = field(default=FORMAT)

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.at)


def write(folder: Path, manifest: Manifest, key: bytes) -> None:
    told = asdict(manifest)
    told["mac"] = _mac(told, key)
    path = folder / FILE
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(told, file, indent=1, sort_keys=True)
        file.flush()
        os.fsync(file.fileno())


def peek(folder: Path) -> dict[str, Any]:
    """The manifest as it lies there, unchecked: enough to know its age."""
    try:
        told: dict[str, Any] = json.loads((folder / FILE).read_text())
    except OSError as error:
        raise BadSet(f"{folder} is no backup: {FILE} cannot be read ({error.strerror}).") from error
    except ValueError as error:
        raise BadSet(f"{folder / FILE} is damaged.") from error
    return told


def read(folder: Path, key: bytes) -> Manifest:
    """The manifest, once its code is right."""
    told = peek(folder)
    mac = told.pop("mac", "")
    if told.get("format") != FORMAT:
        raise BadSet(f"{folder} is of another format than {FORMAT}.")
    if not hmac.compare_digest(str(mac), _mac(told, key)):
        raise BadSet(f"{folder / FILE} was changed, or made under another backup key.")
    told["parts"] = {name: Part(**part) for name, part in told["parts"].items()}
    return Manifest(**told)


def check_part(folder: Path, part: Part) -> Path:
    """The part's file, whole."""
    path = folder / part.file
    if not path.exists():
        raise BadSet(
            f"{path} is not there. The vault's part is kept 7 days: name a newer set by --vault-from."
        )
    if path.stat().st_size != part.bytes:
        raise BadSet(f"{path} has {path.stat().st_size} bytes; the manifest says {part.bytes}.")
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != part.sha256:
            raise BadSet(f"{path} is damaged: its SHA-256 is not the manifest's.")
    return path


def _mac(told: dict[str, Any], key: bytes) -> str:
    body = json.dumps(told, sort_keys=True, separators=(",", ":")).encode()
    return hmac.digest(derived(key, b"", "manifest"), body, "sha256").hex()

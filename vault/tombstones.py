"""The ledger of destroyed keys, kept on two stores outside of every database, so that no restore brings one back.

A line is written, on both, before a key is destroyed. `restore` destroys again what the ledger names.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from vault.models import ClinicKey, SubjectKey

SUBJECT = "subject"


@dataclass(frozen=True)
class Tombstone:
    """A key that is gone for good. It names ids and a digest, never a person."""

    key: UUID
    clinic: UUID
    kind: str
    wrapped: str  # SHA-256 of the wrapped key
    at: str

    def as_line(self) -> str:
        told = {"at": self.at, "clinic": str(self.clinic), "key": str(self.key), "kind": self.kind}
        return json.dumps(told | {"wrapped": self.wrapped}, sort_keys=True) + "\n"


@dataclass(frozen=True)
class Ledger:
    """What the stores know together."""

    tombstones: dict[UUID, Tombstone]
    damaged: int  # lines that cannot be read; a crash leaves one, and then its key was not destroyed

    @property
    def keys(self) -> list[UUID]:
        return list(self.tombstones)

    @property
    def clinics(self) -> list[UUID]:
        """Clinics that were destroyed wholly: their own key is gone."""
        return sorted({one.clinic for one in self.tombstones.values() if one.kind == "clinic"})


def bury(rows: Iterable[ClinicKey | SubjectKey], stores: Iterable[Path], *, at: datetime) -> None:
    """Write the keys' tombstones on every store. Raises OSError; then nothing may be destroyed."""
    text = "".join(_tombstone(row, at).as_line() for row in rows)
    if text:
        for store in stores:
            _append(store, text)


def read(stores: Iterable[Path]) -> Ledger:
    """All that any of the stores holds."""
    found: dict[UUID, Tombstone] = {}
    damaged = 0
    for store in stores:
        for line in store.read_text().splitlines() if store.exists() else ():
            try:
                told = json.loads(line)
                stone = Tombstone(
                    UUID(told["key"]), UUID(told["clinic"]), told["kind"], told["wrapped"], told["at"]
                )
            except (ValueError, KeyError, TypeError):
                damaged += bool(line)
                continue
            found.setdefault(stone.key, stone)
    return Ledger(found, damaged)


def _tombstone(row: ClinicKey | SubjectKey, at: datetime) -> Tombstone:
    kind = row.kind if isinstance(row, ClinicKey) else SUBJECT
    return Tombstone(
        row.uid, row.clinic, kind, hashlib.sha256(bytes(row.wrapped)).hexdigest(), at.isoformat()
    )


def _append(store: Path, text: str) -> None:
    store.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(store, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        size = file.seek(0, os.SEEK_END)
        if size:
            file.seek(size - 1)
            if file.read(1) != b"\n":  # the line of somebody who crashed
                text = f"\n{text}"
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())

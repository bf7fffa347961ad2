"""What a killed PostgreSQL left behind, and when it is safe to step over it."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from medspa.embedded.process import AlreadyRunningError

_PATIENCE = 20.0  # seconds a server whose supervisor was killed may take to shut down


def clear_remains(data: Path, sockets: Path) -> None:
    """Wait until the last server over `data` is gone, then drop its lock files.

    PostgreSQL itself only asks whether the pid in its lock file exists: a zombie that nobody reaps, or a
    stranger who was given the same pid, would keep it from starting for ever. Every process of a server has
    `data` as its working directory, so we can look. Only /proc tells; elsewhere PostgreSQL's check must do.
    """
    if sys.platform != "linux" or not (data / "postmaster.pid").exists():
        return
    deadline = time.monotonic() + _PATIENCE
    while _lives_in(data):
        if time.monotonic() > deadline:
            raise AlreadyRunningError(f"another PostgreSQL is still running over {data}")
        time.sleep(0.05)
    (data / "postmaster.pid").unlink(missing_ok=True)
    for left in sockets.glob(".s.PGSQL.*"):
        left.unlink(missing_ok=True)


def _lives_in(data: Path) -> bool:
    wanted = os.path.realpath(data)
    return any(_working_folder(pid) == wanted for pid in os.listdir("/proc") if pid.isdigit())


def _working_folder(pid: str) -> str | None:
    try:
        return os.readlink(f"/proc/{pid}/cwd")
    except OSError:  # gone, a zombie, or not ours
        return None

"""Child processes that die with their parent.

On Linux the kernel signals the child when the parent ends (PDEATHSIG), a kill -9 included. Elsewhere there
is no such thing: children lead a session of their own and are stopped when the parent leaves in order, but
they outlive a parent that is killed outright.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

HAS_PDEATHSIG = sys.platform == "linux"
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if HAS_PDEATHSIG else None


class ServerError(RuntimeError):
    """A server cannot be started, said so that a person can act on it."""


class AlreadyRunningError(ServerError):
    """Somebody else holds these data."""


@dataclass(frozen=True)
class Account:
    """Who a server runs as: the caller, another uid, or the caller behind a user namespace."""

    uid: int | None = None
    gid: int | None = None
    prefix: tuple[str, ...] = ()

    def give(self, path: Path) -> None:
        """Make `path` belong to this account."""
        if os.geteuid() == 0:
            os.chown(path, self.uid or 0, self.gid or 0, follow_symlinks=False)


def death_wish(sig: signal.Signals, *, parent: int | None = None) -> Callable[[], None] | None:
    """For `preexec_fn`: ask the kernel for `sig` at the death of `parent` (by default: of who calls this).

    It runs after the change of uid, because setuid clears the request.
    """
    if _libc is None:
        return None
    prctl, parent = _libc.prctl, parent or os.getpid()

    def ask() -> None:
        prctl(_PR_SET_PDEATHSIG, int(sig), 0, 0, 0)
        if os.getppid() != parent:  # the parent ended before the kernel was asked
            os.kill(os.getpid(), signal.SIGKILL)

    return ask


def spawn(
    argv: Sequence[str],
    *,
    death_signal: signal.Signals,
    env: Mapping[str, str],
    cwd: Path,
    output: IO[bytes] | int = subprocess.DEVNULL,
    account: Account | None = None,
) -> subprocess.Popen[bytes]:
    """Start a foreground child in a session of its own (Ctrl-C reaches only the parent) that dies with us."""
    if threading.current_thread() is not threading.main_thread():
        # PDEATHSIG fires when the forking *thread* ends, not the process.
        raise RuntimeError("children must be started from the main thread")
    account = account or Account()
    return subprocess.Popen(
        [*account.prefix, *argv],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        env=dict(env),
        cwd=cwd,
        start_new_session=True,
        user=account.uid,
        group=account.gid,
        extra_groups=[] if account.uid is not None else None,
        preexec_fn=death_wish(death_signal),
    )


def stop(process: subprocess.Popen[bytes], signals: Sequence[tuple[signal.Signals, float]]) -> bool:
    """Send each signal in turn, waiting its seconds; True when the first was enough."""
    for number, (sig, seconds) in enumerate(signals):
        if process.poll() is None:
            process.send_signal(sig)
        try:
            process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            continue
        return number == 0
    return False


def server_environment() -> dict[str, str]:
    """What a database server sees of our environment: nothing secret, and messages in English."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}

"""Where a server keeps its socket, its lock and its secret."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import secrets
import stat
import tempfile
from pathlib import Path

from medspa.embedded.process import Account, AlreadyRunningError

_SUN_PATH = 107  # bytes of a socket's path, without the closing NUL
_PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")  # the rest each URL would escape differently


def socket_folder(wanted: Path, longest_name: str) -> Path:
    """`wanted`, or a short private folder when a socket's path there would be too long or too strange."""
    room = _SUN_PATH - len(longest_name) - 1
    if len(os.fsencode(wanted)) <= room and _PLAIN_PATH.fullmatch(str(wanted)):
        return wanted
    base = tempfile.gettempdir()
    if len(base) > 40 or not _PLAIN_PATH.fullmatch(base):
        base = "/tmp"  # noqa: S108 - the folder below it is private and checked
    return Path(base, f"medspa-{os.geteuid()}-{hashlib.sha256(os.fsencode(wanted)).hexdigest()[:16]}")


def private_folder(folder: Path, account: Account) -> None:
    """Make `folder` 0700 and the account's; refuse one that a stranger put there first."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    ours = {os.geteuid(), account.uid if account.uid is not None else os.geteuid()}
    if not stat.S_ISDIR(found.st_mode) or (found.st_uid not in ours and os.geteuid() != 0):
        raise AlreadyRunningError(f"{folder} belongs to somebody else")
    folder.chmod(0o700)
    account.give(folder)


def hold_lock(path: Path, what: str) -> int:
    """An exclusive lock for as long as the descriptor is open; children do not inherit it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise AlreadyRunningError(f"{what} is already running") from None
    return descriptor


def secret(path: Path, size: int = 32) -> str:
    """The generated password kept in `path` (0600), made of `size` random bytes at the first call."""
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return write_secret(path, secrets.token_urlsafe(size))


def write_secret(path: Path, text: str) -> str:
    """Write a 0600 file in one step, complete or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
    return text

"""Which account a server runs as, and where its binaries lie: PostgreSQL refuses root.

Never by opening somebody's private home to the world: when the other account cannot reach the files, the
server runs in a user namespace, and where that is forbidden too, the files are copied to where it can.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from medspa.embedded.process import Account, ServerError, server_environment

SERVER_USER = "nobody"
REACHABLE_ROOT = Path("/var/lib/medspa")


@dataclass(frozen=True)
class Seat:
    """Where and as whom one server runs."""

    account: Account
    install: Path
    data: Path


def choose_seat(install: Path, program: str, data: Path) -> Seat:
    """The account for `install/program` over `data`; both may be moved to where that account reaches them."""
    if os.geteuid() != 0:
        _refuse_foreign(data)
        return Seat(_own_account(install / program), install, data)
    if data.is_symlink():
        data = data.resolve()
    user = pwd.getpwnam(SERVER_USER)
    other = Account(user.pw_uid, user.pw_gid)
    if _runs(other, install / program) and _reaches(other, data.parent):
        return Seat(other, install, data)
    walled = _walled()
    if _runs(walled, install / program):
        return Seat(walled, install, data)
    moved = _copy_install(install)
    if not _runs(other, moved / program):
        raise ServerError(f"{program} cannot be run by the user {SERVER_USER}, and never runs as root")
    if not _reaches(other, data.parent):
        data = _relocate(data)
    return Seat(other, moved, data)


def _walled() -> Account:
    """Behind a user namespace: still us to the rest of the system, but somebody else to itself."""
    return Account(prefix=("unshare", "--user", f"--map-user={pwd.getpwnam(SERVER_USER).pw_uid}", "--"))


def _own_account(program: Path) -> Account:
    """Ourselves; in a container we may be a bare number, and initdb wants a name."""
    try:
        pwd.getpwuid(os.geteuid())
    except KeyError:
        if _runs(_walled(), program):
            return _walled()
        raise ServerError(
            f"user id {os.geteuid()} has no name: PostgreSQL needs one in /etc/passwd"
        ) from None
    return Account()


def own_tree(account: Account, top: Path) -> None:
    """Hand `top` to `account` when another way of running left it to someone else."""
    if os.geteuid() != 0 or not top.exists() or top.stat().st_uid == (account.uid or 0):
        return
    for folder, folders, files in os.walk(top):
        for name in (*folders, *files):
            account.give(Path(folder, name))
    account.give(top)


def _refuse_foreign(data: Path) -> None:
    if data.exists() and data.stat().st_uid != os.geteuid():
        raise ServerError(f"{data} belongs to another user: start as that user, or remove it")


def _runs(account: Account, program: Path) -> bool:
    return _succeeds(account, [str(program), "--version"])


def _reaches(account: Account, folder: Path) -> bool:
    return _succeeds(account, ["test", "-x", str(folder)])


def _succeeds(account: Account, argv: list[str]) -> bool:
    try:
        done = subprocess.run(
            [*account.prefix, *argv],
            user=account.uid,
            group=account.gid,
            extra_groups=[] if account.uid is not None else None,
            env=server_environment(),
            cwd="/",
            capture_output=True,
            check=False,
        )
    except OSError:
        return False
    return done.returncode == 0


def _copy_install(install: Path) -> Path:
    """A copy of the binaries under /var/lib, complete or absent, made once a version.

    Wheels keep the libraries their binaries need in `<package>.libs` beside the package, and find them by the
    way from one to the other; so both are copied as they lie.
    """
    package = install.parent
    stamp = f"{install}:{install.stat().st_mtime_ns}".encode()
    target = REACHABLE_ROOT / f"{package.name}-{hashlib.sha256(stamp).hexdigest()[:12]}"
    if not target.exists():
        _public_folder(REACHABLE_ROOT)
        building = Path(tempfile.mkdtemp(dir=REACHABLE_ROOT, prefix="copying-"))
        shutil.copytree(install, building / package.name / install.name, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, building / libraries.name, symlinks=True)
        subprocess.run(["chmod", "-R", "a+rX", str(building)], check=True)
        building.rename(target)
    return target / package.name / install.name


def _relocate(data: Path) -> Path:
    """Keep the data outside a home nobody may enter; a symbolic link stays where they were looked for."""
    folder = REACHABLE_ROOT / hashlib.sha256(str(data).encode()).hexdigest()[:12]
    _public_folder(REACHABLE_ROOT)
    _public_folder(folder)
    target = folder / data.name
    if data.exists():
        shutil.move(data, target)
    data.symlink_to(target)
    return target


def _public_folder(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o711)

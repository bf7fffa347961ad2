"""Throws `var/` away, unless something still runs in it. A script by itself: it needs nothing installed."""

import fcntl
import shutil
import sys
from pathlib import Path


def main(var: Path) -> int:
    """The lock of `up`, and those of its servers, which may outlive it by a moment."""
    if not var.exists():
        sys.stdout.write("There is nothing to throw away.\n")
        return 0
    held = []
    for lock in sorted(var.glob("*.lock")):
        held.append(lock.open("a"))
        try:
            fcntl.flock(held[-1], fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.stderr.write("medspa is running: press Ctrl-C there first. Nothing was thrown away.\n")
            return 1
    for moved in var.iterdir():
        if moved.is_symlink():
            shutil.rmtree(moved.resolve(), ignore_errors=True)
    try:
        shutil.rmtree(var)
    except PermissionError as problem:
        sys.stderr.write(f"{problem.filename} belongs to another user: reset as the user who ran it.\n")
        return 1
    sys.stdout.write("The demo's data are gone. `make run` makes new ones.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))

"""Databases for one test process: migrated once for the whole run, copied for each process."""

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from tests.servers import FOLDER, database_names, name_databases

BASE = ("test_base", "test_vault_base")
ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def one_at_a_time() -> Iterator[Path]:
    folder = Path(os.environ[FOLDER])
    with (folder / "databases.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


def make_databases() -> None:
    """Migrate the base pair if nobody has, then copy it for this process."""
    with one_at_a_time() as folder:
        done = folder / "migrated"
        if not done.exists():
            _make_keyring()
            env = {**os.environ, **name_databases(*BASE)}
            subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=env, check=True)
            done.touch()
        main, vault = database_names()
        _copy(os.environ["MEDSPA_TEST_MAIN_SUPERUSER"], BASE[0], main, "app_owner", "app_login")
        _copy(os.environ["MEDSPA_TEST_VAULT_SUPERUSER"], BASE[1], vault, "vault_login", "vault_login")


def _make_keyring() -> None:
    from vault.keyring import LocalKeyring

    path = Path(os.environ["KEYRING_PATH"])
    if not path.exists():
        LocalKeyring.create(path)


def _copy(superuser: str, base: str, name: str, owner: str, guest: str) -> None:
    with psycopg.connect(superuser, autocommit=True) as connection:
        copy = sql.Identifier(name)
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(copy))
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {} STRATEGY file_copy").format(
                copy, sql.Identifier(base), sql.Identifier(owner)
            )
        )
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(copy))
        connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(copy, sql.Identifier(guest)))

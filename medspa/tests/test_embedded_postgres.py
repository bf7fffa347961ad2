"""An embedded PostgreSQL starts, closes its doors, survives kills and is never run twice."""

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from medspa.embedded.bootstrap import bootstrap_main, bootstrap_vault
from medspa.embedded.postgres import PostgresServer
from medspa.embedded.process import AlreadyRunningError

PASSWORDS = {"app_owner": "an owner's / pass:word@", "app_login": "pass%20word?", "vault_login": "v"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("embedded")
    for place in (folder, *folder.parents):  # root's servers run as another user, who must get through
        if place.stat().st_uid == os.geteuid() and place != Path("/"):
            place.chmod(place.stat().st_mode | 0o111)
    return folder


@pytest.fixture(scope="module")
def server(home: Path) -> Iterator[PostgresServer]:
    server = PostgresServer(home / "pg", fast=True)
    server.start()
    bootstrap_main(server, database="medspa", passwords=PASSWORDS)
    bootstrap_main(server, database="medspa", passwords=PASSWORDS)  # every start does it again
    bootstrap_vault(server, database="vault", passwords=PASSWORDS)
    yield server
    server.stop()


def connect(server: PostgresServer, user: str, database: str = "medspa") -> psycopg.Connection:
    return psycopg.connect(server.dsn(user, PASSWORDS[user], database), autocommit=True)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_owner_makes_clinic_roles_and_hands_on_the_base(server: PostgresServer) -> None:
    with connect(server, "app_owner") as owner:
        owner.execute("CREATE ROLE t_one NOLOGIN")
        owner.execute("GRANT tenant_base TO t_one")
        owner.execute("GRANT t_one TO app_login WITH INHERIT FALSE, SET TRUE")
        owner.execute("CREATE SCHEMA one")
        owner.execute("GRANT USAGE ON SCHEMA one TO t_one")
    with connect(server, "app_login") as login:
        login.execute("SET ROLE t_one")
        login.execute("SET ROLE app_public")


@pytest.mark.parametrize(
    "statement",
    [
        "SET ROLE app_owner",
        "SET ROLE postgres",
        "CREATE SCHEMA mine",
        "CREATE TABLE public.mine ()",
        "CREATE TEMP TABLE mine ()",
        "CREATE ROLE mine",
    ],
)
def test_app_login_can_do_nothing_by_itself(server: PostgresServer, statement: str) -> None:
    with connect(server, "app_login") as login, pytest.raises(psycopg.errors.InsufficientPrivilege):
        login.execute(statement)


@pytest.mark.parametrize("database", ["postgres", "template1", "vault"])
def test_app_login_enters_no_other_database(server: PostgresServer, database: str) -> None:
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        connect(server, "app_login", database)


@pytest.mark.parametrize("user", ["postgres", "app_owner", "app_login"])
def test_nobody_enters_without_the_password(server: PostgresServer, user: str) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(server.dsn(user, "wrong", "medspa"))


def test_it_is_made_as_the_papers_say(server: PostgresServer) -> None:
    with psycopg.connect(server.superuser_dsn("medspa")) as connection:
        shown = {
            name: connection.execute(f"SHOW {name}").fetchone()
            for name in ("listen_addresses", "data_checksums", "max_locks_per_transaction")
        }
        locale = connection.execute(
            "SELECT datlocprovider, datlocale FROM pg_database WHERE datname = 'medspa'"
        ).fetchone()
    assert shown == {
        "listen_addresses": ("",),
        "data_checksums": ("on",),
        "max_locks_per_transaction": ("256",),
    }
    assert locale == ("b", "C.UTF-8")
    assert mode(server.secret_file) == 0o600
    assert mode(server.socket_dir) == 0o700
    assert mode(server.data_dir) == 0o700


def test_a_second_one_on_the_same_data_is_refused(server: PostgresServer) -> None:
    with pytest.raises(AlreadyRunningError, match="already running"):
        PostgresServer(server.wanted_dir, fast=True).start()


def test_it_runs_as_another_user_than_root(server: PostgresServer) -> None:
    assert server.process is not None
    owner = Path(f"/proc/{server.process.pid}").stat().st_uid
    assert owner != 0


def test_a_killed_postmaster_recovers_what_was_committed(home: Path) -> None:
    server = PostgresServer(home / "crash", settings={"io_method": "sync"})
    server.start()
    bootstrap_vault(server, database="vault", passwords=PASSWORDS)
    with connect(server, "vault_login", "vault") as login:
        login.execute("CREATE TABLE kept AS SELECT 7 AS n")
    assert server.process is not None
    server.process.kill()
    server.stop()
    server.start()
    with connect(server, "vault_login", "vault") as login:
        assert login.execute("SELECT n FROM kept").fetchone() == (7,)
    server.stop()


def test_half_made_clusters_are_thrown_away(home: Path) -> None:
    (home / "half.tmp").mkdir()
    (home / "half.tmp" / "PG_VERSION").write_text("18\n")
    server = PostgresServer(home / "half", fast=True)
    server.ensure()
    assert (server.data_dir / "global" / "pg_control").exists()
    assert not (home / "half.tmp").exists()
    server.stop()


def test_strangers_lock_file_is_stepped_over(home: Path) -> None:
    """After a reboot the pid in it may be anybody's: here, our own."""
    server = PostgresServer(home / "half", fast=True)
    server.ensure()
    (server.data_dir / "postmaster.pid").write_text(f"{os.getpid()}\n{server.data_dir}\n")
    server.start()
    server.stop()


def test_a_long_path_gets_a_short_socket(home: Path) -> None:
    deep = home / ("d" * 60) / ("with blank " * 5)
    server = PostgresServer(deep / "pg")
    assert len(str(server.socket_dir)) < 80
    assert " " not in str(server.socket_dir)
    assert server.socket_dir == PostgresServer(deep / "pg").socket_dir


SUPERVISOR = """
import sys, time
from pathlib import Path
from medspa.embedded.postgres import PostgresServer
server = PostgresServer(Path(sys.argv[1]), fast=True)
server.start()
print(server.process.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="PDEATHSIG is Linux's")
def test_it_dies_cleanly_with_a_killed_supervisor(home: Path) -> None:
    argv = [sys.executable, "-c", SUPERVISOR, str(home / "half")]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as supervisor:
        assert supervisor.stdout is not None
        pid = int(supervisor.stdout.readline())
        supervisor.send_signal(signal.SIGKILL)
        supervisor.wait()
    server = PostgresServer(home / "half", fast=True)
    server.start()  # waits for the old one to finish
    assert not Path(f"/proc/{pid}/cwd").exists() or is_zombie(pid)
    server.stop()


def is_zombie(pid: int) -> bool:
    time.sleep(0.1)
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True

"""Root's servers run as somebody else, also where that somebody cannot look."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from medspa.embedded import account
from medspa.embedded.postgres import PostgresServer
from medspa.embedded.process import Account

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")

RUN = """
import sys, time
from pathlib import Path
from medspa.embedded import account
from medspa.embedded.postgres import PostgresServer
server = PostgresServer(Path(sys.argv[1]), fast=True)
server.start()
print(server.process.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def private_home(tmp_path: Path) -> Path:
    tmp_path.chmod(0o700)
    return tmp_path


def namespaces_work() -> bool:
    return account._runs(Account(prefix=("unshare", "--user", "--map-user=65534", "--")), Path("/bin/true"))


def answers(server: PostgresServer) -> bool:
    with psycopg.connect(server.superuser_dsn()) as connection:
        return connection.execute("SELECT 1").fetchone() == (1,)


@pytest.mark.skipif(not namespaces_work(), reason="user namespaces are forbidden here")
def test_a_private_home_stays_private(private_home: Path) -> None:
    server = PostgresServer(private_home / "pg", fast=True)
    server.start()
    try:
        assert answers(server)
        assert server.data_dir.stat().st_uid == 0
        assert private_home.stat().st_mode & 0o077 == 0
    finally:
        server.stop()


@pytest.mark.skipif(not namespaces_work(), reason="user namespaces are forbidden here")
def test_it_dies_with_its_supervisor_behind_a_namespace_too(private_home: Path) -> None:
    argv = [sys.executable, "-c", RUN, str(private_home / "pg")]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as supervisor:
        assert supervisor.stdout is not None
        assert int(supervisor.stdout.readline())
        supervisor.send_signal(signal.SIGKILL)
        supervisor.wait()
    server = PostgresServer(private_home / "pg", fast=True)
    server.start()  # would wait 20 s for the old one, and then refuse
    server.stop()


def test_without_namespaces_it_moves_to_where_it_may_live(
    private_home: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path_factory.mktemp("var-lib")
    for place in (elsewhere, *elsewhere.parents[:3]):  # pytest-xdist has a folder more
        place.chmod(place.stat().st_mode | 0o111)
    runs = account._runs
    monkeypatch.setattr(account, "REACHABLE_ROOT", elsewhere / "medspa")
    monkeypatch.setattr(account, "_runs", lambda who, program: not who.prefix and runs(who, program))
    server = PostgresServer(private_home / "pg", fast=True)
    server.start()
    try:
        assert answers(server)
        assert (private_home / "pg").is_symlink()
        assert server.data_dir.is_relative_to(elsewhere)
        assert private_home.stat().st_mode & 0o077 == 0
    finally:
        server.stop()
    again = PostgresServer(private_home / "pg", fast=True)
    again.start()
    assert answers(again)
    again.stop()

"""A stage for one run: embedded servers as `make run` sets them up, durable, in a folder that is thrown away."""

import atexit
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg

from medspa.embedded.bootstrap import bootstrap_main, bootstrap_vault
from medspa.embedded.postgres import PostgresServer
from medspa.embedded.redis import RedisServer

ROOT = Path(__file__).resolve().parent.parent
PASSWORDS = {name: secrets.token_hex(12) for name in ("app_owner", "app_login", "vault_login")}


@dataclass(frozen=True)
class Served:
    pid: int
    port: int


class Stage:
    """Servers, environment and the processes started on them."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="medspa-b-", dir="/tmp"))
        self.folder.chmod(0o755)
        self.main = PostgresServer(self.folder / "pg", settings={"max_connections": "200"})
        self.vault = PostgresServer(self.folder / "vault", settings={"max_connections": "200"})
        self.redis = RedisServer(self.folder / "redis", durable=False)
        self.children: list[subprocess.Popen[bytes]] = []
        atexit.register(self.stop)
        for server in (self.main, self.vault, self.redis):
            server.start()
        bootstrap_main(self.main, database="bench", passwords=PASSWORDS)
        bootstrap_vault(self.vault, database="vault", passwords=PASSWORDS)
        self._environment()

    def _environment(self) -> None:
        from vault.keyring import LocalKeyring

        self.env = {
            "DATABASE_URL": self.main.dsn("app_login", PASSWORDS["app_login"], "bench"),
            "VAULT_DATABASE_URL": self.vault.dsn("vault_login", PASSWORDS["vault_login"], "vault"),
            "REDIS_URL": self.redis.url,
            "CELERY_BROKER_URL": self.redis.broker_url,
            "KEYRING_PATH": str(self.folder / "keyring.json"),
            "SECRET_KEY": secrets.token_urlsafe(50),
            "MEDSPA_VAR": str(self.folder / "var"),
            "PUBLIC_RATE_LIMIT": "0",
            "LOG_LEVEL": "ERROR",
        }
        self.owner = {"OWNER_DATABASE_URL": self.main.dsn("app_owner", PASSWORDS["app_owner"], "bench")}
        LocalKeyring.create(Path(self.env["KEYRING_PATH"]))

    def enter_django(self) -> None:
        """This process becomes one that may own, and brings the databases up to date."""
        os.environ |= {**self.env, **self.owner, "MEDSPA_PROCESS": "owner"}
        os.environ["DJANGO_SETTINGS_MODULE"] = "medspa.settings"
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)

    def serve(self, app: str, **extra: str) -> "Served":
        """gunicorn as in production, with another application, on a port that was free."""
        port = free_port()
        env = {**os.environ, **self.env, "PORT": str(port), "MEDSPA_PROCESS": "web", **extra}
        env.pop("OWNER_DATABASE_URL", None)
        command = [sys.executable, "-m", "gunicorn", "-c", "medspa/gunicorn.py", app]
        child = subprocess.Popen(command, cwd=ROOT, env=env)
        self.children.append(child)
        wait_for(port, child)
        return Served(child.pid, port)

    def settle(self) -> None:
        """Have the databases done with what loading left them to do, so that it is not counted."""
        for server, database in ((self.main, "bench"), (self.vault, "vault")):
            with psycopg.connect(server.superuser_dsn(database), autocommit=True) as connection:
                connection.execute("VACUUM (ANALYZE)")
                connection.execute("CHECKPOINT")

    def database_pids(self) -> list[int]:
        return [server.process.pid for server in (self.main, self.vault, self.redis) if server.process]

    def stop(self) -> None:
        for child in self.children:
            child.terminate()
        for child in self.children:
            child.wait(20)
        for server in (self.redis, self.vault, self.main):
            server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, child: subprocess.Popen[bytes], *, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and child.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"nothing answers on port {port}")

"""The servers of `up`: which of them are ours to run, and the addresses everybody is told."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path
from typing import IO

from medspa.embedded.bootstrap import bootstrap_main, bootstrap_vault
from medspa.embedded.home import OWNER, Home
from medspa.embedded.postgres import PostgresServer
from medspa.embedded.redis import RedisServer
from medspa.embedded.s3 import HALT as _S3_HALT
from medspa.embedded.s3 import S3Server
from medspa.embedded.supervisor import Part, Supervisor

DATABASE, VAULT = "medspa", "vault"
_SMALL = {"shared_buffers": "16MB", "max_connections": "40", "io_method": "sync"}
_POSTGRES_HALT = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))
_REDIS_HALT = ((signal.SIGTERM, 10.0), (signal.SIGKILL, 5.0))
_POSTGRES_GROUP, _REDIS_GROUP, _S3_GROUP = 90, 80, 80
_S3_NAMES = ("AWS_ENDPOINT_URL_S3", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")


class Stack:
    """PostgreSQL twice, Redis and an object store; each one that the environment names is somebody else's."""

    def __init__(self, home: Home, supervisor: Supervisor) -> None:
        self.home = home
        self.supervisor = supervisor
        self.main = None if home.given("DATABASE_URL") else self._postgres("pg", {})
        self.vault = None if home.given("VAULT_DATABASE_URL") else self._postgres("vault-pg", _SMALL)
        self.redis = None if home.given("REDIS_URL") else self._redis()
        self.s3 = None if home.given("AWS_ENDPOINT_URL_S3") else self._s3()

    def start(self) -> dict[str, str]:
        """All at once; then roles and databases. Returns the addresses."""
        for name, server in (("postgres", self.main), ("vault-postgres", self.vault)):
            if server is not None:
                if not (server.data_dir / "PG_VERSION").exists():
                    self.supervisor.say(f"{name}: making a new cluster")
                self._start(name, server, _POSTGRES_GROUP, _POSTGRES_HALT)
        if self.redis is not None:
            self._start("redis", self.redis, _REDIS_GROUP, _REDIS_HALT)
        if self.s3 is not None:
            self._start("s3", self.s3, _S3_GROUP, _S3_HALT)
        for server, what in ((self.main, "PostgreSQL"), (self.vault, "the vault's PostgreSQL")):
            if server is not None:
                # After a crash with many clinics, recovery may take its time.
                self.supervisor.wait(server.is_ready, what, seconds=300)
        if self.redis is not None:
            self.supervisor.wait(self.redis.is_ready, "Redis", seconds=60)
        if self.s3 is not None:
            self.supervisor.wait(self.s3.is_ready, "the object store", seconds=60)
        return self._addresses()

    def _addresses(self) -> dict[str, str]:
        urls = {name: self.home.given(name) or "" for name in ("DATABASE_URL", OWNER, "VAULT_DATABASE_URL")}
        if self.main is not None:
            passwords = {role: self.home.secret(role) for role in ("app_owner", "app_login")}
            bootstrap_main(self.main, database=DATABASE, passwords=passwords)
            urls["DATABASE_URL"] = self.main.dsn("app_login", passwords["app_login"], DATABASE)
            urls[OWNER] = self.main.dsn("app_owner", passwords["app_owner"], DATABASE)
        if self.vault is not None:
            passwords = {"vault_login": self.home.secret("vault_login")}
            bootstrap_vault(self.vault, database=VAULT, passwords=passwords)
            urls["VAULT_DATABASE_URL"] = self.vault.dsn("vault_login", passwords["vault_login"], VAULT)
        return urls | self._redis_addresses() | self._s3_addresses()

    def _redis_addresses(self) -> dict[str, str]:
        if self.redis is not None:
            return {"REDIS_URL": self.redis.url, "CELERY_BROKER_URL": self.redis.broker_url}
        given = self.home.given("REDIS_URL") or ""
        broker = self.home.given("CELERY_BROKER_URL") or given.replace("unix://", "redis+socket://", 1)
        return {"REDIS_URL": given, "CELERY_BROKER_URL": broker.replace("?db=", "?virtual_host=")}

    def _s3_addresses(self) -> dict[str, str]:
        if self.s3 is not None:
            return self.s3.addresses
        return {name: self.home.given(name) or "" for name in _S3_NAMES}

    def _start(
        self,
        name: str,
        server: PostgresServer | RedisServer | S3Server,
        group: int,
        halt: tuple[tuple[signal.Signals, float], ...],
    ) -> None:
        def launch(output: IO[bytes]) -> subprocess.Popen[bytes]:
            return server.popen(output)

        try:
            self.supervisor.start(Part(name, launch, group, halt=halt, after=server.stop))
        except BaseException:
            server.stop()
            raise

    def _postgres(self, name: str, settings: dict[str, str]) -> PostgresServer:
        return PostgresServer(
            self._place(name), settings=settings, secret_file=self.home.secrets / f"{name}.superuser"
        )

    def _redis(self) -> RedisServer:
        return RedisServer(self._place("redis"), secret_file=self.home.secrets / "redis")

    def _s3(self) -> S3Server:
        return S3Server(self._place("s3"), port=self.home.s3_port, secret_file=self.home.secrets / "s3")

    def _place(self, name: str) -> Path:
        return self.home.var / name

"""`manage.py up`: everything the product needs on one machine, run and watched by one process."""

import argparse
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from medspa.embedded.home import OWNER, Home, check_replaced, files_digest, texts_digest
from medspa.embedded.process import HAS_PDEATHSIG, ServerError, death_wish, spawn
from medspa.embedded.stack import Stack
from medspa.embedded.supervisor import Part, Step, StopAskedError, Supervisor
from medspa.environment import BASE_DIR, VAR_DIR
from medspa.management.behind import is_behind
from medspa.management.welcome import welcome
from vault.keyring import LocalKeyring

WEB, BEAT, WORKERS, SANDBOX = 10, 20, 30, 40  # the order of stopping; the servers come after
PYTHON = sys.executable
# After a kill of ours, web must be gone in seconds; the checks have run in `migrate` already.
CHILD_HABITS = {"WEB_GRACE": "2", "CELERY_SKIP_CHECKS": "1"}
# Sources of var/assets, whose parts are only whole there, and what libraries bring for pages we do not have.
UNSERVED = ("bundles", "redoc", "rest_framework")
CELERY_HALT = ((signal.SIGTERM, 10.0), (signal.SIGQUIT, 3.0), (signal.SIGKILL, 5.0))


class Command(BaseCommand):
    help = "Run the databases, Redis, the sandbox, web, workers and beat until Ctrl-C."
    requires_system_checks = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--with-parent", action="store_true", help="stop when the process that started this one ends"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("`up` is for one machine in development; docs/operate.md has production.")
        os.umask(0o077)
        try:
            check_replaced(os.environ)
            Household(self.tell, with_parent=options["with_parent"]).run()
        except ServerError as problem:
            raise CommandError(str(problem)) from problem

    def tell(self, line: str) -> None:
        """At once, also into a pipe: somebody is waiting for it."""
        self.stdout.write(line)
        self.stdout.flush()


class Household:
    """One run of `up`."""

    def __init__(self, tell: Callable[[str], None], *, with_parent: bool) -> None:
        self.tell = tell
        self.began = time.monotonic()
        self.home = Home(BASE_DIR, VAR_DIR, os.environ)
        self.supervisor = Supervisor(self.home.logs, self.say)
        self.stack = Stack(self.home, self.supervisor)
        self.with_parent = with_parent
        self.values: dict[str, str] = {}

    def say(self, line: str) -> None:
        self.tell(f"{time.monotonic() - self.began:6.1f} s  {line}")

    def run(self) -> None:
        lock = self.home.take()
        self.supervisor.listen()
        ask = death_wish(signal.SIGTERM, parent=os.getppid()) if self.with_parent else None
        if ask is not None:
            ask()
        if not HAS_PDEATHSIG:
            self.say("this system cannot tie children to us: after a kill -9, stop what is left by hand")
        try:
            self.start()
            self.supervisor.watch()
        except StopAskedError:
            self.say("stopping")
        finally:
            self.supervisor.stop_all()
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not spoil a good ending
            os.close(lock)
        self.say("all stopped")

    def start(self) -> None:
        self.wait_for_port(self.home.port)
        self.values = self.addresses()
        self.home.write_servers(self.values)
        if "SANDBOX_URL" in self.values and not self.home.given("SANDBOX_URL"):
            self.wait_for_port(self.home.sandbox_port)
            self.child("sandbox", SANDBOX, self.sandbox_command(), "sandbox")
        static = self.collect_static()
        if is_behind(self.values[OWNER], self.values["VAULT_DATABASE_URL"]):
            self.step("migrate", "migrate")
        self.make_demo()
        if static is not None:
            self.supervisor.finish(static)
            self.home.remember("static", self.static_digest())
        self.child("web", WEB, [PYTHON, "-m", "gunicorn", "-c", str(BASE_DIR / "medspa/gunicorn.py")], "web")
        self.supervisor.wait(self.is_ready, "the web server", seconds=90)
        self.celery("worker", ["worker", "--pool", "threads", "--concurrency", "4", "-Q", "default"])
        self.celery("webhooks", ["worker", "--pool", "threads", "--concurrency", "2", "-Q", "webhooks"])
        self.celery("provision", ["worker", "--pool", "solo", "-Q", "provision"], owner=True)
        self.celery("beat", ["beat", "--schedule", str(self.home.var / "beat-schedule")], group=BEAT)
        self.tell(welcome(self.home.var / "demo.json", self.home.port, self.values.get("SANDBOX_URL")))

    def addresses(self) -> dict[str, str]:
        values = self.stack.start()
        self.say("databases and Redis answer")
        values["PORT"] = str(self.home.port)
        values["SECRET_KEY"] = self.home.given("SECRET_KEY") or self.home.secret("secret_key", 48)
        values["KEYRING_PATH"] = self.home.given("KEYRING_PATH") or str(self.keyring())
        return values | self.home.providers()

    def keyring(self) -> Path:
        path = self.home.secrets / "keyring.json"
        if not path.exists():
            LocalKeyring.create(path)
        return path

    def sandbox_command(self) -> list[str]:
        base, state = f"http://127.0.0.1:{self.home.port}", str(self.home.var / "sandbox.jsonl")
        port = str(self.home.sandbox_port)
        return [PYTHON, "-m", "sandbox", "--port", port, "--webhook-base", base, "--state", state]

    def static_digest(self) -> str:
        return files_digest([BASE_DIR / "static", settings.ASSETS_DIR, BASE_DIR / "requirements.txt"])

    def collect_static(self) -> Step | None:
        """Beside the rest, because compressing takes a core for seconds; None when nothing changed."""
        manifest = settings.STATIC_ROOT / "staticfiles.json"
        if manifest.exists() and not self.home.changed("static", self.static_digest()):
            return None
        if not manifest.exists():
            # Settings choose the storage with hashed names by the presence of its manifest.
            settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
            manifest.write_text(json.dumps({"paths": {}, "version": "1.1", "hash": ""}), encoding="ascii")
        unserved = [flag for name in UNSERVED for flag in ("--ignore", name)]
        return self.begin("collectstatic", "collectstatic", "--noinput", *unserved, owner=False)

    def make_demo(self) -> None:
        """Once for these databases and this port; its file holds addresses."""
        digest = texts_digest(
            self.values["DATABASE_URL"], self.values["VAULT_DATABASE_URL"], str(self.home.port)
        )
        if (self.home.var / "demo.json").exists() and not self.home.changed("demo", digest):
            return
        self.step("demo", "demo")
        self.home.remember("demo", digest)

    def step(self, name: str, *command: str) -> None:
        self.supervisor.finish(self.begin(name, *command))

    def begin(self, name: str, *command: str, owner: bool = True) -> Step:
        self.say(f"{name} …")
        env = self.home.child_environment(self.values, "owner" if owner else "manage", owner=owner)
        return self.supervisor.begin(name, [PYTHON, str(BASE_DIR / "manage.py"), *command], env, BASE_DIR)

    def celery(self, name: str, command: list[str], *, owner: bool = False, group: int = WORKERS) -> None:
        argv = [PYTHON, "-m", "celery", "-A", "medspa", *command, "--loglevel", "INFO"]
        if command[0] == "worker":
            argv += ["--hostname", f"{name}@%h", "--without-gossip", "--without-mingle"]
        self.child(name, group, argv, name, owner=owner)

    def child(self, name: str, group: int, argv: list[str], kind: str, *, owner: bool = False) -> None:
        env = self.home.child_environment(self.values, kind, owner=owner, **CHILD_HABITS)
        wish = signal.SIGKILL if group in (WORKERS, BEAT) else signal.SIGTERM

        def launch(output: IO[bytes]) -> subprocess.Popen[bytes]:
            return spawn(argv, death_signal=wish, env=env, cwd=BASE_DIR, output=output)

        self.supervisor.start(Part(name, launch, group, revivable=True, halt=CELERY_HALT))
        self.say(f"{name} started")

    def is_ready(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.home.port, timeout=5)
        try:
            connection.request("GET", "/readyz", headers={"Host": "localhost"})
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def wait_for_port(self, port: int) -> None:
        """The one before us may need a moment to let go; anybody else will not."""
        deadline = time.monotonic() + 8
        while not _is_free(port):
            self.supervisor.tick()
            if time.monotonic() > deadline:
                raise ServerError(f"Port {port} is taken by another program. Try: PORT={port + 100} make run")
            time.sleep(0.1)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True

"""The product as processes of its own: web, worker and sandbox on this test process's databases, with a Redis of their own.

The test looks at the databases directly and makes clinics by `new_clinic`, while the product reaches them as in
production: its login, its pool, its HTTP. Behind doors (`doors=True`) a database can be shut away from the product alone.

As a program (`python -m tests.running …`) it is the nursery of a worker: Django is loaded once, and a killed worker is
followed by the next in a fraction of a second.
"""

import contextlib
import hashlib
import hmac
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

ROOT = Path(__file__).resolve().parent.parent
WORKER = ["worker", "--concurrency", "4", "--loglevel", "INFO"]
QUIET = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
TOKEN_FIELD = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
IDLE_SECONDS = 2  # web hangs up after five
SOCKET = ".s.PGSQL.5432"


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def problem(self) -> str:
        """The type of problem, without its folder."""
        kind = self.headers.get("content-type", "")
        return str(self.json["type"]).rpartition("/")[2] if kind == "application/problem+json" else ""


class Browser:
    """One keep-alive connection that dials loopback and names the host, with a cookie jar."""

    def __init__(self, port: int, host: str, *, seconds: float = 60, **headers: str) -> None:
        self.port, self.host = port, host
        self.seconds = seconds
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        self.cookies: dict[str, str] = {}
        self.token = ""
        self._used = 0.0
        self._connection: http.client.HTTPConnection | None = None

    def get(self, path: str, **query: str) -> Reply:
        return self.ask("GET", f"{path}?{urlencode(query)}" if query else path)

    def post(self, path: str, value: object, **headers: str) -> Reply:
        """JSON."""
        return self.ask(
            "POST", path, json.dumps(value).encode(), {"Content-Type": "application/json", **headers}
        )

    def open(self, path: str) -> str:
        """A page with a form; its CSRF token goes with what is sent from now on."""
        page = self.get(path).text
        found = TOKEN_FIELD.search(page)
        assert found, page[:400]
        self.token = found[1]
        return page

    def submit(self, path: str, **fields: str) -> Reply:
        """A form, after `open`."""
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        body = urlencode({"csrfmiddlewaretoken": self.token, **fields}).encode()
        return self.ask("POST", path, body, kind)

    def form(self, path: str, **fields: str) -> Reply:
        """Open the page at `path` and send its form."""
        self.open(path)
        return self.submit(path, **fields)

    def sign_in(self, user: Any, password: str) -> Reply:
        return self.form("/desk/sign-in/", email=user.email, password=password)

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> Reply:
        """Raises OSError or HTTPException when nobody answers; the next call dials again."""
        if time.monotonic() - self._used > IDLE_SECONDS:
            self.close()
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.seconds)
        sent = {"Host": self.host, **self.headers, **(headers or {})}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        try:
            self._connection.request(method, path, body, sent)
            answer = self._connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                cookie, _, worth = value.split(";")[0].partition("=")
                self.cookies[cookie] = worth
        self._used = time.monotonic()
        if answer.will_close:
            self.close()
        return Reply(answer.status, {name.lower(): value for name, value in answer.getheaders()}, content)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class Door:
    """A socket folder in front of a server's own; shut, it is as if the server were gone."""

    def __init__(self, folder: Path, target: str) -> None:
        folder.mkdir()
        self.path, self.target = folder / SOCKET, f"{target}/{SOCKET}"
        self._listener: socket.socket | None = None
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self.open()

    def open(self) -> None:
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(self.path))
        listener.listen(64)
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def shut(self) -> None:
        """Nobody comes in any more, and who was in is cut off."""
        listener, self._listener = self._listener, None
        if listener is None:
            return
        self.path.unlink()
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        with self._lock:
            for each in self._open:
                with contextlib.suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                inside, _ = listener.accept()
                outside = socket.socket(socket.AF_UNIX)
                outside.connect(self.target)
            except OSError:
                return
            with self._lock:
                self._open |= {inside, outside}
            for pair in ((inside, outside), (outside, inside)):
                threading.Thread(target=self._carry, args=pair, daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        with self._lock:
            self._open -= {source, sink}
        for each in (source, sink):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        source.close()


class Product:
    """Start what a test needs: `web()`, `worker()`; everything started is stopped by `stop()`."""

    def __init__(self, *, doors: bool = False, **extra: str) -> None:
        from medspa.embedded.redis import RedisServer

        self.folder = Path(tempfile.mkdtemp(prefix="medspa-r-", dir="/tmp"))
        self.folder.chmod(0o755)
        for name in ("log", "tmp", "var"):
            (self.folder / name).mkdir(mode=0o700)
        self.redis = RedisServer(self.folder / "redis", durable=False)
        self.redis.start()
        self.port = free_port()
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.sandbox: Any = None
        self.env = self._environment() | extra
        self.main, self.vault = self._doors() if doors else (None, None)

    def _environment(self) -> dict[str, str]:
        # The pool is the product's own size, not that of the process that tests it.
        env = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PYTEST", "COV", "DB_POOL"))
        }
        del env["OWNER_DATABASE_URL"]
        return env | {
            "REDIS_URL": self.redis.url,
            "CELERY_BROKER_URL": self.redis.broker_url,
            "MEDSPA_VAR": str(self.folder / "var"),
            "TMPDIR": str(self.folder / "tmp"),
            "PORT": str(self.port),
            "PYTHONUNBUFFERED": "1",
            "WEB_GRACE": "2",
        }

    def _doors(self) -> tuple[Door, Door]:
        made = []
        for name, variable in (("main", "DATABASE_URL"), ("vault", "VAULT_DATABASE_URL")):
            parts = urlsplit(self.env[variable])
            folder = parse_qs(parts.query)["host"][0]
            made.append(Door(self.folder / name, folder))
            host = urlencode({"host": str(self.folder / name)})
            self.env[variable] = parts._replace(query=host).geturl()
        return made[0], made[1]

    # --- Parts ---

    def web(self, processes: int = 2, threads: int = 4) -> None:
        env = {"MEDSPA_PROCESS": "web", "WEB_PROCESSES": str(processes), "WEB_THREADS": str(threads)}
        self._child("web", [sys.executable, "-m", "gunicorn", "-c", "medspa/gunicorn.py"], env)
        self.wait_until(self._answers, "web")

    def worker(
        self,
        *arguments: str,
        name: str = "worker",
        queue: str = "default",
        pool: str = "threads",
        module: str = "medspa.celery",
    ) -> None:
        """A worker that comes back when it is killed. `module` has the Celery application as `app`."""
        argv = [*WORKER, "-Q", queue, "--hostname", f"{name}@%h", "--pool", pool, *QUIET, *arguments]
        command = [sys.executable, "-m", "tests.running", str(self.folder / f"{name}.pid"), module, *argv]
        self._child(name, command, {"MEDSPA_PROCESS": name, "CELERY_SKIP_CHECKS": "1"})
        self.wait_until(lambda: "ready." in self.log(name), name)

    def connect(self, *houses: Any) -> None:
        """A sandbox for the product, and an account there for each clinic. First before web and worker are started."""
        from messaging import credentials
        from sandbox.tests.running import RESEND_KEY, SID, SIGNING_SECRET, TOKEN, Sandbox

        if self.sandbox is None:
            self.sandbox = Sandbox(self.port)
        self.env |= {
            "TWILIO_ACCOUNT_SID": SID,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_API_BASE_URL": self.sandbox.url,
            "RESEND_API_KEY": RESEND_KEY,
            "RESEND_API_URL": self.sandbox.url,
            "RESEND_SIGNING_SECRET": SIGNING_SECRET,
        }
        for house in houses:
            sid = self.account_of(house)
            # The token that the sandbox gives an account it has not met.
            token = hmac.new(TOKEN.encode(), sid.encode(), hashlib.sha256).hexdigest()[:32]
            address = str(house.cast.location.phone)
            credentials.connect(house.clinic, provider="twilio", account_id=sid, token=token, address=address)

    def sandbox_settings(self) -> dict[str, Any]:
        """For this process, where it sends too."""
        url, key = self.sandbox.url, self.env["RESEND_API_KEY"]
        mail = {"RESEND_API_KEY": key, "RESEND_API_URL": url, "REQUESTS_TIMEOUT": (2, 5)}
        return {
            "TWILIO_API_BASE_URL": url,
            "RESEND_SIGNING_SECRET": self.env["RESEND_SIGNING_SECRET"],
            "ANYMAIL": mail,
        }

    def text_in(self, house: Any, sender: str, body: str) -> Any:
        """Somebody writes to the clinic; how the product answered the provider."""
        to = str(house.cast.location.phone)
        value = {"from": sender, "to": to, "body": body, "account_sid": self.account_of(house)}
        return self.sandbox.post("/simulate/sms", value).json

    def sent(self, **query: str) -> list[dict[str, Any]]:
        """What the application gave to the providers."""
        return [row for row in self.sandbox.outbox(**query) if row["source"] == "application"]

    def sweep(self) -> None:
        """What beat would do every two seconds."""
        self.run("from tenants.tasks import sweep_due; sweep_due()")

    @staticmethod
    def account_of(house: Any) -> str:
        return f"AC{house.clinic.uid.hex}"

    def run(self, code: str, *arguments: str) -> str:
        """A few lines of Python as a process of the product, Django set up; what it prints."""
        command = [sys.executable, "-c", f"import django; django.setup()\n{code}", *arguments]
        env = {**self.env, "MEDSPA_PROCESS": "worker"}
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def _child(self, name: str, argv: list[str], env: dict[str, str]) -> None:
        from medspa.embedded.process import spawn

        with (self.folder / "log" / f"{name}.log").open("ab") as output:
            self.children[name] = spawn(
                argv, death_signal=signal.SIGTERM, env={**self.env, **env}, cwd=ROOT, output=output
            )

    # --- Looking at it ---

    def browser(self, house: Any, **headers: str) -> Browser:
        return Browser(self.port, house if isinstance(house, str) else house.host, **headers)

    def api(self, house: Any, role: str = "owner", **headers: str) -> Browser:
        return self.browser(house, Authorization=f"Bearer {house.cast.tokens[role]}", **headers)

    def log(self, name: str) -> str:
        return (self.folder / "log" / f"{name}.log").read_text(errors="replace")

    def web_workers(self) -> list[int]:
        """The processes that answer requests; their master is our child."""
        master = self.children["web"].pid
        return [int(pid) for pid in Path(f"/proc/{master}/task/{master}/children").read_text().split()]

    def worker_pid(self) -> int | None:
        """The worker of the moment; None between two."""
        try:
            pid = int((self.folder / "worker.pid").read_text() or 0)
        except FileNotFoundError:
            return None
        return pid if pid and Path(f"/proc/{pid}").exists() else None

    def _answers(self) -> bool:
        try:
            return Browser(self.port, "localhost", seconds=5).get("/livez").status == 200
        except (OSError, http.client.HTTPException):
            return False

    def wait_until(self, true: Any, what: str, *, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while not true():
            gone = [name for name, child in self.children.items() if child.poll() is not None]
            if gone or time.monotonic() > deadline:
                logs = "\n".join(self.log(name)[-3000:] for name in gone or self.children)
                raise AssertionError(f"{what}: not after {seconds} s; ended: {gone}\n{logs}")
            time.sleep(0.05)

    # --- The end ---

    def stop_child(self, name: str) -> None:
        from medspa.embedded.process import stop

        stop(self.children.pop(name), ((signal.SIGTERM, 12), (signal.SIGKILL, 5)))

    def stop(self) -> None:
        import shutil

        for name in list(self.children):
            self.stop_child(name)
        if self.sandbox is not None:
            self.sandbox.stop()
        for door in (self.main, self.vault):
            if door is not None:
                door.shut()
        self.redis.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


@contextlib.contextmanager
def running(**options: Any) -> Iterator[Product]:
    product = Product(**options)
    try:
        yield product
    finally:
        product.stop()


def processes_below(pid: int) -> list[int]:
    """The process and everything it started, and so on."""
    found, fresh = set(), {pid}
    while fresh:
        parent = fresh.pop()
        found.add(parent)
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{parent}/task").iterdir():
                fresh |= {int(child) for child in (task / "children").read_text().split()} - found
    return sorted(found)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def patient(number: int = 0, **more: Any) -> dict[str, Any]:
    """Somebody who fills in the form; another one for each number."""
    return {
        "first_name": "Wanda",
        "last_name": f"Webb {number}",
        "email": f"wanda{number}@example.com",
        "phone": f"+1312555{number % 10_000:04d}",
        "date_of_birth": "1990-04-23",
    } | more


def open_slots(
    browser: Browser, house: Any, service: str, *, first: int = 2, days: int = 14, **query: str
) -> list[dict[str, Any]]:
    """What the API offers of that service, some days from today."""
    since = datetime.now(UTC).date() + timedelta(days=first)
    answer = browser.get(
        "/api/v1/availability/",
        **{
            "service": str(house.cast.services[service].uid),
            "from": since.isoformat(),
            "to": (since + timedelta(days=days - 1)).isoformat(),
            **query,
        },
    )
    assert answer.status == 200, answer.body
    slots: list[dict[str, Any]] = answer.json["slots"]
    return slots


def at_once(count: int, work: Any) -> list[Any]:
    """`work(number)` in so many threads that begin together; what they return, or the exception."""
    from django.db import connections

    gate = threading.Barrier(count)
    done: list[Any] = [None] * count

    def one(number: int) -> None:
        gate.wait()
        try:
            done[number] = work(number)
        except Exception as error:
            done[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done


def nursery(pid_file: Path, module: str, argv: list[str]) -> None:
    """Load everything once, then have one worker at a time, until SIGTERM."""
    import importlib

    import django

    from medspa.embedded.process import death_wish

    django.setup()
    app = importlib.import_module(module).app
    app.loader.import_default_modules()
    child = 0

    def end(number: int, frame: object) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        if child:
            os.kill(child, signal.SIGTERM)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(child, 0)
        os._exit(0)

    while True:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        wish = death_wish(signal.SIGKILL)
        child = os.fork()
        if not child:
            if wish is not None:
                wish()
            os.setsid()
            app.worker_main(argv)
            os._exit(0)
        signal.signal(signal.SIGTERM, end)
        pid_file.write_text(str(child))
        os.waitpid(child, 0)
        pid_file.unlink()


if __name__ == "__main__":
    nursery(Path(sys.argv[1]), sys.argv[2], sys.argv[3:])

"""A sandbox as a process of its own, and a small application for its webhooks to reach."""

import base64
import http.client
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

ROOT = Path(__file__).parents[2]
SID, TOKEN = "AC" + "0a" * 16, "1b" * 16
RESEND_KEY = "re_test_key"
SIGNING_SECRET = "whsec_" + base64.b64encode(b"a signing secret for these tests").decode()
CLINIC, PATIENT = "+13125550100", "+13125550142"


@dataclass(frozen=True)
class Got:
    """A request the application got."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))


@dataclass
class Application:
    """Stands in for the product: keeps what it is posted and answers as told."""

    port: int = 0
    got: list[Got] = field(default_factory=list)
    answers: Callable[[Got], tuple[int, str, str]] = lambda got: (200, "application/json", "{}")

    def wait_for(self, count: int, path: str = "", seconds: float = 10) -> list[Got]:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            found = [got for got in self.got if got.path.startswith(path)]
            if len(found) >= count:
                return found
            time.sleep(0.02)
        raise AssertionError(f"{len(found)} of {count} webhooks came to {path or 'any path'}")


def serve(application: Application) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got = Got(self.path, {k.lower(): v for k, v in self.headers.items()}, body)
            application.got.append(got)
            status, content_type, text = application.answers(got)
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    application.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    return server


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


class Sandbox:
    def __init__(self, application_port: int, *arguments: str, environ: dict[str, str] | None = None) -> None:
        self.process = launch(
            "--webhook-base", f"http://127.0.0.1:{application_port}", *arguments, environ=environ
        )
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert "http://" in line, line
        self.url = line.split()[1].removesuffix("/outbox/")

    def ask(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        headers: dict[str, str] | None = None,
    ) -> Reply:
        address = urlsplit(self.url)
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=30)
        try:
            connection.request(method, path, body or None, headers or {})
            answer = connection.getresponse()
            return Reply(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def get(self, path: str, **query: str) -> Reply:
        return self.ask("GET", f"{path}?{urlencode(query)}" if query else path)

    def post(self, path: str, value: object, headers: dict[str, str] | None = None) -> Reply:
        return self.ask("POST", path, json.dumps(value).encode(), headers)

    def twilio(
        self, path: str, form: dict[str, str] | None = None, *, sid: str = SID, token: str = TOKEN
    ) -> Reply:
        credentials = base64.b64encode(f"{sid}:{token}".encode()).decode()
        headers = {
            "Authorization": f"Basic {credentials}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        body = urlencode(form).encode() if form is not None else b""
        return self.ask("GET" if form is None else "POST", f"/2010-04-01{path}", body, headers)

    def text(self, to: str = PATIENT, from_: str = CLINIC, body: str = "Hello", **more: str) -> Reply:
        return self.twilio(f"/Accounts/{SID}/Messages.json", {"To": to, "From": from_, "Body": body, **more})

    def mail(self, key: str | None = None, path: str = "/emails", **fields: Any) -> Reply:
        mail = {"from": "Glow <hi@glow.example>", "to": ["pat@example.com"], "subject": "Hello", "text": "Hi"}
        headers = {"Authorization": f"Bearer {RESEND_KEY}"}
        if key is not None:
            headers["Idempotency-Key"] = key
        return self.post(path, mail | fields, headers)

    def outbox(self, **query: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.get("/outbox.json", **query).json
        return rows

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(10)


def launch(*arguments: str, environ: dict[str, str] | None = None) -> subprocess.Popen[str]:
    settings = {
        "DJANGO_ENV": "test",
        "TWILIO_ACCOUNT_SID": SID,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "RESEND_API_KEY": RESEND_KEY,
        "RESEND_SIGNING_SECRET": SIGNING_SECRET,
        **(environ or {}),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "sandbox", "--port", "0", *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )

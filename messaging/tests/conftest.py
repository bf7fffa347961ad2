"""Messages are tried against the real sandbox, a process of its own on a free port, through the real SDKs."""

import base64
import hashlib
import hmac
import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from twilio.request_validator import RequestValidator

from core.problems import Unavailable
from messaging import credentials, outbox
from messaging.models import Message
from messaging.tests.moments import NOON
from tenants.context import enter
from tenants.directory import site_url

ROOT = Path(__file__).parents[2]
SID, TOKEN = "AC" + "0a" * 16, "1b" * 16
RESEND_KEY = "re_test_key"
SIGNING_SECRET = "whsec_" + base64.b64encode(b"a signing secret for these tests").decode()
PAT = "+15125550123"


@dataclass(frozen=True)
class Sandbox:
    url: str

    def post(self, path: str, value: object) -> Any:
        data = json.dumps(value).encode()
        with urllib.request.urlopen(urllib.request.Request(self.url + path, data), timeout=20) as answer:
            return json.load(answer)

    def sent(self, kind: str = "") -> list[dict[str, Any]]:
        with urllib.request.urlopen(f"{self.url}/outbox.json?kind={kind}", timeout=20) as answer:
            rows: list[dict[str, Any]] = json.load(answer)
        return [row for row in rows if row["source"] == "application"]

    def arm(self, **fault: object) -> None:
        self.post("/simulate/fault", fault)

    def token_of(self, sid: str) -> str:
        return hmac.new(TOKEN.encode(), sid.encode(), hashlib.sha256).hexdigest()[:32]


@pytest.fixture(scope="session")
def sandbox_url() -> Iterator[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_ENV": "test",
        "TWILIO_ACCOUNT_SID": SID,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "RESEND_API_KEY": RESEND_KEY,
        "RESEND_SIGNING_SECRET": SIGNING_SECRET,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "sandbox", "--port", "0", "--webhook-base", "http://127.0.0.1:9"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    yield process.stdout.readline().split()[1].removesuffix("/outbox/")
    process.terminate()
    process.wait(10)


@pytest.fixture
def sandbox(sandbox_url: str, settings: Any) -> Sandbox:
    """An empty sandbox, and the settings that lead to it."""
    settings.TWILIO_API_BASE_URL = sandbox_url
    settings.RESEND_SIGNING_SECRET = SIGNING_SECRET
    settings.ANYMAIL = {
        "RESEND_API_KEY": RESEND_KEY,
        "RESEND_API_URL": sandbox_url,
        "RESEND_SIGNING_SECRET": SIGNING_SECRET,
        "REQUESTS_TIMEOUT": (2, 5),
    }
    sandbox = Sandbox(sandbox_url)
    sandbox.post("/reset", {})
    return sandbox


@dataclass
class Post:
    """A clinic whose account the sandbox knows, and what a provider posts for it."""

    house: Any
    sandbox: Sandbox
    sid: str
    token: str
    number: str

    def text(
        self, body: str, *, sender: str = PAT, sid: str | None = None, token: str | None = None, **more: str
    ) -> Any:
        """An inbound text, signed as Twilio signs."""
        self.count = getattr(self, "count", 0) + 1
        params = {
            "AccountSid": self.sid,
            "MessageSid": sid or f"SM{hashlib.md5(f'{id(self)}{self.count}'.encode()).hexdigest()}",
            "From": sender,
            "To": self.number,
            "Body": body,
            "NumMedia": "0",
            **more,
        }
        return self.hook("/hooks/twilio/sms/", params, token=token)

    def status(
        self, message: Message, status: str, *, sid: str, token: str | None = None, **more: str
    ) -> Any:
        params = {"AccountSid": self.sid, "MessageSid": sid, "MessageStatus": status, **more}
        return self.hook(f"/hooks/twilio/status/{message.uid}/", params, token=token)

    def hook(self, path: str, params: dict[str, str], *, token: str | None = None) -> Any:
        signature = RequestValidator(token or self.token).compute_signature(
            site_url("localhost", path), params
        )
        client = Client(HTTP_HOST="localhost", enforce_csrf_checks=True)
        return client.post(path, params, headers={"X-Twilio-Signature": signature})


@pytest.fixture
def connected(sandbox: Sandbox) -> Callable[[Any], Post]:
    """Give a clinic an account that the sandbox knows."""

    def connect(house: Any) -> Post:
        sid = f"AC{house.clinic.uid.hex}"
        number = house.cast.location.phone if house.cast else "+15125550199"
        token = sandbox.token_of(sid)
        credentials.connect(house.clinic, provider="twilio", account_id=sid, token=token, address=number)
        return Post(house, sandbox, sid, token, number)

    return connect


@pytest.fixture
def post(glow: Any, connected: Callable[[Any], Post]) -> Post:
    return connected(glow)


@pytest.fixture
def inside(glow: Any, post: Post) -> Iterator[Any]:
    """In glow, whose account the sandbox knows."""
    with enter(glow.clinic):
        yield glow


@pytest.fixture
def vault_down(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Take the vault away, caches and all."""

    def refuse(*args: object, **kwargs: object) -> Any:
        raise Unavailable

    def down() -> None:
        for name in ("clinic_key", "index_key", "subject_key", "key_by_id"):
            monkeypatch.setattr(f"vault.keys.{name}", refuse)

    return down


def queue(channel: str = "sms", kind: str = "visit_booked", **more: Any) -> Message:
    """A message to Pat, due at noon."""
    to = PAT if channel == "sms" else "pat@example.com"
    count = Message.objects.count()
    words: dict[str, Any] = {
        "subject": None,
        "to": to,
        "body": "Glow: your visit is booked.",
        "dedupe_key": f"test:{count}",
        "send_after": NOON,
        **({"subject_line": "Your visit"} if channel == "email" else {}),
        **more,
    }
    with transaction.atomic():
        return outbox.add(channel, kind, **words)

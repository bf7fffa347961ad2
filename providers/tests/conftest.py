"""The clients are tried against the real sandbox, a process of its own on a free port."""

import base64
import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from providers.twilio import TwilioClient

ROOT = Path(__file__).parents[2]
SID, TOKEN = "AC" + "0a" * 16, "1b" * 16
RESEND_KEY = "re_test_key"
SIGNING_SECRET = "whsec_" + base64.b64encode(b"a signing secret for these tests").decode()


@dataclass(frozen=True)
class Sandbox:
    url: str

    def post(self, path: str, value: object) -> Any:
        data = json.dumps(value).encode()
        with urllib.request.urlopen(urllib.request.Request(self.url + path, data), timeout=20) as answer:
            return json.load(answer)

    def outbox(self) -> list[dict[str, Any]]:
        with urllib.request.urlopen(f"{self.url}/outbox.json", timeout=20) as answer:
            rows: list[dict[str, Any]] = json.load(answer)
        return rows

    def arm(self, **fault: object) -> None:
        self.post("/simulate/fault", fault)


@pytest.fixture(scope="session")
def sandbox_url() -> Iterator[str]:
    settings = {
        "DJANGO_ENV": "test",
        "TWILIO_ACCOUNT_SID": SID,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "RESEND_API_KEY": RESEND_KEY,
        "RESEND_SIGNING_SECRET": SIGNING_SECRET,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "sandbox", "--port", "0", "--webhook-base", "http://127.0.0.1:9"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **settings},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    yield process.stdout.readline().split()[1].removesuffix("/outbox/")
    process.terminate()
    process.wait(10)


@pytest.fixture
def sandbox(sandbox_url: str) -> Sandbox:
    sandbox = Sandbox(sandbox_url)
    sandbox.post("/reset", {})
    return sandbox


@pytest.fixture
def client(sandbox: Sandbox) -> TwilioClient:
    return TwilioClient(SID, TOKEN, sandbox.url)


@pytest.fixture(autouse=True)
def resend_settings(sandbox_url: str, settings: Any) -> None:
    settings.ANYMAIL = {
        "RESEND_API_KEY": RESEND_KEY,
        "RESEND_API_URL": sandbox_url,
        "RESEND_SIGNING_SECRET": SIGNING_SECRET,
        "REQUESTS_TIMEOUT": (2, 0.5),
    }

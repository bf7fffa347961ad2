"""What `make run` takes of a machine's memory after some work: every process, databases and all."""

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest

from medspa.embedded.process import spawn
from tests.running import ROOT, Browser, at_once, free_port, processes_below

pytestmark = [pytest.mark.soak, pytest.mark.skipif(sys.platform != "linux", reason="PSS is read from /proc")]
REQUESTS, CALLERS = 10_000, 8
# What the tests told this process of their own servers.
OURS = ("DATABASE", "VAULT", "OWNER", "REDIS", "CELERY", "MEDSPA", "KEYRING", "DJANGO", "SECRET", "PYTEST")
MOST = int(1.2 * 2**30)


@pytest.fixture
def up():
    """The whole product, as `make run` starts it, in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="medspa-u-", dir="/tmp", ignore_cleanup_errors=True) as folder:
        port = free_port()
        env = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        env |= {"PORT": str(port), "MEDSPA_VAR": f"{folder}/var", "PUBLIC_RATE_LIMIT": "0"}
        process = spawn([sys.executable, "manage.py", "up"], death_signal=signal.SIGTERM, env=env, cwd=ROOT)
        try:
            wait_ready(process, port)
            yield process.pid, port, json.loads(Path(folder, "var", "demo.json").read_text())
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


def wait_ready(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError, HTTPException):
            if Browser(port, "localhost").get("/readyz").status == 200:
                time.sleep(10)  # workers and beat come after web
                return
        time.sleep(0.5)
    raise AssertionError("make run was not ready after five minutes")


def test_memory_after_ten_thousand_requests(up):
    pid, port, demo = up
    at_once(CALLERS, lambda caller: work(port, demo["clinics"], caller))
    sizes = {each: pss(each) for each in processes_below(pid)}
    assert len(sizes) >= 10  # two databases with their helpers, Redis, sandbox, web, workers, beat
    print(f"{sum(sizes.values()) >> 20} MiB in {len(sizes)} processes")
    assert sum(sizes.values()) <= MOST, {
        f"{each} {name_of(each)}": size >> 20 for each, size in sizes.items()
    }


def work(port: int, clinics: list[dict[str, Any]], caller: int) -> None:
    """What a day brings: times looked up, people searched and opened, the calendar, the booking pages."""
    dice, browser = random.Random(caller), Browser(port, "")
    day = datetime.now(UTC).date() + timedelta(days=1)
    week = f"from={day}&to={day + timedelta(days=6)}"
    services = {}
    for clinic in clinics:
        browser.host = f"{clinic['slug']}.localhost"
        services[clinic["slug"]] = browser.get("/api/v1/services/").json["results"]
    for _ in range(REQUESTS // CALLERS):
        clinic = dice.choice(clinics)
        browser.host = f"{clinic['slug']}.localhost"
        owner = next(person for person in clinic["staff"] if person["role"] == "owner")
        browser.headers = {"Authorization": f"Bearer {owner['api_token']}"}
        service, patient = dice.choice(services[clinic["slug"]])["id"], dice.choice(clinic["patients"])
        path = dice.choice([
            f"/api/v1/availability/?service={service}&{week}",
            "/api/v1/services/", "/book/", "/desk/sign-in/", "/api/v1/patients/", f"/api/v1/appointments/?{week}",
            f"/api/v1/patients/{patient['id']}/", f"/api/v1/patients/?q={patient['email'][:4]}",
        ])  # fmt: skip
        answer = browser.get(path)
        assert answer.status == 200, (path, answer.status)


def pss(pid: int) -> int:
    """The process's own pages, and its share of those it has in common with others."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except FileNotFoundError:
        return 0
    return next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")) * 1024


def name_of(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")[:60]

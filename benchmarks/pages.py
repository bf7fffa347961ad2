"""Lighthouse on the pages everyone opens, against a demo of its own: `make lighthouse`. Exit 1 below 95 anywhere."""

import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks.stage import ROOT, free_port

RUNNER = ROOT / "benchmarks" / "lighthouse" / "run.mjs"


def main() -> int:
    var = Path(tempfile.mkdtemp(prefix="medspa-l-", dir="/tmp"))
    port = free_port()
    env = {**os.environ, "MEDSPA_VAR": str(var), "PORT": str(port)}
    demo = subprocess.Popen([sys.executable, "manage.py", "up"], cwd=ROOT, env=env, stdout=subprocess.DEVNULL)
    try:
        known = wait_for(var / "demo.json", port, demo)
        glow = next(clinic for clinic in known["clinics"] if clinic["slug"] == "glow")
        pages = [
            f"{known['platform']['url']}/",
            *(f"{glow['url']}{path}" for path in ("/book/", "/desk/", "/portal/")),
        ]
        pages = [re.sub(r"(?<!:)//+", "/", page) for page in pages]
        owner = glow["staff"][0]
        cookie = desk_cookie(port, glow["url"].split("/")[2], owner["email"], owner["password"])
        return subprocess.call(["node", str(RUNNER), *pages], env={**env, "DESK_COOKIE": cookie})
    finally:
        demo.send_signal(signal.SIGINT)
        demo.wait(60)
        shutil.rmtree(var, ignore_errors=True)


def wait_for(file: Path, port: int, demo: "subprocess.Popen[bytes]", *, seconds: float = 240) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and demo.poll() is None:
        try:
            if call(port, "localhost", "GET", "/readyz")[0] == 200 and file.exists():
                return json.loads(file.read_text())
        except OSError:
            pass
        time.sleep(0.5)
    raise RuntimeError("the demo did not come up")


def desk_cookie(port: int, host: str, email: str, password: str) -> str:
    """Sign in as a person would, by the form; the cookies of the session."""
    _status, page, cookies = call(port, host, "GET", "/desk/sign-in/")
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    form = {"csrfmiddlewaretoken": found[1] if found else "", "email": email, "password": password}
    status, _page, later = call(port, host, "POST", "/desk/sign-in/", form, cookies)
    if status != 302:
        raise RuntimeError(f"the sign-in answered {status}")
    return "; ".join(f"{name}={value}" for name, value in {**cookies, **later}.items())


def call(
    port: int, host: str, method: str, path: str, form: dict[str, str] | None = None,
    cookies: dict[str, str] | None = None,
) -> tuple[int, str, dict[str, str]]:  # fmt: skip
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {
        "Host": host,
        "Cookie": "; ".join(f"{name}={value}" for name, value in (cookies or {}).items()),
    }
    if form:
        headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://{host}"}
    connection.request(method, path, urlencode(form) if form else None, headers)
    answer = connection.getresponse()
    body = answer.read().decode(errors="replace")
    pairs = (
        value.split(";")[0].partition("=")
        for name, value in answer.getheaders()
        if name.lower() == "set-cookie"
    )
    found = {name: worth for name, _, worth in pairs}
    connection.close()
    return answer.status, body, found


if __name__ == "__main__":
    sys.exit(main())

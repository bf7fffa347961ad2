"""Health checks of the containers: `python deploy/healthy.py web|worker|beat`; exit 0 when the process does its work."""

import http.client
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

BEAT_SECONDS = 600  # beat writes its schedule every three minutes


def web() -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("PORT", "8000")), timeout=4)
    connection.request("GET", "/livez")
    return connection.getresponse().status == http.HTTPStatus.OK


def worker() -> bool:
    """Asked through the broker, as work is given to it."""
    name = f"{os.environ['MEDSPA_PROCESS']}@{socket.gethostname()}"
    ask = ["celery", "-A", "medspa", "inspect", "ping", "--destination", name, "--timeout", "5"]
    return subprocess.run(ask, capture_output=True, check=False).returncode == 0


def beat() -> bool:
    folder = Path(os.environ.get("MEDSPA_VAR", "var"))
    written = [path.stat().st_mtime for path in folder.glob("beat-schedule*")]
    return bool(written) and time.time() - max(written) < BEAT_SECONDS


if __name__ == "__main__":
    try:
        healthy = {"web": web, "worker": worker, "beat": beat}[sys.argv[1]]()
    except (OSError, http.client.HTTPException):
        healthy = False
    sys.exit(0 if healthy else 1)

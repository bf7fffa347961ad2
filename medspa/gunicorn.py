"""How gunicorn serves: two processes of four threads on loopback, the application loaded once and shared."""

import gc
import os
import shutil
import signal
import threading
from contextlib import suppress
from typing import Any

from medspa.embedded.process import death_wish
from medspa.environment import VAR_DIR

# Counters that the web processes share: files of this server alone, begun anew with it but not at a reload.
if os.environ.get("MEDSPA_METRICS_OWNER") != str(os.getpid()):
    _metrics = VAR_DIR / "metrics" / os.environ.get("PORT", "8000")
    shutil.rmtree(_metrics, ignore_errors=True)
    _metrics.mkdir(parents=True, mode=0o700)
    os.environ |= {"PROMETHEUS_MULTIPROC_DIR": str(_metrics), "MEDSPA_METRICS_OWNER": str(os.getpid())}

wsgi_app = "medspa.wsgi:application"
bind = os.environ.get("WEB_BIND") or f"127.0.0.1:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_PROCESSES", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
preload_app = True
timeout = 60
graceful_timeout = int(os.environ.get("WEB_GRACE", "30"))
keepalive = 5
max_requests = 0
accesslog = None  # the application writes its own lines, without a query string in them
errorlog = "-"
loglevel = os.environ.get("WEB_LOG_LEVEL", "warning")
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108 - heartbeats only


def pre_fork(server: Any, worker: Any) -> None:
    """In the master still: the wish remembers whose death it waits for."""
    worker.die_with_master = death_wish(signal.SIGTERM)


def post_fork(server: Any, worker: Any) -> None:
    """A killed master takes its workers along, so that the next one finds the port free.

    What was loaded before the fork is never garbage: it is not looked through again, which also keeps its pages shared.
    """
    gc.freeze()
    gc.set_threshold(5_000, 20, 50)
    if worker.die_with_master is not None:
        worker.die_with_master()


def child_exit(server: Any, worker: Any) -> None:
    """What a worker was doing at its end is not counted for ever."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def post_worker_init(worker: Any) -> None:
    """Clinics' own keys, so that staff can sign in from the first request on, even with the vault away."""
    threading.Thread(target=_remember_clinics, daemon=True).start()


def _remember_clinics() -> None:
    from django.apps import apps
    from django.db import connections

    if not apps.ready:  # a benchmark's bare application
        return
    from core.problems import Unavailable
    from vault import store

    with suppress(Unavailable):
        store.remember_clinics()
    connections.close_all()

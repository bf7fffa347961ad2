"""That a clinic or a host changed, told to every process at once: a word through Redis, with nothing in it.

Each process that answers requests listens in a thread of its own, so a request pays nothing for it. Whoever begins to
listen, or to listen again, forgets what it knew: it may have missed a word. Where Redis is away nobody is told, and what
a process remembers grows old by itself (tenants.directory).
"""

import logging
import os
import threading
import time
from collections.abc import Callable
from typing import Final

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

CHANNEL: Final = "tenants:changed"
PAUSE_SECONDS: Final = 1.0
log = logging.getLogger(__name__)


def tell() -> None:
    """Say that something changed; after the commit, so that whoever looks then sees it."""
    try:
        with _connect(socket_timeout=1) as client:
            client.publish(CHANNEL, b"")
    except (redis.RedisError, OSError) as error:
        log.warning("a change of a clinic was not told: %s", type(error).__name__)


class Listener:
    """Calls `heard` for each word, in a thread that begins with `listen` and is this process's own."""

    def __init__(self, heard: Callable[[], None]) -> None:
        self.heard = heard
        self.where: tuple[int, str] | None = None
        self._lock = threading.Lock()

    def listen(self) -> None:
        """Costs nothing once the thread is there; a forked process gets one anew."""
        where = os.getpid(), settings.REDIS_URL
        if self.where == where:
            return
        with self._lock:
            if self.where != where:
                self.where = where
                threading.Thread(target=self._stay, args=(where,), name="tenants-news", daemon=True).start()

    def _stay(self, where: tuple[int, str]) -> None:
        while self.where == where:
            try:
                self._hear(where)
            except (redis.RedisError, OSError):
                time.sleep(PAUSE_SECONDS)

    def _hear(self, where: tuple[int, str]) -> None:
        with _connect(socket_keepalive=True) as client, client.pubsub() as words:
            words.subscribe(CHANNEL)
            for _ in words.listen():  # the first says that we listen from now on
                if self.where != where:
                    return
                self.heard()


def _connect(*, socket_timeout: float | None = None, socket_keepalive: bool | None = None) -> redis.Redis:
    kept = {} if settings.REDIS_URL.startswith("unix:") else {"socket_keepalive": socket_keepalive}
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_connect_timeout=1,
        socket_timeout=socket_timeout,
        retry=Retry(NoBackoff(), 0),
        **kept,
    )

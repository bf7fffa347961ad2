"""An embedded Redis: private, refused without the password, kept through a kill."""

import stat
from pathlib import Path

import pytest
import redis
from celery import Celery
from redis.backoff import NoBackoff
from redis.retry import Retry

from medspa.embedded.redis import RedisServer
from medspa.tests.test_embedded_postgres import home  # noqa: F401 - the same folder fixture


def test_it_keeps_what_was_written_through_a_kill(home: Path) -> None:  # noqa: F811
    server = RedisServer(home / "redis")
    server.start()
    with redis.Redis.from_url(server.url) as client:
        client.rpush("items", *range(1100))
        client.execute_command("BGREWRITEAOF")
        client.rpush("items", "last")
    assert server.process is not None
    server.stop()
    server.start()
    with redis.Redis.from_url(server.url) as client:
        assert client.llen("items") == 1101
    server.stop()


def test_it_asks_for_the_password_on_a_private_socket(home: Path) -> None:  # noqa: F811
    server = RedisServer(home / "closed", durable=False)
    server.start()
    try:
        stranger = redis.Redis(unix_socket_path=str(server.socket), retry=Retry(NoBackoff(), 0))
        with stranger, pytest.raises(redis.AuthenticationError):
            stranger.ping()
        assert stat.S_IMODE(server.socket_dir.stat().st_mode) == 0o700
        assert stat.S_IMODE(server.secret_file.stat().st_mode) == 0o600
        with redis.Redis.from_url(server.url) as client:
            assert client.config_get("port") == {"port": "0"}
            assert client.config_get("appendonly") == {"appendonly": "no"}
    finally:
        server.stop()


def test_celery_queues_in_a_database_of_its_own(
    home: Path,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("CELERY_BROKER_URL", raising=False)  # Celery would heed it before its own argument
    server = RedisServer(home / "queue", durable=False)
    server.start()
    try:
        app = Celery(broker=server.broker_url, set_as_current=False)
        app.send_task("anything")
        with redis.Redis.from_url(server.url) as cache:
            assert cache.dbsize() == 0
        with redis.Redis.from_url(server.url.replace("db=0", "db=1")) as broker:
            assert broker.llen("celery") == 1
    finally:
        server.stop()

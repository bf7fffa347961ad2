"""/livez and /readyz, and what is said when a part is down."""

import pytest
from django.test import Client


def test_ready_when_all_parts_answer(glow):
    answer = Client(HTTP_HOST="localhost").get("/readyz")
    assert (answer.status_code, answer.json()["ready"]) == (200, True)


@pytest.mark.promise("P177")
def test_not_ready_without_redis(glow, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    answer = Client(HTTP_HOST="localhost").get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "database": True, "vault": True, "redis": False}


def test_alive_whatever_the_host(glow):
    assert Client(HTTP_HOST="nobody.example").get("/livez").status_code == 200

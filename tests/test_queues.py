"""Every queue has one worker, and somebody else's slow server holds up nobody's messages."""

import re
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from accounts.actors import actor_for
from tenants.context import enter
from tests.running import open_slots, patient, running
from webhooks import actions
from webhooks.events import EVENTS
from webhooks.models import State, WebhookDelivery

ROOT = Path(__file__).resolve().parent.parent
QUEUES = {"default", *(route["queue"] for route in settings.CELERY_TASK_ROUTES.values())}
PATIENTS = ("message", "inbound", "reminder", "hold", "portal_code", "aftercare")


class Silent:
    """A receiver that takes every call and answers none until the test is over."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.over = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                outer.calls.append(self.headers["webhook-id"])
                outer.over.wait()

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/hook"

    def close(self) -> None:
        self.over.set()
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def silent():
    receiver = Silent()
    yield receiver
    receiver.close()


def test_every_queue_has_one_worker_here_and_in_production():
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    commands = [one["command"] for one in compose.values() if "-Q" in one.get("command", [])]
    taken = [command[command.index("-Q") + 1] for command in commands]
    assert sorted(taken) == sorted(QUEUES)
    for one in (one for one in compose.values() if "-Q" in one.get("command", [])):
        # The health check asks the worker by the name of its process.
        assert f"{one['environment']['MEDSPA_PROCESS']}@%h" in one["command"]
    at_home = (ROOT / "medspa" / "management" / "commands" / "up.py").read_text()
    assert sorted(re.findall(r'"-Q", "(\w+)"', at_home)) == sorted(QUEUES)


def test_what_patients_wait_for_is_in_another_queue_than_webhooks():
    for kind in PATIENTS:
        assert settings.DUE_TASKS[kind] not in settings.CELERY_TASK_ROUTES
    assert settings.CELERY_TASK_ROUTES[settings.DUE_TASKS["webhook"]]["queue"] == "webhooks"
    assert set(settings.DUE_TASKS) == {*PATIENTS, "webhook"}


@pytest.mark.own_clinic
def test_a_silent_receiver_does_not_hold_up_messages(new_clinic, silent):
    """The webhooks' only thread waits for it; the patient gets the mail all the same."""
    house = new_clinic("glow")
    with enter(house.clinic):
        actions.add_endpoint(
            url=silent.url,
            events=list(EVENTS),
            user=house.cast.owner,
            by=actor_for(house.cast.owner),
            at=datetime(2026, 3, 2, 15, 0, tzinfo=UTC),
        )
    with running(PUBLIC_RATE_LIMIT="0", WEBHOOKS_TO_LOOPBACK="1") as product:
        product.connect(house)
        product.web(processes=1)
        product.worker("--concurrency", "1", name="webhooks", queue="webhooks")
        browser = product.browser(house)
        slot = open_slots(browser, house, "consultation")[0]
        booked = browser.post("/api/v1/bookings/", {"slot": slot["token"], "patient": patient()})
        assert booked.status == 201, booked.body
        product.wait_until(lambda: silent.calls, "the delivery")
        product.worker("--concurrency", "1")
        product.wait_until(lambda: product.sent(), "the confirmation")
        assert {row["to"] for row in product.sent()} == {patient()["email"]}
        with enter(house.clinic):
            assert WebhookDelivery.objects.get().state != State.DELIVERED

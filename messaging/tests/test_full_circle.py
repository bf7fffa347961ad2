"""The whole way over HTTP: our worker to the sandbox, its signed webhooks back to our platform host."""

import subprocess
import sys
import threading
import time
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.core.wsgi import get_wsgi_application

from core.clock import now
from messaging import contacts, credentials, sending
from messaging.models import Message
from messaging.tests import conftest
from messaging.tests.conftest import PAT, ROOT, SID, SIGNING_SECRET, TOKEN, Sandbox, queue
from messaging.tests.moments import NOON
from tenants.context import enter


class Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        """Nothing on the test's output."""


@pytest.fixture
def circle(settings, django_db_setup, django_db_blocker):
    """The application on a free port, and a sandbox that posts to it."""
    server = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    port = server.server_port
    settings.SITE_PORT = str(port)
    command = [sys.executable, "-m", "sandbox", "--port", "0", "--webhook-base", f"http://127.0.0.1:{port}"]
    environment = {
        "DJANGO_ENV": "test",
        "TWILIO_ACCOUNT_SID": SID,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "RESEND_API_KEY": conftest.RESEND_KEY,
        "RESEND_SIGNING_SECRET": SIGNING_SECRET,
    }
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    url = process.stdout.readline().split()[1].removesuffix("/outbox/")
    settings.TWILIO_API_BASE_URL = url
    settings.RESEND_SIGNING_SECRET = SIGNING_SECRET
    settings.ANYMAIL = {
        "RESEND_API_KEY": conftest.RESEND_KEY,
        "RESEND_API_URL": url,
        "REQUESTS_TIMEOUT": (2, 5),
    }
    yield Sandbox(url)
    process.terminate()
    process.wait(10)
    server.shutdown()
    server.server_close()


def until(true, seconds: float = 8) -> bool:
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.05)
    return bool(true())


@pytest.mark.own_clinic
@pytest.mark.promise("P78", "P80", "P89")
def test_sent_delivered_stopped(circle, new_clinic):
    house = new_clinic()
    sid, number = f"AC{house.clinic.uid.hex}", "+15125550177"
    token = circle.token_of(sid)
    credentials.connect(house.clinic, provider="twilio", account_id=sid, token=token, address=number)
    with enter(house.clinic):
        messages = [queue(), queue("email")]
        for message in messages:
            assert sending.send(message.uid, at=now()) == "done"

        def states():
            return set(Message.objects.outgoing().values_list("state", flat=True))

        assert until(lambda: states() == {"delivered"}), states()
    answer = circle.post("/simulate/sms", {"from": PAT, "to": number, "body": "stop", "account_sid": sid})
    assert answer["status"] == 200
    with enter(house.clinic):
        assert contacts.is_stopped("sms", PAT)
        late = queue(kind="late")
        sending.send(late.uid, at=NOON)
        late.refresh_from_db()
        assert late.state == "suppressed"
    assert len(circle.sent("sms")) == 1

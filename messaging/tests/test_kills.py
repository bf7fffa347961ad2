"""Workers killed in the middle of sending: nothing lost, nothing twice."""

import os
import random
import subprocess
import sys
import time

import pytest

from core.clock import now
from messaging import tasks
from messaging.models import SEND_LEASE, Message
from messaging.tests.conftest import ROOT, queue
from messaging.tests.moments import MINUTE
from tenants.context import enter

KILLS = 6


@pytest.mark.own_clinic
def test_killed_workers_lose_and_double_nothing(new_clinic, connected, sandbox):
    house = new_clinic()
    connected(house)
    with enter(house.clinic):
        for n in range(150):
            queue(
                "email" if n % 3 == 0 else "sms",
                kind=f"k{n}",
                **({} if n % 3 == 0 else {"to": f"+1512555{2000 + n}"}),
            )
    command = [sys.executable, "-m", "messaging.tests.sender", house.clinic.schema_name]
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "medspa.settings",
        "SANDBOX_URL": sandbox.url,
        "TWILIO_API_BASE_URL": sandbox.url,
        "RESEND_API_URL": sandbox.url,
        "RESEND_API_KEY": "re_test_key",
    }
    for _kill in range(KILLS):
        worker = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        assert worker.stdout
        assert worker.stdout.readline() == "ready\n"
        time.sleep(random.uniform(0, 0.4))
        worker.kill()
        worker.wait(10)
    with enter(house.clinic):
        interrupted = Message.objects.undecided().count()
        assert interrupted <= KILLS
        for step in range(3):
            for uid in Message.objects.filter(state__in=["queued", "sending", "unknown"]).values_list(
                "uid", flat=True
            ):
                tasks.process(uid, at=now() + SEND_LEASE + (step + 1) * MINUTE)
        assert set(Message.objects.values_list("state", flat=True)) <= {"accepted", "delivered"}
    sent = sandbox.sent()
    assert len(sent) == 150
    texts = [row["to"] for row in sent if row["kind"] == "sms"]
    assert len(texts) == len(set(texts)) == 100

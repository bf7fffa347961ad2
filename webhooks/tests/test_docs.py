"""docs/webhooks.md says what is so: its recipe verifies a real call, its table names every event, its pauses are ours."""

import re
import time
from datetime import UTC, datetime
from pathlib import Path

from django.db import transaction

from webhooks import outbox, posting, sending
from webhooks.events import EVENTS
from webhooks.models import KEPT_FOR, OVERLAP

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "webhooks.md").read_text()


def recipe():
    found: dict = {}
    exec(re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)[0], found)
    return found["is_genuine"]


def test_the_recipe_verifies_what_we_send(endpoint, receiver, monkeypatch):
    at = datetime.now(UTC)
    with transaction.atomic():
        outbox.tell("appointment.booked", {"id": "x", "name": "Ünïcode"}, about=None, at=at)
    from webhooks.models import WebhookDelivery

    sending.send(WebhookDelivery.objects.get().uid, at=at)
    (call,) = receiver.calls
    genuine = recipe()
    assert genuine(endpoint[1], call.headers, call.body)
    assert not genuine(endpoint[1], call.headers, call.body + b" ")
    assert not genuine(endpoint[1], {**call.headers, "webhook-id": "other"}, call.body)
    later = time.time() + 301
    monkeypatch.setattr(time, "time", lambda: later)
    assert not genuine(endpoint[1], call.headers, call.body)


def test_the_figures_are_ours():
    for name in EVENTS:
        assert f"`{name}`" in TEXT
    minutes = [int(pause.total_seconds() // 60) for pause in sending.PAUSES]
    assert minutes == [1, 5, 30, 120, 360, 1440]
    assert "1 minute, 5 minutes, 30 minutes, 2 hours,\n  6 hours and 24 hours" in TEXT
    assert (OVERLAP.total_seconds(), KEPT_FOR.days, posting.READ_SECONDS) == (86_400, 30, 8.0)
    assert sending.GIVEN_UP_AFTER.days == 3

"""News from scheduling becomes events."""

from datetime import datetime
from typing import Any

from scheduling.models import Appointment
from scheduling.signals import appointment_changed
from webhooks import outbox
from webhooks.events import data_of, type_of
from webhooks.models import WebhookEndpoint


def connect() -> None:
    appointment_changed.connect(on_appointment_changed, dispatch_uid="webhooks.appointment_changed")


def on_appointment_changed(
    sender: Any, *, appointment: Appointment, verb: str, at: datetime, **_news: Any
) -> None:
    if WebhookEndpoint.objects.kept().exists():
        outbox.tell(type_of(verb), data_of(appointment), about=appointment.uid, at=at)

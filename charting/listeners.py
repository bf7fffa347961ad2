"""News from the floors below: whoever has a visit with a patient belongs to the care team."""

from datetime import datetime
from typing import Any

from patients import care
from scheduling.models import Appointment
from scheduling.signals import appointment_changed

JOINS = ("booked", "moved", "confirmed", "arrived", "in_room", "undone")


def connect() -> None:
    appointment_changed.connect(join_care_team, dispatch_uid="charting.join_care_team")


def join_care_team(sender: Any, *, appointment: Appointment, verb: str, at: datetime, **_news: Any) -> None:
    if verb in JOINS:
        care.join(appointment.person, appointment.provider.user, at=at)

"""News from the floors below: whoever has a visit with a patient belongs to the care team; after it there is aftercare."""

from datetime import datetime
from typing import Any

from charting.actions import giving
from patients import care
from scheduling.models import Appointment, Status
from scheduling.signals import appointment_changed

JOINS = ("booked", "moved", "confirmed", "arrived", "in_room", "undone")


def connect() -> None:
    appointment_changed.connect(join_care_team, dispatch_uid="charting.join_care_team")
    appointment_changed.connect(give_aftercare, dispatch_uid="charting.give_aftercare")


def join_care_team(sender: Any, *, appointment: Appointment, verb: str, at: datetime, **_news: Any) -> None:
    if verb in JOINS:
        care.join(appointment.person, appointment.provider.user, at=at)


def give_aftercare(sender: Any, *, appointment: Appointment, verb: str, at: datetime, **_news: Any) -> None:
    if verb == Status.DONE:
        giving.prepare(appointment, at=at)
    elif verb == "undone" and appointment.status != Status.DONE:
        giving.take_back(appointment, at=at)

"""A day of a location, and one visit of it, as the desk sees them. `calendar.py` has the machinery of days."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from accounts.access import Anybody
from core.problems import Unavailable
from practice.models import Location
from scheduling.access import get_appointment
from scheduling.actions.cancel import CANCELLABLE
from scheduling.actions.move import MOVABLE
from scheduling.actions.status import STEPS
from scheduling.calendar import By, Wanted, days_view
from scheduling.models import Appointment, Reminder, Status
from scheduling.shown import Block, Column, DayView, Visit

__all__ = [
    "Block",
    "By",
    "Column",
    "DayView",
    "Visit",
    "VisitDetail",
    "Wanted",
    "day_view",
    "steps_of",
    "visit_detail",
]


def day_view(
    user: Anybody,
    location: Location,
    day: date,
    *,
    at: datetime,
    by: By = By.PROVIDER,
    wanted: Wanted | None = None,
) -> DayView:
    """The day, for whoever may see the calendar."""
    return days_view(user, location, day, 1, at=at, by=by, wanted=wanted)[0]


# --- One visit -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class VisitDetail:
    """A visit's side panel: who, how to reach them, and what may be done now."""

    appointment: Appointment
    name: str
    phone: str
    email: str
    steps: list[str]
    undo_until: datetime | None
    reminders: list[Reminder]
    names_hidden: bool

    @property
    def messages_about(self) -> UUID:
        return self.appointment.uid


def visit_detail(user: Anybody, uid: UUID, *, at: datetime) -> VisitDetail:
    """The visit, opened for `user`."""
    appointment = get_appointment(user, uid)
    name = phone = email = ""
    hidden = False
    try:
        name, phone, email = (
            appointment.person.name,
            appointment.person.phone,
            appointment.person.email,
        )
    except Unavailable:
        hidden = True
    return VisitDetail(
        appointment=appointment,
        name=name,
        phone=phone,
        email=email,
        steps=steps_of(appointment, at=at),
        undo_until=appointment.undo_until(at),
        reminders=list(appointment.reminders.filter(revision=appointment.revision).order_by("due_at")),
        names_hidden=hidden,
    )


def steps_of(appointment: Appointment, *, at: datetime) -> list[str]:
    """What may be done with the visit now, in the order of a day."""
    status = Status(appointment.status)
    steps = [verb for verb, step in STEPS.items() if status in step.sources]
    if at < appointment.starts_at and "no_show" in steps:
        steps.remove("no_show")
    if status in MOVABLE:
        steps.append("move")
    if status in CANCELLABLE:
        steps.append("cancel")
    if appointment.undo_until(at) is not None:
        steps.append("undo")
    return steps

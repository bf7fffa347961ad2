"""The steps of a visit on its day: confirmed, here, begun, done, or never came. None of them moves time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.actors import Actor
from audit.trail import record
from patients.actions import note_visit
from scheduling.actions.steps import locked_visit, step
from scheduling.models import Appointment, Status
from scheduling.problems import NotInThatState
from scheduling.signals import appointment_changed


@dataclass(frozen=True)
class Step:
    """From where to where, and which stamp it sets."""

    verb: str
    sources: tuple[Status, ...]
    target: Status
    stamp: str


CONFIRM = Step("confirm", (Status.BOOKED,), Status.CONFIRMED, "confirmed_at")
CHECK_IN = Step("check_in", (Status.BOOKED, Status.CONFIRMED, Status.NO_SHOW), Status.ARRIVED, "arrived_at")
START = Step("start", (Status.ARRIVED,), Status.IN_ROOM, "started_at")
COMPLETE = Step("complete", (Status.IN_ROOM,), Status.DONE, "done_at")
NO_SHOW = Step("no_show", (Status.BOOKED, Status.CONFIRMED), Status.NO_SHOW, "no_show_at")
STEPS = {one.verb: one for one in (CONFIRM, CHECK_IN, START, COMPLETE, NO_SHOW)}


def confirm(appointment: Appointment, *, by: Actor, at: datetime) -> Appointment:
    return _take(CONFIRM, appointment, by, at)


def check_in(appointment: Appointment, *, by: Actor, at: datetime) -> Appointment:
    return _take(CHECK_IN, appointment, by, at)


def start(
    appointment: Appointment,
    *,
    by: Actor,
    at: datetime,
    user: User | None = None,
    override_reason: str = "",
) -> Appointment:
    """The treatment begins, if the gate lets it: GateClosed with all that is missing. `user` may open it with a reason."""

    def ask(visit: Appointment) -> None:
        if settings.START_GATE:
            guard = import_string(settings.START_GATE)
            guard(visit, by=by, at=at, user=user, override_reason=override_reason)

    return _take(START, appointment, by, at, ask)


def complete(appointment: Appointment, *, by: Actor, at: datetime) -> Appointment:
    return _take(COMPLETE, appointment, by, at)


def no_show(appointment: Appointment, *, by: Actor, at: datetime) -> Appointment:
    """Only once the visit should have begun."""
    if at < appointment.starts_at:
        raise NotInThatState(_("The visit has not begun yet; it cannot be missed."))
    return _take(NO_SHOW, appointment, by, at)


@transaction.atomic
def _take(
    what: Step,
    appointment: Appointment,
    by: Actor,
    at: datetime,
    ask: Callable[[Appointment], None] | None = None,
) -> Appointment:
    appointment = locked_visit(appointment)
    if appointment.status not in what.sources:
        raise NotInThatState(
            _("The visit is %(status)s already. Reload the page to see it as it is.")
            % {"status": appointment.get_status_display().lower()}
        )
    if ask is not None:
        ask(appointment)
    appointment.last_step = step(what.verb, at, {"status": appointment.status})
    appointment.status = what.target
    setattr(appointment, what.stamp, at)
    appointment.save(update_fields=["status", "last_step", what.stamp])
    if what is CHECK_IN:
        note_visit(appointment.person, at=appointment.starts_at)
    record(f"appointment.{what.target}", by=by, on=appointment, patient=appointment.person.uid)
    appointment_changed.send(sender=Appointment, appointment=appointment, verb=str(what.target), at=at)
    return appointment

"""A visit is called off: its time goes free, its record stays, what was to be said of it is void."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from audit.actors import VISITOR, Actor
from audit.trail import record
from core.problems import Failure, Invalid, failure
from scheduling import links, notices, reminders
from scheduling.actions.move import refuse_too_late
from scheduling.actions.steps import locked_visit, step
from scheduling.models import Appointment, Status
from scheduling.occupancy import gate_open, once_more, release, time_of
from scheduling.problems import NotInThatState
from scheduling.request import read_note
from scheduling.signals import appointment_changed

CANCELLABLE = (Status.BOOKED, Status.CONFIRMED, Status.ARRIVED, Status.NO_SHOW)


def cancel(
    appointment: Appointment, *, reason: str, by: Actor, at: datetime, tell_patient: bool = True
) -> Appointment:
    """The staff cancels, and says why."""
    reason = _reason(reason, required=True)
    site = links.site()
    return once_more(
        lambda: _cancel(appointment, reason, by=by, at=at, site=site, staff_did=True, tell=tell_patient)
    )


def cancel_by_link(token: str, *, reason: str = "", by: Actor = VISITOR, at: datetime) -> Appointment:
    """Whoever holds the link cancels."""
    return cancel_own(links.visit_of(token), reason=reason, by=by, at=at)


def cancel_own(appointment: Appointment, *, reason: str = "", by: Actor, at: datetime) -> Appointment:
    """The patient cancels, as long as the clinic's rule allows it."""
    refuse_too_late(appointment, at)
    reason = _reason(reason, required=False)
    site = links.site()
    return once_more(
        lambda: _cancel(appointment, reason, by=by, at=at, site=site, staff_did=False, tell=True)
    )


def _cancel(
    appointment: Appointment, reason: str, *, by: Actor, at: datetime, site: str, staff_did: bool, tell: bool
) -> Appointment:
    with gate_open(*time_of(appointment), at=at) as locked:
        appointment = locked_visit(appointment)
        if appointment.status not in CANCELLABLE:
            raise NotInThatState(
                _("This visit is %(status)s; it cannot be cancelled.")
                % {"status": appointment.get_status_display().lower()}
            )
        # Moved since we looked: its new days are not locked.
        if not all(locked.covers(span) for span in time_of(appointment)):
            raise NotInThatState(_("Somebody else has just moved this visit."))
        before = {"status": appointment.status}
        appointment.status, appointment.cancelled_at = Status.CANCELLED, at
        appointment.cancel_reason = reason
        appointment.revision += 1
        appointment.last_step = step("cancel", at, before)
        appointment.save()
        release(locked, appointment)
    reminders.void(appointment)
    notices.void_stale(appointment)
    if tell:
        notices.tell(notices.CANCELLED, appointment, on=site, at=at, staff_did=staff_did)
    record(
        "appointment.cancelled",
        by=by,
        on=appointment,
        patient=appointment.person.uid,
        detail={"start": appointment.starts_at.isoformat(), "reason": reason},
    )
    appointment_changed.send(sender=Appointment, appointment=appointment, verb="cancelled", at=at)
    return appointment


def _reason(reason: str, *, required: bool) -> str:
    failures: list[Failure] = []
    reason = read_note(reason, failures, field="reason")
    if required and not reason and not failures:
        failures.append(failure("reason", "missing", _("Say why, so that the desk can answer when asked.")))
    if failures:
        raise Invalid(errors=failures)
    return reason

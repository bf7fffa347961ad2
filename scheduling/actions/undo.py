"""To take the last step back, while nothing has been built on it: within ten minutes, by whoever may do the step."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.actors import Actor
from audit.trail import record
from core.problems import NotFound
from messaging import outbox
from practice.models import Provider
from scheduling import links, notices, reminders
from scheduling.actions.move import move_to
from scheduling.actions.status import STEPS
from scheduling.actions.steps import locked_visit
from scheduling.models import Appointment, Status
from scheduling.occupancy import Allotment, gate_open, occupy, once_more
from scheduling.plans import plan_of_move
from scheduling.problems import NotInThatState
from scheduling.signals import appointment_changed


def undo_last(appointment: Appointment, *, by: Actor, user: User, at: datetime) -> Appointment:
    """A status goes back to what it was; a cancelled or moved visit gets its old time again, if it is still free."""
    last = appointment.last_step
    if last is None or appointment.undo_until(at) is None:
        raise NotInThatState(_("There is nothing to undo any more."))
    if last["verb"] in STEPS:
        return _undo_step(appointment, last, by, at)
    site = links.site()
    if last["verb"] == "cancel":
        return once_more(lambda: _undo_cancel(appointment, last, by, at, site))
    return _undo_move(appointment, last, by, at, site)


@transaction.atomic
def _undo_step(appointment: Appointment, last: dict[str, object], by: Actor, at: datetime) -> Appointment:
    appointment = _same(appointment, last)
    what = STEPS[str(last["verb"])]
    appointment.status = _status_before(last)
    setattr(appointment, what.stamp, None)
    appointment.last_step = None
    appointment.save(update_fields=["status", "last_step", what.stamp])
    _record(appointment, last, by, at)
    return appointment


def _undo_cancel(
    appointment: Appointment, last: dict[str, object], by: Actor, at: datetime, site: str
) -> Appointment:
    plan = plan_of_move(appointment, appointment.provider, appointment.starts_at)
    with gate_open(plan.span, at=at) as locked:
        appointment = _same(appointment, last)

        def make(given: Allotment) -> Appointment:
            appointment.room, appointment.device = (
                plan.room_of(given.resources),
                plan.device_of(given.resources),
            )
            appointment.status, appointment.cancelled_at = _status_before(last), None
            appointment.cancel_reason = ""
            appointment.revision += 1
            appointment.last_step = None
            appointment.save()
            return appointment

        occupy(
            locked,
            plan.wants(appointment.person),
            make,
            zone=plan.location.zone,
            public=False,
            override=appointment.is_override,
        )
    # The cancellation had not left yet: the patient never heard of it, and hears nothing now.
    unsaid = notices.void_stale(appointment)
    if not unsaid:
        notices.tell(notices.BOOKED, appointment, on=site, at=at, staff_did=True)
    reminders.plan(appointment, at=at)
    _record(appointment, last, by, at)
    return appointment


def _undo_move(
    appointment: Appointment, last: dict[str, object], by: Actor, at: datetime, site: str
) -> Appointment:
    before = last["before"]
    if not isinstance(before, dict):
        raise NotInThatState
    provider = Provider.objects.in_use().filter(uid=UUID(str(before["provider"]))).first()
    if provider is None:
        raise NotFound
    start = datetime.fromisoformat(str(before["start"]))
    plan = plan_of_move(appointment, provider, start, minutes=before.get("minutes"))
    # Over a conflict only if it had stood over one before.
    reason = appointment.override_reason or (str(_("moved back")) if before["override"] else "")

    def attempt() -> Appointment:
        unsaid = outbox.void(appointment.uid, kinds=[notices.MOVED])
        moved = move_to(
            plan,
            appointment,
            by=by,
            at=at,
            site=site,
            reason=reason if before["override"] else "",
            staff_did=True,
            tell=not unsaid,
            undoing=True,
        )
        if before["status"] == Status.CONFIRMED:
            moved.status, moved.confirmed_at = Status.CONFIRMED, at
            moved.save(update_fields=["status", "confirmed_at"])
        return moved

    return once_more(attempt)


def _same(appointment: Appointment, last: dict[str, object]) -> Appointment:
    """The locked row, if the step is still its last one."""
    appointment = locked_visit(appointment)
    if appointment.last_step != last:
        raise NotInThatState(_("Something else has happened to this visit since."))
    return appointment


def _status_before(last: dict[str, object]) -> Status:
    before = last["before"]
    return Status(before["status"]) if isinstance(before, dict) else Status.BOOKED


def _record(appointment: Appointment, last: dict[str, object], by: Actor, at: datetime) -> None:
    record(
        "appointment.undone",
        by=by,
        on=appointment,
        patient=appointment.person.uid,
        detail={"step": last["verb"]},
    )
    appointment_changed.send(sender=Appointment, appointment=appointment, verb="undone", at=at)

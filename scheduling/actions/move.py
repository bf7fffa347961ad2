"""A visit moves: same row, same links, next revision. Through the same gate as a new one."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.actors import VISITOR, Actor
from audit.trail import record
from core.phones import pretty_phone
from core.spans import Span
from practice.models import Device, Provider, Room
from practice.profile import profile
from scheduling import links, notices, reminders, slots
from scheduling.actions.desk import read_override
from scheduling.actions.steps import locked_visit, step
from scheduling.models import Appointment, Status
from scheduling.occupancy import Allotment, gate_open, occupy, once_more, release, time_of
from scheduling.plans import (
    Plan,
    plan_of_move,
    plan_of_slot,
    refuse_not_offered,
    refuse_odd_length,
    refuse_odd_time,
)
from scheduling.problems import NotInThatState, SlotInvalid, TooLateToChange
from scheduling.quick import refuse_if_surely_taken
from scheduling.signals import appointment_changed

MOVABLE = (Status.BOOKED, Status.CONFIRMED, Status.NO_SHOW)


def move(
    appointment: Appointment,
    *,
    start: datetime,
    provider: Provider | None = None,
    minutes: int | None = None,
    room: Room | None = None,
    device: Device | None = None,
    revision: int | None = None,
    by: Actor,
    user: User,
    at: datetime,
    override_reason: str = "",
    tell_patient: bool = True,
) -> Appointment:
    """The staff moves a visit, or makes it longer or shorter; the patient hears of it after the grace.

    `revision`: the one that was looked at; if somebody has moved the visit since, nothing happens.
    """
    reason = read_override(override_reason, user)
    if minutes is not None:
        refuse_odd_length(minutes)
    refuse_odd_time(start, at)
    provider = provider or appointment.provider
    if provider.pk != appointment.provider_id:
        refuse_not_offered(appointment.service, provider)
    plan = plan_of_move(appointment, provider, start, minutes=minutes, room=room, device=device)
    site = links.site()
    return once_more(
        lambda: move_to(
            plan,
            appointment,
            by=by,
            at=at,
            site=site,
            reason=reason,
            staff_did=True,
            tell=tell_patient,
            revision=revision,
        )
    )


def move_by_link(token: str, *, slot: str, by: Actor = VISITOR, at: datetime) -> Appointment:
    """Whoever holds the link takes another time."""
    return move_own(links.visit_of(token), slot=slot, by=by, at=at)


def move_own(appointment: Appointment, *, slot: str, by: Actor, at: datetime) -> Appointment:
    """The patient takes another time of the same service; by any provider who gives it."""
    refuse_too_late(appointment, at)
    offered = slots.read(slot, at=at)
    if offered.service_id != appointment.service_id or offered.start <= at:
        raise SlotInvalid
    refuse_if_surely_taken(offered, at=at, ours=appointment.pk)
    plan = plan_of_slot(offered)
    if plan.location.pk == appointment.location_id:
        plan = plan.lasting((appointment.ends_at - appointment.starts_at) // timedelta(minutes=1))
    site = links.site()
    return once_more(
        lambda: move_to(plan, appointment, by=by, at=at, site=site, reason="", staff_did=False, tell=True)
    )


def move_to(
    plan: Plan,
    appointment: Appointment,
    *,
    by: Actor,
    at: datetime,
    site: str,
    reason: str,
    staff_did: bool,
    tell: bool,
    undoing: bool = False,
    revision: int | None = None,
) -> Appointment:
    """Lock the old days and the new, let the old time go, take the new one, or leave everything as it was."""
    old = Span(appointment.starts_at, appointment.ends_at)
    with gate_open(plan.span, *time_of(appointment), at=at) as locked:
        appointment = locked_visit(appointment)
        moved = (appointment.starts_at, appointment.ends_at) != (old.start, old.end)
        if moved or (revision is not None and revision != appointment.revision):
            raise NotInThatState(_("Somebody else has just changed this visit. Nothing was moved."))
        _refuse_immovable(appointment)
        release(locked, appointment)
        before = _place_of(appointment)

        def make(given: Allotment) -> Appointment:
            _put(appointment, plan, given, reason)
            appointment.last_step = None if undoing else step("move", at, before)
            appointment.save()
            return appointment

        occupy(
            locked,
            plan.wants(appointment.person),
            make,
            zone=plan.location.zone,
            public=not staff_did,
            override=bool(reason),
        )
        # The visit has left its old start only now.
        locked.rebuild()
    _tell(appointment, before, by=by, at=at, site=site, staff_did=staff_did, tell=tell)
    return appointment


def _put(appointment: Appointment, plan: Plan, given: Allotment, reason: str) -> None:
    # Who confirmed eleven o'clock has confirmed it, however long it takes and in whatever room.
    stays = appointment.is_expected and appointment.starts_at == plan.start
    appointment.provider, appointment.location = plan.provider, plan.location
    appointment.room, appointment.device = plan.room_of(given.resources), plan.device_of(given.resources)
    appointment.starts_at, appointment.ends_at = plan.start, plan.end
    appointment.revision += 1
    if not stays:
        appointment.status, appointment.confirmed_at, appointment.no_show_at = Status.BOOKED, None, None
    appointment.is_override = bool(given.overrides)
    appointment.override_reason = reason if given.overrides else ""


def _place_of(appointment: Appointment) -> dict[str, object]:
    """Where it was, for undo and for the trail."""
    return {
        "start": appointment.starts_at.isoformat(),
        "minutes": (appointment.ends_at - appointment.starts_at) // timedelta(minutes=1),
        "provider": str(appointment.provider.uid),
        "status": appointment.status,
        "override": appointment.is_override,
    }


def _tell(
    appointment: Appointment,
    before: dict[str, object],
    *,
    by: Actor,
    at: datetime,
    site: str,
    staff_did: bool,
    tell: bool,
) -> None:
    reminders.void(appointment)
    unsaid = notices.void_stale(appointment)
    # Whoever has not heard of the visit yet hears of it as it is now, told or not of the change.
    if tell or (unsaid and before["start"] == appointment.starts_at.isoformat()):
        notices.tell(notices.MOVED, appointment, on=site, at=at, staff_did=staff_did)
    reminders.plan(appointment, at=at)
    detail = {
        "from": before,
        "start": appointment.starts_at.isoformat(),
        "end": appointment.ends_at.isoformat(),
        "provider": str(appointment.provider.uid),
        "override_reason": appointment.override_reason,
    }
    record("appointment.moved", by=by, on=appointment, patient=appointment.person.uid, detail=detail)
    appointment_changed.send(sender=Appointment, appointment=appointment, verb="moved", at=at)


def _refuse_immovable(appointment: Appointment) -> None:
    if appointment.status not in MOVABLE:
        raise NotInThatState(
            _("This visit is %(status)s; it cannot be moved any more.")
            % {"status": appointment.get_status_display().lower()}
        )


def refuse_too_late(appointment: Appointment, at: datetime) -> None:
    """What a patient may change by the link: a visit that is expected, and not too soon."""
    if not appointment.is_expected:
        _refuse_immovable(appointment)
        raise NotInThatState
    clinic = profile()
    if at > appointment.changeable_until(clinic.free_cancel_hours):
        phone = appointment.location.phone or clinic.phone
        raise TooLateToChange(
            _("Less than %(hours)d hours before a visit we change it by phone only. Please call %(phone)s.")
            % {
                "hours": clinic.free_cancel_hours,
                "phone": pretty_phone(phone, clinic.region) if phone else clinic.name,
            }
        )

"""A patient books: from a slot or a hold to a visit, its confirmation and its reminders, in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from audit.actors import Actor
from audit.trail import record
from patients.actions import claim_person, keep_key
from patients.models import Person
from practice.models import ResourceKind
from scheduling import links, notices, reminders
from scheduling.days import LockedDays
from scheduling.models import Appointment, BookedVia, Hold, HoldState, Status
from scheduling.occupancy import Allotment, gate_open, hand_over, occupy, once_more
from scheduling.plans import Plan, plan_of_hold
from scheduling.problems import HoldExpired, SlotInvalid, SlotTaken
from scheduling.quick import plan_of_token
from scheduling.request import Agreed, Asked, note_consent, read_request
from scheduling.signals import appointment_changed
from tenants import due

# Who typed too long may still have the time if nobody else took it; after this the page is too old to trust.
STALE = timedelta(hours=1)


@dataclass(frozen=True)
class Booked:
    """A visit that stands, and the key to it."""

    appointment: Appointment
    manage_token: str
    manage_url: str


def book(
    *,
    slot: str | None = None,
    hold: UUID | None = None,
    patient: Any = None,
    person: Person | None = None,
    consents: Any = None,
    notes: Any = "",
    accepted_policy: Any = None,
    via: BookedVia,
    by: Actor,
    at: datetime,
) -> Booked:
    """Book what the token offers or the hold keeps: for somebody who fills in a form, or for a `person` who has signed in.

    1. Everything that can be refused without looking at the calendar is refused first, all at once.
    2. Under the lock of the days: the time, the claimed person, the visit, the messages, the reminders, the trail.
    3. The person's key is stored as the last statement before COMMIT: who loses leaves no key.
    """
    held = _hold(hold, at) if hold is not None else None
    plan = plan_of_hold(held) if held else plan_of_token(slot or "", at=at)
    if plan.start <= at:
        raise SlotInvalid
    asked = read_request(
        patient=patient,
        person=person,
        consents=consents,
        notes=notes,
        accepted_policy=accepted_policy,
        at=at,
        plan=plan,
    )
    site = links.site()
    return once_more(lambda: _book(plan, held, asked, person, via=via, by=by, at=at, site=site))


def _book(
    plan: Plan,
    hold: Hold | None,
    asked: Asked,
    known: Person | None,
    *,
    via: BookedVia,
    by: Actor,
    at: datetime,
    site: str,
) -> Booked:
    with gate_open(plan.span, at=at) as locked:
        if hold is not None:
            hold = Hold.objects.select_for_update(no_key=True, of=("self",)).get(pk=hold.pk)
            _refuse_used(hold)

        def make(given: Allotment) -> Appointment:
            person = known or claim_person(asked.details, by=by, at=at)
            return _appointment(plan, person, asked, given, via=via, by=by, at=at)

        if hold is not None and hold.is_live(at):
            appointment = make(Allotment([]))
            _use(locked, hold, appointment)
        else:
            appointment = occupy(locked, plan.wants(), make, zone=plan.location.zone)
            if hold is not None:
                Hold.objects.filter(pk=hold.pk).update(
                    state=HoldState.USED, seat=None, appointment=appointment
                )
        if known is not None:
            _occupy_patient(locked, plan, known, appointment)
    return finish(
        appointment, agreed=asked.agreed, by=by, at=at, site=site, verb="appointment.booked", staff_did=False
    )


def finish(
    appointment: Appointment,
    *,
    agreed: Agreed,
    by: Actor,
    at: datetime,
    site: str,
    verb: str,
    staff_did: bool,
    tell: bool = True,
    detail: Mapping[str, Any] | None = None,
) -> Booked:
    """What follows from a new visit: consent, messages, reminders, news, trail; the person's key last."""
    person = appointment.person
    note_consent(person, agreed, at=at)
    token = links.create(appointment, at=at)
    if tell:
        notices.tell(notices.BOOKED, appointment, on=site, at=at, staff_did=staff_did)
    reminders.plan(appointment, at=at)
    record(
        verb,
        by=by,
        on=appointment,
        patient=person.uid,
        detail={
            "service": str(appointment.service.uid),
            "provider": str(appointment.provider.uid),
            "start": appointment.starts_at.isoformat(),
            "consents": {"service_sms": agreed.service_sms, "policy": agreed.policy},
            **(detail or {}),
        },
    )
    appointment_changed.send(sender=Appointment, appointment=appointment, verb="booked", at=at)
    keep_key(person)
    return Booked(appointment, token, links.address(token, on=site))


def _appointment(
    plan: Plan, person: Person, asked: Asked, given: Allotment, *, via: BookedVia, by: Actor, at: datetime
) -> Appointment:
    appointment = new_appointment(plan, person, agreed=asked.agreed, note=asked.note, via=via, by=by, at=at)
    appointment.room, appointment.device = plan.room_of(given.resources), plan.device_of(given.resources)
    appointment.save(force_insert=True)
    return appointment


def new_appointment(
    plan: Plan, person: Person, *, agreed: Agreed, note: str, via: BookedVia, by: Actor, at: datetime
) -> Appointment:
    """The row as it will be; without room and device."""
    return Appointment(
        person=person,
        service=plan.service,
        provider=plan.provider,
        location=plan.location,
        starts_at=plan.start,
        ends_at=plan.end,
        status=Status.BOOKED,
        booked_via=via,
        booked_by=str(by),
        note=note,
        price_amount=plan.service.price_amount,
        currency=plan.service.currency,
        service_sms=agreed.service_sms,
        policy_version=agreed.policy,
        created_at=at,
    )


def _use(locked: LockedDays, hold: Hold, appointment: Appointment) -> None:
    """What was held becomes the visit's, room and device with it."""
    appointment.room_id, appointment.device_id = hold.room_id, hold.device_id
    appointment.save(update_fields=["room", "device"])
    hand_over(locked, hold, appointment)
    Hold.objects.filter(pk=hold.pk).update(state=HoldState.USED, seat=None, appointment=appointment)
    due.cancel("hold", [hold.uid])


def _occupy_patient(locked: LockedDays, plan: Plan, person: Person, appointment: Appointment) -> None:
    """Whom we know cannot be in two places at once, and may be told so."""
    own = [want for want in plan.wants(person) if want.kind == ResourceKind.PATIENT]
    try:
        occupy(locked, own, lambda _given: appointment, zone=plan.location.zone)
    except SlotTaken as problem:
        text = _(
            "There is another visit of yours at this time. Choose another one, or move that visit first."
        )
        raise SlotTaken(problem.clashes, detail=str(text)) from problem


def _hold(uid: UUID, at: datetime) -> Hold:
    hold = Hold.objects.filter(uid=uid).first()
    if hold is None:
        raise SlotInvalid
    _refuse_used(hold)
    if hold.state == HoldState.RELEASED or at >= hold.expires_at + STALE:
        raise HoldExpired
    return hold


def _refuse_used(hold: Hold) -> None:
    if hold.state == HoldState.USED:
        raise SlotTaken(detail=str(_("This time has been booked already.")))

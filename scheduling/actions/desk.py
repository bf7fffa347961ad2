"""The desk books for somebody: any start within hours, or over a conflict with permission and a reason."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.access import require
from accounts.models import User
from audit.actors import Actor
from core.clock import local_date
from core.problems import Failure, Invalid, failure
from patients.actions import create_person
from patients.models import Person
from patients.rules import Details, Entry, read_details
from practice import queries
from practice.models import Location, PolicyKind, Provider, Service
from practice.profile import profile
from scheduling import links
from scheduling.actions.book import Booked, finish, new_appointment
from scheduling.models import Appointment, BookedVia
from scheduling.occupancy import Allotment, gate_open, occupy, once_more
from scheduling.plans import Plan, plan_of, refuse_not_offered, refuse_odd_time
from scheduling.request import Agreed, read_note

PERMISSION = "appointments.override"


def book_for(
    *,
    service: Service,
    provider: Provider,
    location: Location,
    start: datetime,
    person: Person | None = None,
    new_person: Mapping[str, Any] | None = None,
    notes: str = "",
    service_sms: bool = False,
    tell_patient: bool = True,
    override_reason: str = "",
    via: BookedVia = BookedVia.DESK,
    by: Actor,
    user: User,
    at: datetime,
) -> Booked:
    """Book for a person who was found, or is new. `service_sms`: the person agreed to texts, and staff says so."""
    reason = read_override(override_reason, user)
    details, note = _read(person, new_person, notes, at, location)
    refuse_not_offered(service, provider)
    refuse_odd_time(start, at)
    plan = plan_of(service, provider, location, start)
    agreed = Agreed(service_sms=_current_text() if service_sms else "")
    site = links.site()

    def attempt() -> Booked:
        who = person if person is not None else _create(details, by, at)
        return _book(plan, who, agreed, note, reason, via=via, by=by, at=at, site=site, tell=tell_patient)

    return once_more(attempt)


def _book(
    plan: Plan,
    person: Person,
    agreed: Agreed,
    note: str,
    reason: str,
    *,
    via: BookedVia,
    by: Actor,
    at: datetime,
    site: str,
    tell: bool,
) -> Booked:
    over: list[str] = []
    with gate_open(plan.span, at=at) as locked:

        def make(given: Allotment) -> Appointment:
            over.extend(given.overrides)
            appointment = new_appointment(plan, person, agreed=agreed, note=note, via=via, by=by, at=at)
            appointment.room, appointment.device = (
                plan.room_of(given.resources),
                plan.device_of(given.resources),
            )
            appointment.is_override, appointment.override_reason = bool(over), reason if over else ""
            appointment.save(force_insert=True)
            return appointment

        appointment = occupy(
            locked, plan.wants(person), make, zone=plan.location.zone, public=False, override=bool(reason)
        )
    return finish(
        appointment,
        agreed=agreed,
        by=by,
        at=at,
        site=site,
        verb="appointment.booked_over_conflict" if over else "appointment.booked",
        staff_did=True,
        tell=tell,
        detail={"overrides": over, "reason": reason} if over else None,
    )


def read_override(reason: str, user: User) -> str:
    """The typed reason, if this person may override at all; blank where none was typed."""
    failures: list[Failure] = []
    reason = read_note(reason, failures, field="override_reason")
    if failures:
        raise Invalid(errors=failures)
    if reason:
        require(user, PERMISSION)
    return reason


def _read(
    person: Person | None, new_person: Mapping[str, Any] | None, notes: Any, at: datetime, location: Location
) -> tuple[Details | None, str]:
    failures: list[Failure] = []
    note = read_note(notes, failures)
    details = None
    if person is None and new_person is None:
        failures.append(failure("patient", "missing", _("Find the patient or add a new one.")))
    elif person is None and new_person is not None:
        try:
            details = read_details(
                new_person,
                on=local_date(at, location.zone),
                entry=Entry.STAFF,
                region=profile().region,
                prefix="patient.",
            )
        except Invalid as problem:
            failures.extend(problem.errors)
    if failures:
        raise Invalid(errors=failures)
    return details, note


def _create(details: Details | None, by: Actor, at: datetime) -> Person:
    if details is None:
        raise RuntimeError("a new person needs details")
    return create_person(details, by=by, at=at)


def _current_text() -> str:
    text = queries.current_texts().get(PolicyKind.SERVICE_SMS)
    return text.version if text else ""

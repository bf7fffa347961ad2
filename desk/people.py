"""People in lists: who they are, how to reach them, and when they were or will be here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.access import Anybody, may
from core.clock import local
from core.phones import pretty_phone
from core.words import full_date, initials
from desk.board import Text
from desk.places import Home, home
from patients.models import Person
from scheduling.models import Appointment
from scheduling.models.appointments import EXPECTED, PRESENT
from scheduling.patient_pages import words

HERE: Final = timedelta(hours=16)


@dataclass(frozen=True)
class Found:
    """One line of a list or one option of a search."""

    uid: UUID
    name: str
    initials: str
    meta: str
    born: str
    phone: str
    e164: str
    email: str
    last_visit: str
    next_visit: str
    badge: Text
    tone: str
    is_verified: bool


def described(people: Iterable[Person], user: Anybody, *, at: datetime) -> list[Found]:
    """The people with their next visit, in one query for all of them."""
    rows = list(people)
    coming = _coming(rows, at) if rows and may(user, "appointments.view") else {}
    reach = may(user, "patients.contact")
    clinic = home() if rows else None
    return [_found(person, coming.get(person.pk), clinic, at, reach=reach) for person in rows if clinic]


def _found(person: Person, visit: Appointment | None, clinic: Home, at: datetime, *, reach: bool) -> Found:
    here = visit is not None and visit.status in PRESENT
    born = full_date(person.date_of_birth) if person.date_of_birth else ""
    coming = words.soon(visit.starts_local, at) if visit is not None else ""
    phone = person.phone if reach else ""
    seen = person.last_visit_at
    last = full_date(local(seen, clinic.zone).date()) if seen else ""
    if here:
        state = _t("here now")
    elif coming:
        state = _t("next %(when)s") % {"when": coming}
    else:
        state = _t("last %(when)s") % {"when": last} if last else ""
    pretty = pretty_phone(phone, clinic.region) if phone else ""
    return Found(
        uid=person.uid,
        name=person.name,
        initials=initials(person.name),
        meta=" · ".join(part for part in (born or pretty, state) if part),
        born=born,
        phone=pretty,
        e164=phone,
        email=person.email if reach else "",
        last_visit=last,
        next_visit=coming,
        badge=_("Here") if here else ("" if person.is_verified else _("Not verified")),
        tone="warning" if here else "",
        is_verified=person.is_verified,
    )


def _coming(people: list[Person], at: datetime) -> dict[int, Appointment]:
    """Each person's visit that is going on, or else the next one."""
    now_or_later = Q(status__in=PRESENT, starts_at__gt=at - HERE) | Q(status__in=EXPECTED, starts_at__gt=at)
    rows = (
        Appointment.objects.filter(now_or_later, person__in=people)
        .select_related("location")
        .order_by("person_id", "starts_at")
        .distinct("person_id")
    )
    return {visit.person_id: visit for visit in rows}

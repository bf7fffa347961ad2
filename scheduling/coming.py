"""The visits ahead of somebody: for who asks on the same page, and for the floors below by a path in the settings."""

from datetime import datetime
from typing import Final

from consents.coming import Coming
from core.reading import once
from patients.models import Person
from patients.record import MOST_ENTRIES
from practice.models import Service
from scheduling.models import Appointment, Status
from scheduling.models.appointments import EXPECTED, PRESENT

AHEAD: Final = (*EXPECTED, *PRESENT)


@once
def newest_visits(person: Person, most: int) -> list[Appointment]:
    """The latest first, those ahead before them."""
    return list(Appointment.objects.whole().filter(person=person).order_by("-starts_at")[:most])


def coming_visits(person: Person, at: datetime) -> list[Coming]:
    """The soonest first; those that have begun and are not over too."""
    return [Coming(visit.uid, visit.service, visit.starts_at) for visit in visits_ahead(person, at)]


def services_ahead(person: Person, *, at: datetime) -> list[Service]:
    """What the visits are for that have not begun, each once, the next visit first."""
    waiting = [visit for visit in visits_ahead(person, at) if visit.status != Status.IN_ROOM]
    return list({visit.service.pk: visit.service for visit in waiting}.values())


@once
def visits_ahead(person: Person, at: datetime) -> list[Appointment]:
    """Taken from the page's timeline where it has one."""
    rows = newest_visits.kept(person, MOST_ENTRIES)
    if rows is None:
        ahead = Appointment.objects.filter(person=person, ends_at__gt=at, status__in=AHEAD)
        rows = list(ahead.select_related("service").order_by("-starts_at"))
    return [visit for visit in reversed(rows) if visit.ends_at > at and visit.status in AHEAD]

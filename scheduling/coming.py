"""The visits ahead of somebody, for the floors below that ask by a path in the settings."""

from datetime import datetime

from consents.coming import Coming
from patients.models import Person
from scheduling.models import Appointment
from scheduling.models.appointments import EXPECTED, PRESENT


def coming_visits(person: Person, at: datetime) -> list[Coming]:
    """The soonest first; those that have begun and are not over too."""
    rows = Appointment.objects.filter(person=person, ends_at__gt=at, status__in=(*EXPECTED, *PRESENT))
    return [
        Coming(visit.uid, visit.service, visit.starts_at)
        for visit in rows.select_related("service").order_by("starts_at")
    ]

"""What scheduling offers for the patient's home: the next visit, and those that were."""

from typing import Any

from django.urls import reverse

from patients.cards import Asked, Card
from scheduling.access import own_visits
from scheduling.models import Appointment
from scheduling.patient_pages import visiting, words
from scheduling.patient_pages.locations import again, named

RECENT = 3


def next_visit(asked: Asked) -> Card:
    """The ticket of the next visit, with what may be done about it; an invitation where there is none."""
    visits = own_visits(asked.person, by=asked.by, at=asked.at)
    if not visits.coming:
        return Card("scheduling/home/none_ahead.html", {"book_href": reverse("book")})
    first, later = visits.coming[0], visits.coming[1:]
    context = visiting.ticket(first, own_door(asked, first), asked.at)
    context["later"] = [line(each) for each in later[:RECENT]]
    context["more"] = len(visits.coming) > 1 + RECENT
    return Card("scheduling/home/next_visit.html", context)


def past_visits(asked: Asked) -> Card | None:
    """The last few, to book again."""
    visits = own_visits(asked.person, by=asked.by, at=asked.at)
    past = [each for each in visits.past if not each.is_cancelled][:RECENT]
    return (
        Card("scheduling/home/past_visits.html", {"visits": [line(each) for each in past]}) if past else None
    )


def own_door(asked: Asked, appointment: Appointment) -> visiting.Door:
    """The way to the visit's pages in the portal."""
    return visiting.Door(
        by=asked.by,
        prefix="portal:",
        key=appointment.uid,
        reopen=lambda: appointment,
        layout="portal/base.html",
    )


def line(appointment: Appointment) -> dict[str, Any]:
    """A visit in a list."""
    starts = appointment.starts_local
    service = appointment.service
    return {
        "uid": appointment.uid,
        "day": starts.date(),
        "year": starts.year,
        "when": words.from_to(starts, appointment.ends_local),
        "service": service.name,
        "provider": appointment.provider.name,
        "status": appointment.status,
        "is_cancelled": appointment.is_cancelled,
        "place": named(appointment.location),
        "again_href": again(appointment) if service.online and not service.archived_at else "",
    }

"""Which of the clinic's locations: asked only where a treatment can be had at several of them.

The choice stands in the address (`?location=`) and goes along from page to page; without it, it is the first at which
somebody gives the treatment.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest

from practice import queries
from practice.models import Location
from practice.profile import first_location, profile, several_locations
from scheduling.models import Appointment
from scheduling.offers import Offer, Option
from scheduling.patient_pages.offering import Treatment
from scheduling.patient_pages.page import address
from scheduling.patient_pages.picker import id_wish


@dataclass(frozen=True)
class Choice:
    """A location as the visitor chooses it."""

    name: str
    href: str
    current: bool


def wished(request: HttpRequest) -> UUID | None:
    return id_wish(request.GET.get("location"))


def to_choose() -> list[Location]:
    """The locations to choose from; none where there is but one."""
    return queries.locations() if several_locations() else []


def treatments_elsewhere(places: list[Location], location: UUID | None) -> list[Choice]:
    """The list of treatments for each location; without a wish it is that of the first."""
    current = location or (places[0].uid if places else None)
    return [Choice(each.name, address("book", location=each.uid), each.uid == current) for each in places]


def chosen(offer: Offer) -> Location | None:
    """Where the offer is, for the head and the summary; nothing in a clinic of one location."""
    return named(Location.objects.get(pk=offer.place.id)) if several_locations() else None


def named(place: Location) -> Location | None:
    """The place, where the visitor must be told it: in a clinic of several."""
    return place if several_locations() else None


def again(appointment: Appointment) -> str:
    """Where the same treatment is booked once more: there, by the same provider where she still gives it."""
    service, place = appointment.service, appointment.location
    where = None if place.archived_at else to_name(place)
    if not service.online or service.archived_at:
        return address("book", location=where)
    return address("book_time", service.uid, provider=appointment.provider.uid, location=where, again=1)


def to_name(place: Location) -> UUID | None:
    """What an address must say to lead to the location: nothing where it is the clinic's first."""
    return None if str(place.uid) == first_location(profile()).get("uid") else place.uid


def people_elsewhere(treatment: Treatment, offer: Offer) -> list[Choice]:
    """The same treatment at each location."""
    return _choices(offer, lambda each: Treatment(treatment.service, each.place.uid).href)


def times_elsewhere(treatment: Treatment, offer: Offer, provider: UUID | None) -> list[Choice]:
    """The times at each location, by the same provider where she works there too."""

    def href(each: Option) -> str:
        by = provider if each.has(provider) else None
        return address("book_time", treatment.service.uid, provider=by, location=each.place.uid)

    return _choices(offer, href)


def _choices(offer: Offer, href: Callable[[Option], str]) -> list[Choice]:
    return [Choice(each.place.name, href(each), each.place == offer.place) for each in offer.options]

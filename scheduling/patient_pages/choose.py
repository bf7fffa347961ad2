"""Treatment, provider, time: what is chosen so far stands in the address, nothing is kept on the server."""

from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from core.clock import now
from core.problems import NotFound, TooMany
from practice import queries
from scheduling import limits, slots
from scheduling.patient_pages import holding, locations, offering
from scheduling.patient_pages.details import details_page
from scheduling.patient_pages.page import UNREADABLE, address, go, patient_page, show, steps
from scheduling.patient_pages.picker import id_wish
from scheduling.patient_pages.times import (
    CONFLICT,
    choose_first,
    kept,
    lost_page,
    open_too_long,
    time_page,
    warning,
)
from scheduling.problems import SlotExpired, SlotInvalid, SlotTaken
from scheduling.visitors import visitor_of

TOO_MANY: Final = 429


@patient_page()
def home(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(address("book"))


@patient_page()
def book(request: HttpRequest) -> HttpResponse:
    """What would you like to book?"""
    location, places = locations.wished(request), locations.to_choose()
    if location is not None and location not in {place.uid for place in places or queries.locations()}:
        raise NotFound
    opening = offering.opening_lines()
    context = {
        "steps": steps("treatment"),
        "groups": offering.groups(location),
        "choices": locations.treatments_elsewhere(places, location),
        "places": [(each, opening.get(each.pk, [])) for each in places],
        "place": next((each for each in places if each.uid == location), None),
        "opening": [] if places else next(iter(opening.values()), []),
        "changes": offering.changes_in_words(),
    }
    return show(request, "book", context)


@patient_page()
def book_provider(request: HttpRequest, service: UUID) -> HttpResponse:
    """Who should see you? Not asked where only one person gives the treatment."""
    at, location = now(), locations.wished(request)
    limits.check("availability", request, at)
    treatment = offering.treatment(service, location)
    people = offering.people(treatment, at)
    if len(people.found) == 1 and not people.offer.options:
        return HttpResponseRedirect(people.found[0].href)
    context = {
        "steps": steps("provider", service, location=location),
        "treatment": treatment,
        "people": people.found,
        "first": people.first,
        "any_href": address("book_time", service, location=location),
        "places": locations.people_elsewhere(treatment, people.offer),
        "place": locations.chosen(people.offer),
    }
    return show(request, "book_provider", context)


@patient_page("GET", "POST")
def book_time(request: HttpRequest, service: UUID) -> HttpResponse:
    """When suits you? A press on a time holds it and goes on to the details."""
    at = now()
    treatment = offering.treatment(service, locations.wished(request))
    if request.method != "POST":
        limits.check("availability", request, at)
        try:
            return time_page(request, treatment, at)
        except NotFound:
            if "again" not in request.GET:
                raise
            # Booked before with somebody who does not give it there any more.
            return HttpResponseRedirect(treatment.href)
    if "look" in request.POST:  # another day, without losing what was typed
        return time_page(request, treatment, at)
    limits.check("holds", request, at)
    token = request.POST.get("slot", "")
    if not token:
        return time_page(request, treatment, at, notice=choose_first(), status=UNREADABLE)
    anybody = id_wish(request.GET.get("provider")) is None
    try:
        hold = holding.take(token, treatment.service, visitor=visitor_of(request), anybody=anybody, at=at)
    except SlotTaken as problem:
        return lost_page(request, treatment, at, slots.read(token, at=at).start, problem)
    except SlotExpired:
        return time_page(request, treatment, at, notice=open_too_long(), status=CONFLICT)
    except SlotInvalid:
        return time_page(request, treatment, at, notice=choose_first(), status=UNREADABLE)
    except TooMany as problem:
        notice = warning(_("One moment."), problem.detail, icon="hourglass")
        return time_page(request, treatment, at, notice=notice, status=TOO_MANY)
    if typed := kept(request.POST):
        return details_page(request, hold, at, anybody=anybody, typed=typed)
    return go("book_details", hold.uid, any=1 if anybody else None)

"""The calendar: today, any other day, any week; by provider, room or device; asked for again every ten seconds."""

from datetime import date

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import may, require
from accounts.pages import first_page, staff_page
from core.clock import local_date, now
from core.http import is_htmx, vary_on_htmx
from desk import answers, calendar
from desk.calendar import DAY, WEEK
from desk.places import read_places, staff_of
from scheduling.versions import version_of


@require_GET
@staff_page()
def today(request: HttpRequest) -> HttpResponse:
    """Where everybody begins: the day, or for a role without a calendar the own page."""
    if not is_htmx(request) and not may(request.user, "appointments.view"):
        return HttpResponseRedirect(first_page(staff_of(request)))
    require(request.user, "appointments.view")
    return _calendar(request, DAY, None)


@require_GET
@staff_page("appointments.view")
def day(request: HttpRequest, on: date) -> HttpResponse:
    return _calendar(request, DAY, on)


@require_GET
@staff_page("appointments.view")
def this_week(request: HttpRequest) -> HttpResponse:
    return _calendar(request, WEEK, None)


@require_GET
@staff_page("appointments.view")
def week(request: HttpRequest, on: date) -> HttpResponse:
    return _calendar(request, WEEK, on)


@require_GET
@staff_page("appointments.view")
def go_to_day(request: HttpRequest) -> HttpResponse:
    """Where the date picker and the filters lead; to today for what is no date."""
    at = now()
    places = read_places(request, at=at)
    kind = WEEK if request.GET.get("view") == WEEK else DAY
    asked = calendar.read(request, kind, None).at(places)
    try:
        on = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        on = None
    if on is not None and not 2000 <= on.year < 2100:
        on = None
    here = places.here
    if on is None and (kind == DAY or here is None):
        return HttpResponseRedirect(answers.home_of(asked))
    return HttpResponseRedirect(asked.url(on or local_date(at, here.zone if here else "UTC")))


def _calendar(request: HttpRequest, kind: str, on: date | None) -> HttpResponse:
    at = now()
    places = read_places(request, at=at)
    poll = is_htmx(request)
    current = answers.shown_visit(request) if poll else None
    asked = calendar.read(request, kind, on)
    version = ""
    if poll and places.here is not None:
        first = asked.first(on or local_date(at, places.here.zone))
        version = version_of(places.here, first, asked.count, at=at)
        if version == request.headers.get("X-Version"):
            return HttpResponse(status=204)
    context = {"at": at} | answers.calendar_context(request, places, asked, at=at, current=current)
    if context["board"] is None:
        return render(request, "desk/no_location.html", context)
    # Without names it is not what it could be: the next look is a whole one.
    context["version"] = "" if context["board"].names_hidden else version
    response = render(request, "desk/_poll.html" if poll else "desk/calendar.html", context)
    vary_on_htmx(response)
    return response

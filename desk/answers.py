"""How the desk answers: a panel by itself for htmx, beside its day for a whole page, and what a change leaves on both."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils.functional import Promise

from accounts.access import may
from core.clock import local_date
from core.http import is_htmx, see_other, vary_on_htmx
from desk import board, calendar, week
from desk.calendar import Asked
from desk.places import Places, read_places, staff_of
from practice.models import Location
from practice.profile import profile
from scheduling.calendar import By, Wanted, days_view
from scheduling.models import Appointment

DAY_PAGES: Final = {
    "today",
    "day",
    "week",
    "visit",
    "move",
    "cancel",
    "confirm",
    "check_in",
    "start",
    "complete",
    "no_show",
}
Text = str | Promise


@dataclass(frozen=True)
class Toast:
    """What was done, and where it can be taken back."""

    text: Text
    undo: str = ""
    hush: str = ""  # where the patient can be left untold


def calendar_context(
    request: HttpRequest, places: Places, asked: Asked, *, at: datetime, current: UUID | None = None
) -> dict[str, Any]:
    """The day or the week of a location, for the calendar's templates."""
    if places.here is None:
        return {"places": places, "board": None}
    staff, asked = staff_of(request), asked.at(places)
    today = local_date(at, places.here.zone)
    on = asked.on or today
    first = asked.first(on)
    views = days_view(staff, places.here, first, asked.count, at=at, by=asked.by, wanted=asked.wanted)
    may_book = may(staff, "appointments.manage")
    drawn: board.Board | week.Week
    if asked.is_week:
        drawn = week.build(
            views, at=at, current=current, query=asked.query, place=asked.place, may_book=may_book
        )
    else:
        step = profile().slot_minutes
        drawn = board.build(views[0], at=at, current=current, place=asked.place, may_book=may_book, step=step)
    return {
        "places": places,
        "board": drawn,
        "may_block": may_book,
        "today": today,
        "asked": asked,
        "on": on,
        "cal": _links(asked, first, on, today),
        "calendar_part": "desk/week/_cal.html" if asked.is_week else "desk/day/_cal.html",
    }


def home_of(asked: Asked) -> str:
    """The same calendar of today."""
    return reverse("desk:this_week" if asked.is_week else "desk:today") + asked.query


def _links(asked: Asked, first: date, on: date, today: date) -> dict[str, Any]:
    """Where the calendar's own buttons lead."""
    step = timedelta(days=asked.count)
    return {
        "url": asked.url(first),
        "previous": asked.url(first - step),
        "next": asked.url(first + step),
        "day": asked.url(today if first <= today < first + step else on, calendar.DAY),
        "week": asked.url(on, calendar.WEEK),
        "today": home_of(asked),
        "is_today": first <= today < first + step,
        "place": f"?location={asked.place}" if asked.place else "",
        "bare": replace(asked, wanted=Wanted(), by=By.PROVIDER).url(first),
        "carried": asked.pairs,
        "filter": "?" + urlencode([("view", asked.kind), ("day", on.isoformat()), *asked.pairs]),
    }


def panel(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    at: datetime,
    here: Location | None = None,
    on: date | None = None,
    current: UUID | None = None,
    asked: Asked | None = None,
    status: int = 200,
) -> HttpResponse:
    """The panel for htmx; for everybody else the whole page, the panel beside its day."""
    context = {"panel": template, "at": at} | context
    if is_htmx(request):
        response = render(request, template, context, status=status)
    else:
        places = read_places(request, at=at, here=here)
        context |= calendar_context(request, places, asked or Asked(on=on), at=at, current=current)
        response = render(request, "desk/calendar.html", context, status=status)
    vary_on_htmx(response)
    return response


def changed(
    request: HttpRequest,
    appointment: Appointment,
    toast: Toast,
    *,
    at: datetime,
    part: tuple[str, dict[str, Any]],
    status: int = 200,
) -> HttpResponse:
    """After a visit changed: its panel, its day and the news in one answer; without htmx, its page with the news."""
    url = reverse("desk:visit", args=[appointment.uid])
    if not is_htmx(request) or shown(request)[0] not in DAY_PAGES:
        tell(request, toast, failed=status >= 400)
        return see_other(request, url)
    template, context = part
    places = read_places(request, at=at, here=appointment.location)
    on = local_date(appointment.starts_at, appointment.location.zone)
    asked = replace(calendar.shown(request) or Asked(), on=on)
    context = {
        "panel": template,
        "at": at,
        "oob": True,
        "toast": toast if status < 400 else None,
        **context,
        **calendar_context(request, places, asked, at=at, current=appointment.uid),
    }
    # What was dropped on the calendar is answered on the calendar; only a refusal opens the panel.
    context["quiet"] = quiet = status < 400 and bool(request.POST.get("drop"))
    response = render(request, "desk/_changed.html", context, status=status)
    if quiet:
        response["HX-Reswap"] = "none"
    else:
        response["HX-Push-Url"] = url
    return response


def calendar_changed(
    request: HttpRequest, toast: Toast, *, at: datetime, here: Location, on: date, failed: bool = False
) -> HttpResponse:
    """After something other than a visit changed: the calendar, no panel, and the news."""
    asked = calendar.shown(request)
    places = read_places(request, at=at, here=here)
    if not is_htmx(request) or asked is None:
        tell(request, toast, failed=failed)
        return see_other(request, Asked(on=on).at(places).url(on))
    context = {
        "at": at,
        "oob": True,
        "toast": toast,
        "failed": failed,
        "no_panel": True,
        **calendar_context(request, places, asked, at=at),
    }
    response = render(request, "desk/_changed.html", context, status=409 if failed else 200)
    response["HX-Push-Url"] = context["cal"]["url"]
    return response


def tell(request: HttpRequest, toast: Toast, *, failed: bool = False) -> None:
    """News for the next page. Never a name: messages travel in a cookie."""
    level = messages.ERROR if failed else messages.SUCCESS
    messages.add_message(request, level, str(toast.text), extra_tags=toast.undo)


def shown(request: HttpRequest) -> tuple[str, dict[str, Any]]:
    """The name of the page that htmx asks from, and what its address says."""
    try:
        match = resolve(urlsplit(request.headers.get("HX-Current-URL", "")).path)
    except Resolver404:
        return "", {}
    return (match.url_name or "" if match.namespace == "desk" else ""), match.kwargs


def shown_visit(request: HttpRequest) -> UUID | None:
    """The visit that the panel of the asking page is about."""
    uid = shown(request)[1].get("uid")
    return uid if isinstance(uid, UUID) else None


def go(url: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(url, status=303)

"""The page of days and times, as it is shown at first and after a time was lost."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from core.clock import local
from scheduling.forms import KEPT
from scheduling.models import Hold
from scheduling.offers import read_offer
from scheduling.patient_pages import holding, words
from scheduling.patient_pages.locations import named, times_elsewhere
from scheduling.patient_pages.offering import Treatment
from scheduling.patient_pages.page import address, show, steps
from scheduling.patient_pages.picker import Asked, Wish, id_wish, pick
from scheduling.problems import SlotTaken
from scheduling.visitors import visitor_of

CONFLICT: Final = 409


def time_page(
    request: HttpRequest,
    treatment: Treatment,
    at: datetime,
    *,
    provider: UUID | None = None,
    location: UUID | None = None,
    wish: Wish | None = None,
    notice: Mapping[str, Any] | None = None,
    taken: datetime | None = None,
    status: int = 200,
) -> HttpResponse:
    """Days and times of a treatment. What was typed before travels along in hidden fields."""
    uid = treatment.service.uid
    provider = provider or id_wish(request.GET.get("provider"))
    location = location or treatment.location

    def link(**query: Any) -> str:
        return address("book_time", uid, provider=provider, location=location, **query)

    picker = pick(Asked(uid, provider, location), wish or Wish.of(request.GET), at=at, link=link, taken=taken)
    context = {
        "steps": steps("time", uid, provider, location),
        "treatment": treatment,
        "picker": picker,
        "with_whom": picker.offer.givers[0].name if provider else "",
        "people_href": address("book_provider", uid, location=location),
        "places": times_elsewhere(treatment, picker.offer, provider),
        "place": named(picker.place),
        "action": link(day=picker.day) if picker.day else link(),
        "notice": notice,
        "second": _("Anyone who is free") if provider else "",
        "second_href": address("book_time", uid, location=location, day=picker.day) if provider else "",
        "kept": kept(request.POST),
        "held": [held_in_words(hold) for hold in holding.live_holds(visitor_of(request), at)],
    }
    return show(request, "book_time", context, status=status)


def lost_page(
    request: HttpRequest,
    treatment: Treatment,
    at: datetime,
    start: datetime,
    problem: SlotTaken,
    *,
    provider: UUID | None = None,
    location: UUID | None = None,
) -> HttpResponse:
    """Somebody was faster: the same day again, as it is now."""
    start = local(start, read_offer(treatment.service.uid, location or treatment.location).timezone)
    notice = taken_notice(start, problem)
    wish = Wish(day=start.date())
    return time_page(
        request,
        treatment,
        at,
        provider=provider,
        location=location,
        wish=wish,
        notice=notice,
        taken=start,
        status=CONFLICT,
    )


def held_in_words(hold: Hold) -> dict[str, str]:
    zone = hold.location.zone
    return {
        "what": words.day_and_time(local(hold.starts_at, zone)),
        "treatment": hold.service.name,
        "until": words.clock(local(hold.expires_at, zone)),
        "href": address("book_details", hold.uid),
    }


def kept(typed: Mapping[str, Any]) -> dict[str, str]:
    """What the visitor typed into the details before her time was lost."""
    return {name: typed[name] for name in KEPT if typed.get(name)}


def taken_notice(start: datetime, problem: SlotTaken) -> dict[str, Any]:
    """What happened to the time, `start` being local."""
    words_of = {"time": words.clock(start)}
    if str(problem.detail) != str(SlotTaken.default_detail):
        return warning(_("%(time)s cannot be held right now.") % words_of, problem.detail)
    text = _("Nothing is lost. The times below are up to date.")
    return warning(_("%(time)s was just taken.") % words_of, text)


def warning(title: str, text: Any, icon: str = "clock") -> dict[str, Any]:
    return {"tone": "warning", "icon": icon, "title": title, "text": text}


def choose_first() -> dict[str, Any]:
    title, text = _("Choose a time."), _("Press one of the times below to go on.")
    return {"tone": "danger", "icon": "triangle-alert", "title": title, "text": text}


def open_too_long() -> dict[str, Any]:
    text = _("The times below are up to date now. Please choose again.")
    return warning(_("This page was open for a while."), text)

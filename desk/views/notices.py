"""News for the staff: what patients did, what did not reach them, and how much of it is unread."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from accounts.actors import actor_of
from accounts.pages import staff_page
from core.clock import local, now
from core.http import see_other
from desk.places import home, staff_of
from documents.access import count_waiting
from patients import care
from scheduling import actions, news
from scheduling.news import News, What
from scheduling.patient_pages import words

Text = str | Promise
SAID: Final[dict[What, tuple[str, Text]]] = {
    What.BOOKED: ("calendar-plus", _("booked online")),
    What.MOVED: ("calendar-clock", _("moved the visit")),
    What.CANCELLED: ("calendar-x", _("cancelled the visit")),
    What.TEXTED: ("message-square", _("wrote a text")),
    What.WROTE: ("message-square", _("wrote in the portal")),
    What.FAILED: ("triangle-alert", _("did not get our message")),
    What.DOUBTFUL: ("circle-question-mark", _("perhaps did not get our message")),
}


@dataclass(frozen=True)
class Line:
    """One line of the list."""

    icon: str
    who: str
    what: Text
    visit: str
    when: str
    href: str
    is_new: bool


@require_GET
@staff_page("appointments.view")
def notices(request: HttpRequest) -> HttpResponse:
    at = now()
    zone = home().zone
    lines = [_line(one, str(zone)) for one in news.latest(request.user, at=at)]
    context = {
        "lines": lines,
        "unread": any(line.is_new for line in lines),
        "until": at.isoformat(),
        "reviews": care.count_reviews(request.user),
        "documents": count_waiting(request.user),
    }
    return render(request, "desk/notices.html", context)


@require_GET
@staff_page("appointments.view")
def count(request: HttpRequest) -> HttpResponse:
    """The number on the bell, asked for by itself."""
    waiting = care.count_reviews(request.user) + count_waiting(request.user)
    found = news.count_new(request.user, at=now()) + waiting
    return render(request, "desk/_notices_count.html", {"count": found, "many": found >= news.MOST})


@require_POST
@staff_page("appointments.view")
def mark_seen(request: HttpRequest) -> HttpResponse:
    """All that the page showed is read; what came since stays new."""
    actions.mark_news_seen(staff_of(request), until=_until(request, now()), by=actor_of(request))
    return see_other(request, reverse("desk:notices"))


def _until(request: HttpRequest, at: datetime) -> datetime:
    try:
        shown = parse_datetime(request.POST.get("until", ""))
    except ValueError:
        shown = None
    return min(shown, at) if shown is not None and shown.tzinfo is not None else at


def _line(one: News, zone: str) -> Line:
    icon, said = SAID[one.what]
    visit = one.visit
    about_visit = one.what in news.VISITS.values() and visit is not None
    return Line(
        icon=icon,
        who=one.person.name,
        what=said,
        visit=f"{visit.service.name}, {words.day_and_time(visit.starts_local)}" if visit else "",
        when=words.day_and_time(local(one.at, zone)),
        href=reverse("desk:visit", args=[visit.uid])
        if about_visit and visit
        else reverse("desk:patient", args=[one.person.uid]),
        is_new=one.is_new,
    )

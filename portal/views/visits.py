"""A patient's visits: the list, and the same pages of a visit that its living link opens, by the portal's door."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from core.clock import now
from portal.pages import Visiting, portal_page, show
from scheduling.access import own_visit, own_visits
from scheduling.home_cards import line
from scheduling.models import Appointment
from scheduling.patient_pages import visiting as pages
from scheduling.patient_pages.visiting import Door


@portal_page()
def visits(request: HttpRequest, visiting: Visiting) -> HttpResponse:
    found = own_visits(visiting.person, by=visiting.by, at=now())
    context = {"coming": [line(each) for each in found.coming], "past": [line(each) for each in found.past]}
    return show(request, "visits", context)


@portal_page()
def visit(request: HttpRequest, visiting: Visiting, uid: UUID) -> HttpResponse:
    at, door, appointment = _opened(visiting, uid)
    return pages.visit_page(request, door, appointment, at)


@portal_page()
def visit_ics(request: HttpRequest, visiting: Visiting, uid: UUID) -> HttpResponse:
    at, door, appointment = _opened(visiting, uid)
    return pages.calendar_entry(request, door, appointment, at)


@portal_page("POST")
def visit_confirm(request: HttpRequest, visiting: Visiting, uid: UUID) -> HttpResponse:
    at, door, appointment = _opened(visiting, uid)
    return pages.confirm_page(door, appointment, at)


@portal_page("GET", "POST")
def visit_move(request: HttpRequest, visiting: Visiting, uid: UUID) -> HttpResponse:
    at, door, appointment = _opened(visiting, uid, to="manage")
    return pages.move_page(request, door, appointment, at)


@portal_page("GET", "POST")
def visit_cancel(request: HttpRequest, visiting: Visiting, uid: UUID) -> HttpResponse:
    at, door, appointment = _opened(visiting, uid, to="manage")
    return pages.cancel_page(request, door, appointment, at)


def _opened(visiting: Visiting, uid: UUID, *, to: str = "view") -> tuple[datetime, Door, Appointment]:
    def look() -> Appointment:
        return own_visit(visiting.person, uid, by=visiting.by, to=to)

    door = Door(by=visiting.by, prefix="portal:", key=uid, reopen=look, layout="portal/base.html")
    return now(), door, look()

"""The living link of a visit: whoever holds it sees the visit as it stands, and may move it or call it off."""

from datetime import datetime
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from audit.actors import VISITOR
from core.clock import now
from core.problems import NotFound
from scheduling import limits
from scheduling.access import by_manage_token
from scheduling.models import Appointment
from scheduling.patient_pages import visiting
from scheduling.patient_pages.page import View, patient_page, show
from scheduling.patient_pages.visiting import Door


def link_page(view: View) -> View:
    """A page of the living link; a link that leads nowhere says what may be wrong with it."""

    @wraps(view)
    def page(request: HttpRequest, token: str) -> HttpResponseBase:
        try:
            return view(request, token)
        except NotFound:
            return show(request, "visit_unknown", status=404)

    return page


@patient_page()
@link_page
def visit(request: HttpRequest, token: str) -> HttpResponse:
    at, appointment = _opened(request, token)
    return visiting.visit_page(request, _door(token), appointment, at)


@patient_page()
@link_page
def visit_ics(request: HttpRequest, token: str) -> HttpResponse:
    at, appointment = _opened(request, token)
    return visiting.calendar_entry(request, _door(token), appointment, at)


@patient_page("POST")
@link_page
def visit_confirm(request: HttpRequest, token: str) -> HttpResponse:
    at, appointment = _opened(request, token)
    return visiting.confirm_page(_door(token), appointment, at)


@patient_page("GET", "POST")
@link_page
def visit_move(request: HttpRequest, token: str) -> HttpResponse:
    at, appointment = _opened(request, token)
    return visiting.move_page(request, _door(token), appointment, at)


@patient_page("GET", "POST")
@link_page
def visit_cancel(request: HttpRequest, token: str) -> HttpResponse:
    at, appointment = _opened(request, token)
    return visiting.cancel_page(request, _door(token), appointment, at)


def _door(token: str) -> Door:
    return Door(by=VISITOR, prefix="", key=token, reopen=lambda: by_manage_token(token))


def _opened(request: HttpRequest, token: str) -> tuple[datetime, Appointment]:
    at = now()
    limits.check("link", request, at)
    return at, by_manage_token(token)

"""Blocks and time off: made by form or by dragging over free time, changed, ended, taken back."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import require_object
from accounts.actors import actor_of
from accounts.pages import staff_page
from core.clock import local, local_date, now
from core.problems import Conflict, Invalid, NotFound, Unavailable
from desk import answers
from desk.answers import Toast
from desk.block_form import BlockForm, initial_of
from desk.places import read_places
from practice.models import Location, Provider
from scheduling import actions
from scheduling.models import TimeOff
from scheduling.patient_pages import words
from scheduling.problems import NotInThatState, VisitsInside


@require_http_methods(["GET", "POST"])
@staff_page("appointments.manage")
def new_block(request: HttpRequest) -> HttpResponse:
    at = now()
    places = read_places(request, at=at)
    if places.here is None:
        return render(request, "desk/no_location.html", {"places": places})
    posted = request.POST if request.method == "POST" else None
    form = BlockForm(posted, location=places.here, initial=_asked(request, places.here, at))
    if posted is None:
        return _show(request, form, places.here, at=at)
    if not form.is_valid():
        return _show(request, form, places.here, at=at, status=422)
    try:
        made = actions.block(
            form.whom,
            spans=form.spans(),
            reason=form.cleaned_data["reason"],
            beside=form.cleaned_data["beside"],
            by=actor_of(request),
            at=at,
        )
    except Invalid as problem:
        form.take(problem)
        return _show(request, form, places.here, at=at, status=422)
    except VisitsInside as problem:
        return _show(request, form, places.here, at=at, status=409, inside=problem)
    text = ngettext("Blocked.", "Blocked, %(count)d times.", len(made)) % {"count": len(made)}
    return _done(request, made[0], text, places.here, at=at)


@require_http_methods(["GET", "POST"])
@staff_page()
def block(request: HttpRequest, uid: UUID) -> HttpResponse:
    at = now()
    row = _get(request, uid)
    here = _place(request, row, at)
    posted = request.POST if request.method == "POST" else None
    form = BlockForm(posted, location=here, repeats=False, initial=_initial(row, here))
    if posted is None:
        return _show(request, form, here, at=at, row=row)
    if not form.is_valid():
        return _show(request, form, here, at=at, row=row, status=422)
    try:
        changed = actions.change_time_off(
            row,
            who=form.whom,
            span=form.spans()[0],
            reason=form.cleaned_data["reason"],
            beside=form.cleaned_data["beside"],
            by=actor_of(request),
            at=at,
        )
    except Invalid as problem:
        form.take(problem)
        return _show(request, form, here, at=at, row=row, status=422)
    except VisitsInside as problem:
        return _show(request, form, here, at=at, row=row, status=409, inside=problem)
    except NotInThatState as problem:
        return _refused(request, row, problem, here, at=at)
    return _done(request, changed, _("Changed."), here, at=at)


@require_POST
@staff_page()
def end_block(request: HttpRequest, uid: UUID) -> HttpResponse:
    at = now()
    row = _get(request, uid)
    here = _place(request, row, at)
    try:
        actions.end_time_off(row, following="following" in request.POST, by=actor_of(request), at=at)
    except NotInThatState as problem:
        return _refused(request, row, problem, here, at=at)
    return _done(request, row, _("Deleted; the time is free again."), here, at=at)


@require_POST
@staff_page()
def undo_block(request: HttpRequest, uid: UUID) -> HttpResponse:
    at = now()
    row = _get(request, uid)
    here = _place(request, row, at)
    try:
        actions.undo_time_off(row, by=actor_of(request), at=at)
    except NotInThatState as problem:
        return _refused(request, row, problem, here, at=at)
    toast = Toast(_("Taken back."))
    return answers.calendar_changed(request, toast, at=at, here=here, on=_day(row, here))


def _get(request: HttpRequest, uid: UUID) -> TimeOff:
    require_object(request.user, "appointments.manage")
    row = TimeOff.objects.whole().filter(uid=uid).first()
    if row is None:
        raise NotFound
    return row


def _place(request: HttpRequest, row: TimeOff, at: datetime) -> Location:
    """Rooms and devices stand at a place; of a provider it is the one that the calendar shows."""
    known = None if isinstance(row.of, Provider) else row.of.location
    places = read_places(request, at=at, here=known)
    if places.here is None:
        raise NotFound
    return places.here


def _asked(request: HttpRequest, here: Location, at: datetime) -> dict[str, Any]:
    """What was dragged over, or what the day says."""
    given = request.GET
    initial: dict[str, Any] = {"who": given.get("who", ""), "day": local_date(at, here.zone)}
    try:
        start, end = (datetime.fromisoformat(given.get(name, "")) for name in ("start", "end"))
    except ValueError:
        return initial
    return initial | initial_of(start, end)


def _initial(row: TimeOff, here: Location) -> dict[str, Any]:
    times = initial_of(local(row.starts_at, here.zone), local(row.ends_at, here.zone))
    return {"who": str(row.of.uid), "reason": _reason(row), **times}


def _reason(row: TimeOff) -> str:
    try:
        return row.reason
    except Unavailable:
        return ""


def _day(row: TimeOff, here: Location) -> Any:
    return local_date(row.starts_at, here.zone)


def _done(request: HttpRequest, row: TimeOff, text: Any, here: Location, *, at: datetime) -> HttpResponse:
    toast = Toast(text, reverse("desk:undo_block", args=[row.uid]))
    return answers.calendar_changed(request, toast, at=at, here=here, on=_day(row, here))


def _refused(
    request: HttpRequest, row: TimeOff, problem: Conflict, here: Location, *, at: datetime
) -> HttpResponse:
    toast = Toast(problem.detail or problem.title)
    return answers.calendar_changed(request, toast, at=at, here=here, on=_day(row, here), failed=True)


def _show(
    request: HttpRequest,
    form: BlockForm,
    here: Location,
    *,
    at: datetime,
    row: TimeOff | None = None,
    inside: VisitsInside | None = None,
    status: int = 200,
) -> HttpResponse:
    form.asks_beside = inside is not None or bool(form.data.get("beside"))
    visits = inside.visits if inside else []
    context = {
        "form": form,
        "blocked": row,
        "ended": row is not None and row.ended_at is not None,
        "inside": [
            {
                "when": words.day_and_time(one.starts_local),
                "what": one.service.name,
                "href": reverse("desk:visit", args=[one.uid]),
            }
            for one in visits
        ],
        "block_place": here,
        "url": reverse("desk:block", args=[row.uid]) if row else reverse("desk:new_block"),
        "zone": words.zone_name(here),
    }
    on = _day(row, here) if row else form.initial.get("day")
    return answers.panel(
        request, "desk/calendar/_block.html", context, at=at, here=here, on=on, status=status
    )

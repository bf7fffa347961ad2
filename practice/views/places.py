"""Locations with their week and the days on which they are closed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.actors import actor_of
from accounts.pages import staff_page
from core.clock import local_date, now
from core.http import see_other
from core.problems import Conflict, Invalid, NotFound
from practice import access, actions
from practice.actions.hours import EARLIEST, LATEST
from practice.forms.places import ClosureForm, LocationForm, WeekForm
from practice.models import Location
from practice.shell import settings_page
from practice.standing import Standing, visits_ahead, visits_on_days
from practice.views.words import week_lines

SECTION = "locations"
BOTH = ["GET", "POST"]


@require_GET
@staff_page("settings.manage")
def locations(request: HttpRequest) -> HttpResponse:
    rows = Location.objects.prefetch_related("opening_hours")
    context = {
        "locations": [
            {"row": row, "week": week_lines(row.opening_hours.all())}
            for row in rows
            if row.archived_at is None
        ],
        "archived": [row for row in rows if row.archived_at is not None],
    }
    return settings_page(request, SECTION, "desk/settings/locations.html", context)


@require_http_methods(BOTH)
@staff_page("settings.manage")
def new_location(request: HttpRequest) -> HttpResponse:
    form = LocationForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            location = actions.create_location(by=actor_of(request), **form.given())
        except Invalid as problem:
            form.take(problem)
        else:
            messages.success(request, _("Location added. Now say when it is open."))
            return see_other(request, reverse("settings:hours", args=[location.uid]))
    return _page(request, "location.html", {"form": form}, form.is_bound)


@require_http_methods(BOTH)
@staff_page("settings.manage")
def location(request: HttpRequest, uid: UUID) -> HttpResponse:
    row = access.get_location(request.user, uid)
    form = LocationForm.of(row, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            actions.update_location(row, by=actor_of(request), **form.given())
        except Invalid as problem:
            form.take(problem)
            row.refresh_from_db()
        else:
            messages.success(request, _("Saved."))
            return see_other(request, reverse("settings:location", args=[uid]))
    return _page(request, "location.html", {"form": form, "location": row, "tab": "location"}, form.is_bound)


@require_http_methods(BOTH)
@staff_page("settings.manage")
def hours(request: HttpRequest, uid: UUID) -> HttpResponse:
    row = access.get_location(request.user, uid)
    kept = list(row.opening_hours.all())
    form = WeekForm(request.POST if request.method == "POST" else None, hours=kept)
    if "copy" in request.POST:
        form = WeekForm(form.monday_everywhere(), hours=kept)
        return _page(
            request, "hours.html", {"form": form, "location": row, "tab": "hours", "copied": True}, False
        )
    if form.is_bound and form.is_valid():
        try:
            actions.set_opening_hours(row, form.week(), by=actor_of(request))
        except Invalid as problem:
            form.take(problem)
        else:
            messages.success(request, _("Saved."))
            return see_other(request, reverse("settings:hours", args=[uid]))
    return _page(request, "hours.html", {"form": form, "location": row, "tab": "hours"}, form.is_bound)


@require_http_methods(BOTH)
@staff_page("settings.manage")
def closures(request: HttpRequest, uid: UUID) -> HttpResponse:
    row = access.get_location(request.user, uid)
    if "remove" in request.POST:
        return _reopen(request, row)
    form = ClosureForm(request.POST if request.method == "POST" else None)
    touched: list[Standing] = []
    if form.is_bound and form.is_valid():
        first = form.cleaned_data["starts_on"]
        last = form.cleaned_data["ends_on"] or first
        if EARLIEST <= first <= last <= LATEST and not form.cleaned_data["anyway"]:
            touched = visits_on_days(row, first, last)
        if not touched and _close(request, row, form):
            return see_other(request, reverse("settings:closures", args=[uid]))
    today = local_date(now(), row.zone)
    context = {
        "form": form,
        "location": row,
        "tab": "closures",
        "touched": touched,
        "closures": row.closures.filter(ends_on__gte=today),
    }
    return _page(request, "closures.html", context, form.is_bound)


@require_http_methods(BOTH)
@staff_page("settings.manage")
def archive_location(request: HttpRequest, uid: UUID) -> HttpResponse:
    row, at = access.get_location(request.user, uid), now()
    if request.method == "POST":
        try:
            actions.archive_location(row, by=actor_of(request), at=at)
        except Conflict:
            return _confirm(request, row, visits_ahead(at, location=row), status=409)
        undo = reverse("settings:restore_location", args=[uid])
        messages.success(request, _("Location archived."), extra_tags=undo)
        return see_other(request, reverse("settings:locations"))
    return _confirm(request, row, visits_ahead(at, location=row), status=200)


@require_POST
@staff_page("settings.manage")
def restore_location(request: HttpRequest, uid: UUID) -> HttpResponse:
    actions.restore_location(access.get_location(request.user, uid), by=actor_of(request))
    messages.success(request, _("Location is back."))
    return see_other(request, reverse("settings:locations"))


def _reopen(request: HttpRequest, row: Location) -> HttpResponse:
    """Whoever takes a closure away twice finds it gone, which is what they wanted."""
    closure = row.closures.filter(uid=_uuid(request.POST["remove"])).first()
    if closure is not None:
        actions.reopen_location(closure, by=actor_of(request))
    messages.success(request, _("These days are open again."))
    return see_other(request, reverse("settings:closures", args=[row.uid]))


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None


def _close(request: HttpRequest, row: Location, form: ClosureForm) -> bool:
    given = form.cleaned_data
    try:
        actions.close_location(
            row,
            given["starts_on"],
            given["ends_on"] or given["starts_on"],
            by=actor_of(request),
            reason=given["reason"],
        )
    except Invalid as problem:
        form.take(problem)
        return False
    messages.success(request, _("Saved."))
    return True


def _confirm(request: HttpRequest, row: Location, standing: list[Standing], *, status: int) -> HttpResponse:
    last = not Location.objects.open().exclude(pk=row.pk).exists()
    context = {
        "name": row.name,
        "action": reverse("settings:archive_location", args=[row.uid]),
        "back": reverse("settings:location", args=[row.uid]),
        "standing": standing,
        "warnings": [_("It is the only location: nothing can be booked without one.")] if last else [],
    }
    return settings_page(request, SECTION, "desk/settings/archive.html", context, status=status)


def _page(request: HttpRequest, template: str, context: dict[str, Any], refused: bool) -> HttpResponse:
    return settings_page(
        request, SECTION, f"desk/settings/{template}", context, status=422 if refused else 200
    )

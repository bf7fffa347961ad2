"""Rooms and devices: of a kind, at a place, archived and never deleted."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.actors import actor_of
from accounts.pages import staff_page
from core.clock import now
from core.http import see_other
from core.problems import Conflict, Invalid
from practice import access, actions, queries
from practice.forms.places import PlacedForm
from practice.models import Device, Room, Service
from practice.shell import settings_page
from practice.standing import Standing, visits_with

SECTION = "resources"
BOTH = ["GET", "POST"]
ROOM, DEVICE = "room", "device"
LIST = "settings:resources"


@require_GET
@staff_page("settings.manage")
def resources(request: HttpRequest) -> HttpResponse:
    context = {
        "groups": [
            _group(ROOM, _("Rooms"), _("Add a room"), list(Room.objects.select_related("location"))),
            _group(DEVICE, _("Devices"), _("Add a device"), list(Device.objects.select_related("location"))),
        ],
        "has_location": bool(queries.locations()),
    }
    return settings_page(request, SECTION, "desk/settings/resources.html", context)


@require_http_methods(BOTH)
@staff_page("settings.manage")
def new(request: HttpRequest, what: str) -> HttpResponse:
    form = PlacedForm(request.POST if request.method == "POST" else None, locations=queries.locations())
    if form.is_bound and form.is_valid():
        create = actions.create_room if what == ROOM else actions.create_device
        try:
            create(by=actor_of(request), **form.given())
        except Invalid as problem:
            form.take(problem)
        else:
            messages.success(request, _("Added."))
            return see_other(request, reverse(LIST))
    return _form(request, what, form, None)


@require_http_methods(BOTH)
@staff_page("settings.manage")
def edit(request: HttpRequest, what: str, uid: UUID) -> HttpResponse:
    row = _get(request, what, uid)
    initial = {"name": row.name, "kind": row.kind, "location": str(row.location.uid)}
    places = {one.pk: one for one in [*queries.locations(), row.location]}
    data = request.POST if request.method == "POST" else None
    form = PlacedForm(data, locations=places.values(), initial=initial)
    if form.is_bound and form.is_valid():
        try:
            actions.update_room_or_device(row, by=actor_of(request), **form.given())
        except Invalid as problem:
            form.take(problem)
        else:
            messages.success(request, _("Saved."))
            return see_other(request, reverse(LIST))
    return _form(request, what, form, row)


@require_http_methods(BOTH)
@staff_page("settings.manage")
def archive(request: HttpRequest, what: str, uid: UUID) -> HttpResponse:
    row, at = _get(request, what, uid), now()
    if request.method == "POST":
        try:
            actions.archive_room_or_device(row, by=actor_of(request), at=at)
        except Conflict:
            return _confirm(request, what, row, visits_with(row, at), status=409)
        undo = reverse(f"settings:restore_{what}", args=[uid])
        messages.success(request, _("Archived."), extra_tags=undo)
        return see_other(request, reverse(LIST))
    return _confirm(request, what, row, visits_with(row, at), status=200)


@require_POST
@staff_page("settings.manage")
def restore(request: HttpRequest, what: str, uid: UUID) -> HttpResponse:
    actions.restore_room_or_device(_get(request, what, uid), by=actor_of(request))
    messages.success(request, _("It is back."))
    return see_other(request, reverse(LIST))


def _get(request: HttpRequest, what: str, uid: UUID) -> Room | Device:
    return (access.get_room if what == ROOM else access.get_device)(request.user, uid)


def _group(
    what: str, title: str | Promise, verb: str | Promise, rows: list[Room] | list[Device]
) -> dict[str, Any]:
    return {
        "what": what,
        "title": title,
        "verb": verb,
        "new": reverse(f"settings:new_{what}"),
        "rows": [
            {"row": row, "href": reverse(f"settings:{what}", args=[row.uid])}
            for row in rows
            if not row.archived_at
        ],
        "archived": [
            {"row": row, "restore": reverse(f"settings:restore_{what}", args=[row.uid])}
            for row in rows
            if row.archived_at
        ],
    }


def _form(request: HttpRequest, what: str, form: PlacedForm, row: Room | Device | None) -> HttpResponse:
    kinds = {each.kind for each in (Room if what == ROOM else Device).objects.in_use()}
    context = {
        "form": form,
        "row": row,
        "is_room": what == ROOM,
        "kinds": sorted(kinds),
        "archive": reverse(f"settings:archive_{what}", args=[row.uid]) if row else "",
    }
    status = 422 if form.is_bound else 200
    return settings_page(request, SECTION, "desk/settings/resource.html", context, status=status)


def _confirm(
    request: HttpRequest, what: str, row: Room | Device, standing: list[Standing], *, status: int
) -> HttpResponse:
    context = {
        "name": row.name,
        "action": reverse(f"settings:archive_{what}", args=[row.uid]),
        "back": reverse(f"settings:{what}", args=[row.uid]),
        "standing": standing,
        "warnings": _warnings(what, row),
    }
    return settings_page(request, SECTION, "desk/settings/archive.html", context, status=status)


def _warnings(what: str, row: Room | Device) -> list[str]:
    """Services that could not be given at the location without it."""
    others = (Room if what == ROOM else Device).objects.in_use().filter(kind=row.kind, location=row.location)
    if others.exclude(pk=row.pk).exists():
        return []
    needing = Service.objects.in_use().filter(**{f"{what}_kind": row.kind})
    names = [service.name for service in needing]
    if not names:
        return []
    text = ngettext(
        "It is the last of its kind here. This service could no longer be booked: %(names)s.",
        "It is the last of its kind here. These services could no longer be booked: %(names)s.",
        len(names),
    )
    return [text % {"names": ", ".join(names)}]

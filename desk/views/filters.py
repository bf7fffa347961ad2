"""The calendar's own panel: columns by provider, room or device, what is shown, and views that somebody saved."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from accounts.actors import actor_of
from accounts.pages import staff_page
from core.clock import now
from core.http import is_htmx, see_other
from core.problems import Invalid, NotFound
from desk import answers, calendar
from desk.answers import Toast
from desk.calendar import DAY, STATUSES, WEEK, Asked
from desk.places import Places, read_places, staff_of
from practice import queries
from practice.models import Device, Location, Room
from scheduling import actions
from scheduling.day import By
from scheduling.models import SavedView, Status

Text = str | Promise
BY: dict[str, Text] = {By.PROVIDER: _("Provider"), By.ROOM: _("Room"), By.DEVICE: _("Device")}


@dataclass(frozen=True)
class Choice:
    """One box of the form."""

    value: str
    label: Text
    checked: bool


@require_GET
@staff_page("appointments.view")
def filter_panel(request: HttpRequest) -> HttpResponse:
    return _show(request, request.GET, at=now())


@require_POST
@staff_page("appointments.view")
def save(request: HttpRequest) -> HttpResponse:
    """What the calendar shows now, under a name."""
    at = now()
    asked = _asked(request.POST)
    name = request.POST.get("name", "")
    try:
        view = actions.save_view(
            staff_of(request),
            name=name,
            is_week=asked.is_week,
            query=urlencode(asked.filters),
            by=actor_of(request),
            at=at,
        )
    except Invalid as problem:
        said = [error["message"] for error in problem.errors]
        return _show(request, request.POST, at=at, name=name, errors=said, status=422)
    if not is_htmx(request):
        answers.tell(request, Toast(_("View saved.")))
        return see_other(request, _open(view))
    return _show(request, request.POST, at=at, saved=view)


@require_POST
@staff_page()
def forget(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One's own only: another's looks as if there were none."""
    view = SavedView.objects.filter(uid=uid, user=staff_of(request)).first()
    if view is None:
        raise NotFound
    actions.forget_view(view, by=actor_of(request))
    if not is_htmx(request):
        answers.tell(request, Toast(_("View deleted.")))
        return see_other(request, reverse("desk:today"))
    return _show(request, request.POST, at=now())


def _asked(given: QueryDict) -> Asked:
    kind = WEEK if given.get("view") == WEEK else DAY
    try:
        on = date.fromisoformat(given.get("day", ""))
    except ValueError:
        on = None
    return calendar.parse(given, kind, on)


def _show(
    request: HttpRequest,
    given: QueryDict,
    *,
    at: datetime,
    name: str = "",
    errors: list[Any] | None = None,
    saved: SavedView | None = None,
    status: int = 200,
) -> HttpResponse:
    places = read_places(request, at=at)
    asked = _asked(given).at(places)
    context = {
        "choose": asked,
        "kinds": [Choice(value, label, asked.by == value) for value, label in BY.items()],
        "people": _people(places, asked),
        "who_label": {By.PROVIDER: _("Providers"), By.ROOM: _("Rooms"), By.DEVICE: _("Devices")}[asked.by],
        "services": [
            Choice(str(one.uid), one.name, one.uid in asked.wanted.services)
            for one in queries.services_in_use()
        ],
        "statuses": [
            Choice(value, Status(value).label, value in asked.wanted.statuses)
            for value in Status.values
            if value in STATUSES
        ],
        "saved": [(one, _open(one)) for one in SavedView.objects.filter(user=staff_of(request))],
        "just_saved": saved,
        "name": name,
        "name_errors": errors or [],
        "filter_places": places,
        "back": answers.home_of(asked) if asked.on is None else asked.url(asked.on),
        "carried_day": asked.on.isoformat() if asked.on else "",
    }
    return answers.panel(
        request, "desk/calendar/_filter.html", context, at=at, here=places.here, asked=asked, status=status
    )


def _people(places: Places, asked: Asked) -> list[Choice]:
    if places.here is None:
        return []
    return [
        Choice(str(one.uid), one.name, one.uid in asked.wanted.who)
        for one in _everybody(places.here, asked.by)
    ]


def _everybody(location: Location, by: By) -> list[Any]:
    if by is By.PROVIDER:
        return list(queries.providers_at(location))
    model: Any = Room if by is By.ROOM else Device
    return list(model.objects.in_use().filter(location=location))


def _open(view: SavedView) -> str:
    home = reverse("desk:this_week" if view.is_week else "desk:today")
    return f"{home}?{view.query}" if view.query else home

"""Series and sessions at the desk: begun, opened with what was set last, compared, booked on."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import may
from accounts.actors import actor_of
from accounts.pages import staff_page
from charting import access, actions
from charting.actions.lasers import JumpNeedsReason
from charting.forms.lasers import QUESTIONS, SeriesForm, SessionForm
from charting.lasers import memory, showing
from charting.lasers.memory import Memory
from charting.models import Encounter, LaserSeries, LaserSession, SeriesStatus
from core.clock import now
from core.http import see_other
from core.problems import Conflict, Invalid, NotFound
from patients import record
from patients.models import Person
from patients.pages import asking_why, record_page
from photos.access import last_photo
from photos.shown import tile
from practice import queries
from practice.models import Device
from vault.fields import warm_rows

BOTH = ["GET", "POST"]


@require_GET
@staff_page()
@asking_why
def series(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One course: how far along, every session beside the others, and the way to the next."""
    found = access.get_series(request.user, uid)
    course = showing.course(found, at=now())
    context = {
        "course": course,
        "compared": showing.compare(course.sessions),
        "facts": [(QUESTIONS[name], answer, points) for name, answer, points in showing.facts(found)],
        "may_write": may(request.user, "chart.write"),
        "may_book": may(request.user, "appointments.manage"),
    }
    return _page(request, found.person, "charting/lasers/series.html", context)


@require_http_methods(BOTH)
@record_page("chart.write")
def new_series(request: HttpRequest, person: Person) -> HttpResponse:
    services = list(queries.services_in_use())
    form = SeriesForm(request.POST if request.method == "POST" else None, services=services)
    if form.is_bound and form.is_valid():
        service = next(one for one in services if str(one.uid) == form.cleaned_data["service"])
        try:
            made = actions.begin_series(person, service, form.cleaned_data, by=actor_of(request), at=now())
        except Invalid as problem:
            form.take(problem)
        else:
            messages.success(request, _("The series is set up."))
            return see_other(request, reverse("charting:series", args=[made.uid]))
    return _series_page(request, person, form)


@require_http_methods(BOTH)
@staff_page()
@asking_why
def change_series(request: HttpRequest, uid: UUID) -> HttpResponse:
    found = access.get_series(request.user, uid, to="chart.write")
    form = SeriesForm(request.POST if request.method == "POST" else None, services=[], series=found)
    refusal = ""
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            actions.change_series(found, given, version=given["version"], by=actor_of(request), at=now())
        except Invalid as problem:
            form.take(problem)
        except Conflict as problem:
            refusal = str(problem.detail or problem.title)
        else:
            messages.success(request, _("Saved."))
            return see_other(request, reverse("charting:series", args=[found.uid]))
    return _series_page(request, found.person, form, series=found, refusal=refusal)


@require_http_methods(BOTH)
@staff_page()
@asking_why
def new_session(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Opened with what was set last in this series on this device."""
    encounter = access.get_encounter(request.user, uid, to="chart.write")
    open_series = _open_series(encounter)
    chosen = _chosen(request, open_series)
    devices = _devices(encounter)
    device = _device(request, devices, chosen, encounter)
    known = memory.recall(chosen, device, at=encounter.began_at) if chosen else None
    bound = request.POST if request.method == "POST" and chosen and device else None
    form = SessionForm(bound, begins_with=known.begins_with if known else None)
    status, refusal, jumps = 200, "", []
    if chosen and device and form.is_bound:
        status = 422
        if form.is_valid():
            given, at = form.cleaned_data, now()
            try:
                actions.keep_session(encounter, chosen, device, given, by=actor_of(request), at=at)
            except Invalid as problem:
                jumps = problem.jumps if isinstance(problem, JumpNeedsReason) else []
                form.take(problem)
            except Conflict as problem:
                status, refusal = problem.status, str(problem.detail or problem.title)
            else:
                messages.success(request, _("Session saved."))
                return see_other(request, reverse("charting:encounter", args=[encounter.uid]))
    context = {
        "form": form,
        "encounter": encounter,
        "series_list": open_series,
        "chosen": chosen,
        "devices": devices,
        "device": device,
        "known": known,
        "course": showing.course(chosen, at=now()) if chosen else None,
        "last_photo": _last_photo(request, known),
        "jumps": jumps,
        "refusal": refusal,
    }
    return _page(request, encounter.person, "charting/lasers/session.html", context, status=status)


@require_http_methods(BOTH)
@staff_page()
@asking_why
def session(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One session: to be read by all, and corrected until the note of the visit is signed."""
    writes = request.method == "POST"
    found = access.get_session(request.user, uid, to="chart.write" if writes else "chart.view")
    known = memory.recall(found.series, found.device, at=found.at, but=found)
    form = SessionForm(request.POST if writes else None, begins_with=found.parameters, **_kept(found))
    status, refusal, jumps = 200, "", []
    if writes:
        status = 422
        if form.is_valid():
            given = form.cleaned_data | {"is_test": found.is_test}
            version = given["version"] or 0
            try:
                actions.change_session(found, given, version=version, by=actor_of(request), at=now())
            except Invalid as problem:
                jumps = problem.jumps if isinstance(problem, JumpNeedsReason) else []
                form.take(problem)
            except Conflict as problem:
                status, refusal = problem.status, str(problem.detail or problem.title)
            else:
                messages.success(request, _("Saved."))
                return see_other(request, reverse("charting:encounter", args=[found.encounter.uid]))
    context = {
        "form": form,
        "session": found,
        "encounter": found.encounter,
        "chosen": found.series,
        "device": found.device,
        "known": known,
        "course": showing.course(found.series, at=now()),
        "last_photo": _last_photo(request, known),
        "compared": showing.compare([found]),
        "jumps": jumps,
        "refusal": refusal,
        "may_write": may(request.user, "chart.write") and found.locked_at is None,
    }
    return _page(request, found.series.person, "charting/lasers/session.html", context, status=status)


def _last_photo(request: HttpRequest, known: Memory | None) -> dict[str, Any] | None:
    """How it looked last: of this series' visits, else of its service. The browser's fetch of it is the opening."""
    if known is None:
        return None
    series = known.series
    photo = last_photo(request.user, series.person, visits=known.visits, service=series.service)
    return tile(photo, authorized=False) if photo else None


def _kept(found: LaserSession) -> dict[str, Any]:
    return {
        "endpoint": found.parameters.endpoint,
        "notes": found.notes,
        "reason": found.reason,
        "version": found.version,
        "is_test": found.is_test,
    }


def _open_series(encounter: Encounter) -> list[LaserSeries]:
    """Under way, and not treated at this visit yet; those of the visit's service first."""
    rows = LaserSeries.objects.filter(person=encounter.person, status=SeriesStatus.ACTIVE)
    rows = rows.exclude(sessions__encounter=encounter).select_related("person", "service").order_by("-id")
    found = list(rows)
    warm_rows(found)
    return sorted(found, key=lambda one: one.service_id != encounter.service_id)


def _chosen(request: HttpRequest, offered: list[LaserSeries]) -> LaserSeries | None:
    asked = request.POST.get("series") or request.GET.get("series")
    if not asked:
        return offered[0] if offered else None
    found = next((one for one in offered if str(one.uid) == asked), None)
    if found is None:
        raise NotFound
    return found


def _devices(encounter: Encounter) -> list[Device]:
    rows = Device.objects.in_use().filter(location=encounter.location)
    kind = encounter.service.device_kind if encounter.service else ""
    return sorted(rows, key=lambda one: one.kind != kind)


def _device(
    request: HttpRequest, offered: list[Device], chosen: LaserSeries | None, encounter: Encounter
) -> Device | None:
    """The one asked for; else the last one of the series; else the first that suits the service."""
    if asked := request.POST.get("device") or request.GET.get("device"):
        found = next((one for one in offered if str(one.uid) == asked), None)
        if found is None:
            raise NotFound
        return found
    last = (
        chosen.sessions.filter(at__lte=encounter.began_at).order_by("-at", "-id").first() if chosen else None
    )
    used = next((one for one in offered if last is not None and one.pk == last.device_id), None)
    return used or (offered[0] if offered else None)


def _series_page(
    request: HttpRequest,
    person: Person,
    form: SeriesForm,
    *,
    series: LaserSeries | None = None,
    refusal: str = "",
) -> HttpResponse:
    status = 409 if refusal else 422 if form.is_bound else 200
    context = {"form": form, "series": series, "refusal": refusal}
    return _page(request, person, "charting/lasers/series_form.html", context, status=status)


def _page(
    request: HttpRequest, person: Person, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    frame = record.head(request.user, person, tab="treatments", at=now())
    return render(request, template, frame | context, status=status)

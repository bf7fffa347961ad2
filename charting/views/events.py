"""Reactions at the desk: the list of what waits, one of them with its steps, and a report by the staff."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import may
from accounts.actors import actor_of
from accounts.pages import staff_page
from charting import access, actions, events
from charting.forms.events import AssessForm, CloseForm, ReportForm
from charting.models import AdverseEvent
from core.clock import now
from core.forms import ProblemForm
from core.http import see_other
from core.problems import Conflict, Invalid
from core.words import full_date
from patients import record
from patients.models import Person
from patients.pages import asking_why, record_page
from scheduling.models import Appointment
from tenants import sites


@require_GET
@staff_page("chart.view")
def all_events(request: HttpRequest) -> HttpResponse:
    closed, at = "closed" in request.GET, now()
    found = events.listed(request.user, closed=closed)
    rows = [(one, one.is_late(at)) for one in found]
    return render(request, "charting/events/list.html", {"rows": rows, "closed": closed})


@require_GET
@staff_page("chart.view")
def count(request: HttpRequest) -> HttpResponse:
    """The badge in the rail."""
    return render(request, "charting/events/_count.html", {"count": events.count_waiting(request.user)})


@require_GET
@staff_page()
@asking_why
def event(request: HttpRequest, uid: UUID) -> HttpResponse:
    return _show(request, access.get_event(request.user, uid))


@require_POST
@staff_page()
@asking_why
def assess(request: HttpRequest, uid: UUID) -> HttpResponse:
    found = access.get_event(request.user, uid, to="chart.write")
    return _step(request, found, AssessForm.of(found, request.POST), actions.assess_event, "assess")


@require_POST
@staff_page()
@asking_why
def close(request: HttpRequest, uid: UUID) -> HttpResponse:
    found = access.get_event(request.user, uid, to="chart.write")
    return _step(request, found, CloseForm(request.POST), actions.close_event, "close")


@require_http_methods(["GET", "POST"])
@record_page("chart.write")
def report(request: HttpRequest, person: Person) -> HttpResponse:
    """Somebody called, or it is seen in the room."""
    at = now()
    visits = [(one, told(one)) for one in actions.visits_before(person, at=at)]
    form = ReportForm(request.POST if request.method == "POST" else None, visits=visits)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        site = sites.site()
        try:
            made = actions.report_event(
                person, given, after=form.after, site=site, by=actor_of(request), at=at, once=given["once"]
            )
        except Invalid as problem:
            form.take(problem)
        else:
            messages.success(request, _("Reported. Who treated and the supervisors are told."))
            return see_other(request, reverse("charting:event", args=[made.uid]))
    frame = record.head(request.user, person, tab="treatments", at=at)
    status = 422 if form.is_bound else 200
    return render(request, "charting/events/report.html", frame | {"form": form}, status=status)


def told(visit: Appointment) -> str:
    return f"{visit.service.name}, {full_date(visit.starts_at.astimezone(visit.location.zone).date())}"


def _step(
    request: HttpRequest, found: AdverseEvent, form: ProblemForm, act: Callable[..., AdverseEvent], what: str
) -> HttpResponse:
    if not form.is_valid():
        return _show(request, found, status=422, **{what: form})
    given = form.cleaned_data
    try:
        act(found, given, version=given["version"], by=actor_of(request), at=now())
    except Invalid as problem:
        form.take(problem)
        return _show(request, found, status=422, **{what: form})
    except Conflict as problem:
        refusal = str(problem.detail or problem.title)
        return _show(request, found, status=problem.status, refusal=refusal, **{what: form})
    messages.success(request, _("Saved."))
    return see_other(request, reverse("charting:event", args=[found.uid]))


def _show(request: HttpRequest, found: AdverseEvent, *, status: int = 200, **more: Any) -> HttpResponse:
    at = now()
    context: dict[str, Any] = {
        "event": found,
        "late": found.is_late(at),
        "assess": AssessForm.of(found),
        "close": CloseForm(initial={"version": found.version}),
        "may_write": may(request.user, "chart.write"),
    }
    frame = record.head(request.user, found.person, tab="treatments", at=at)
    return render(request, "charting/events/event.html", frame | context | more, status=status)

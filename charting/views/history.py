"""The medical history of a patient: its lines, each with every version, and the forms that add to them."""

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
from accounts.models import User
from accounts.pages import staff_page
from charting import access, actions
from charting.actions.history import ChangedMeanwhile
from charting.forms.history import EndForm, HistoryForm
from charting.history import facts, names, reading, shown
from charting.models import HistoryEntry, HistoryKind
from core.clock import now
from core.http import see_other
from core.problems import Conflict, Invalid, NotFound
from patients import record
from patients.models import Person
from patients.pages import asking_why, record_page
from vault.fields import warm_rows

BOTH = ["GET", "POST"]


@require_GET
@record_page()
def history(request: HttpRequest, person: Person) -> HttpResponse:
    rows = reading.lines_of(person)
    groups = shown.groups(rows)
    context = {
        "groups": groups,
        "kinds": [(group.kind, group.title) for group in groups],
        "none_said": not any(group.standing for group in groups if group.kind == HistoryKind.ALLERGY),
        "who": names.staff_names(rows),
        "may_write": may(request.user, "chart.write"),
    }
    return _page(request, person, "charting/history/history.html", context)


@require_http_methods(BOTH)
@record_page("chart.write")
def add(request: HttpRequest, person: Person, kind: str) -> HttpResponse:
    if kind not in facts.PARTS:
        raise NotFound
    form = HistoryForm(kind, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            actions.add_history(person, kind, form.cleaned_data, by=actor_of(request), at=now())
        except Invalid as problem:
            form.take(problem)
        else:
            messages.success(request, _("Added to the history."))
            return see_other(request, reverse("charting:history", args=[person.uid]))
    context = {"form": form, "title": shown.HEADINGS[kind], "kind": kind}
    return _page(request, person, "charting/history/form.html", context, status=422 if form.is_bound else 200)


@require_http_methods(BOTH)
@staff_page()
@asking_why
def change(request: HttpRequest, line: UUID) -> HttpResponse:
    entry = access.get_history(request.user, line)
    fact = facts.of_body(entry.body)
    data = request.POST if request.method == "POST" else None
    form = HistoryForm(entry.kind, data, initial=fact.as_body())
    status, refusal = 200, ""
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                number = _number(request)
                actions.change_history(
                    entry, form.cleaned_data, number=number, by=actor_of(request), at=now()
                )
            except Invalid as problem:
                form.take(problem)
            except Conflict as problem:
                status, refusal = problem.status, str(problem.detail or problem.title)
            else:
                messages.success(request, _("Saved."))
                return see_other(request, reverse("charting:history", args=[entry.person.uid]))
    context = {"form": form, "entry": entry, "title": shown.line(entry).label, "refusal": refusal}
    return _page(request, entry.person, "charting/history/form.html", context, status=status)


@require_GET
@staff_page()
@asking_why
def versions(request: HttpRequest, line: UUID) -> HttpResponse:
    """Everything the line ever said, the newest first."""
    entry = access.get_history(request.user, line, to="chart.view")
    rows = list(HistoryEntry.objects.filter(line=line).order_by("-number"))
    warm_rows(rows)
    context = {
        "lines": [shown.line(row) for row in rows],
        "who": names.staff_names(rows),
        "title": shown.line(entry).label,
    }
    return _page(request, entry.person, "charting/history/versions.html", context)


@require_http_methods(BOTH)
@staff_page()
@asking_why
def end(request: HttpRequest, line: UUID) -> HttpResponse:
    entry = access.get_history(request.user, line)
    form = EndForm(request.POST if request.method == "POST" else None, initial={"number": entry.number})
    status, refusal = 200, ""
    if form.is_bound:
        status = 422
        if form.is_valid():
            given: dict[str, Any] = form.cleaned_data
            try:
                actions.end_history(entry, **given, by=actor_of(request), at=now())
            except Invalid as problem:
                form.take(problem)
            except Conflict as problem:
                status, refusal = problem.status, str(problem.detail or problem.title)
            else:
                undo = reverse("charting:resume_history", args=[line]) + f"?number={entry.number + 1}"
                messages.success(request, _("Ended. It stays in the history."), extra_tags=undo)
                return see_other(request, reverse("charting:history", args=[entry.person.uid]))
    context = {"form": form, "line": shown.line(entry), "refusal": refusal}
    return _page(request, entry.person, "charting/history/end.html", context, status=status)


@require_POST
@staff_page()
@asking_why
def resume(request: HttpRequest, line: UUID) -> HttpResponse:
    entry = access.get_history(request.user, line)
    try:
        number = _number(request, request.GET.get("number", ""))
        actions.resume_history(entry, number=number, by=actor_of(request), at=now())
    except Conflict as problem:
        messages.warning(request, str(problem.detail or problem.title))
    else:
        messages.success(request, _("It stands again."))
    return see_other(request, reverse("charting:history", args=[entry.person.uid]))


def _number(request: HttpRequest, text: str = "") -> int:
    text = text or request.POST.get("number", "")
    if not text.isascii() or not text.isdigit():
        raise ChangedMeanwhile
    return int(text)


def _page(
    request: HttpRequest, person: Person, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    assert isinstance(request.user, User)
    framed = record.head(request.user, person, tab="history", at=now()) | context
    return render(request, template, framed, status=status)

"""The good-faith exam: begun, joined by a link, and its results."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actors import actor_of
from accounts.models import User
from accounts.pages import staff_page
from charting import access, actions, cards
from charting.cards.exam import exam_card
from charting.forms.gate import ExamForm, LinkForm, NewExamForm
from charting.models import Encounter, EncounterKind
from charting.views.chart import show
from core.clock import now
from core.http import see_other
from core.problems import Invalid, NotFound
from patients import record
from patients.models import Person
from patients.pages import asking_why, record_page
from practice import queries
from practice.models import Provider


@require_http_methods(["GET", "POST"])
@record_page("chart.write")
def new(request: HttpRequest, person: Person) -> HttpResponse:
    """Whoever begins it examines; the result asks for a licence, not the beginning."""
    services, at = queries.services_in_use(), now()
    data = request.POST if request.method == "POST" else None
    form = NewExamForm(services, data, initial={"service": request.GET.get("service", "")})
    provider = provider_of(request.user)
    if form.is_bound and form.is_valid() and provider is not None:
        chosen = next((one for one in services if str(one.uid) == form.cleaned_data["service"]), None)
        try:
            made = actions.begin_exam(
                person,
                provider,
                location=queries.locations()[0],
                service=chosen,
                join_link=form.cleaned_data["join_link"],
                by=actor_of(request),
                at=at,
            )
        except Invalid as problem:
            form.take(problem)
        else:
            return see_other(request, reverse("charting:encounter", args=[made.uid]))
    if form.is_bound and provider is None:
        form.add_error(
            None, _("Only somebody who treats can begin an exam: your account has no column in the calendar.")
        )
    assert isinstance(request.user, User)
    context = record.head(request.user, person, tab="chart", at=at) | {"form": form}
    return render(request, "charting/exam/new.html", context, status=422 if form.is_bound else 200)


@require_POST
@staff_page()
@asking_why
def results(request: HttpRequest, uid: UUID) -> HttpResponse:
    encounter, at = _exam(request, uid), now()
    services = queries.services_in_use()
    form = ExamForm(services, request.POST)
    if form.is_valid():
        chosen = set(form.cleaned_data["services"])
        try:
            actions.record_exam(
                encounter,
                [one for one in services if str(one.uid) in chosen],
                outcome=form.cleaned_data["outcome"],
                limits=form.cleaned_data["limits"],
                examiner=provider_of(request.user),
                by=actor_of(request),
                at=at,
            )
        except Invalid as problem:
            form.take(problem)
        else:
            messages.success(request, _("Result recorded."))
            return see_other(request, reverse("charting:encounter", args=[uid]))
    assert isinstance(request.user, User)
    opened = cards.Opened(encounter, request.user, at)
    return show(request, opened, {exam_card: lambda _o: exam_card(opened, form=form)}, status=422)


@require_POST
@staff_page()
@asking_why
def join_link(request: HttpRequest, uid: UUID) -> HttpResponse:
    encounter, at = _exam(request, uid), now()
    form = LinkForm(request.POST)
    if form.is_valid():
        try:
            actions.set_join_link(encounter, form.cleaned_data["join_link"], by=actor_of(request), at=at)
        except Invalid as problem:
            form.take(problem)
        else:
            messages.success(request, _("Saved."))
            return see_other(request, reverse("charting:encounter", args=[uid]))
    assert isinstance(request.user, User)
    opened = cards.Opened(encounter, request.user, at)
    return show(request, opened, {exam_card: lambda _o: exam_card(opened, link_form=form)}, status=422)


def provider_of(user: object) -> Provider | None:
    """Whoever treats has a provider of their own."""
    return Provider.objects.in_use().filter(user=user).first() if isinstance(user, User) else None


def _exam(request: HttpRequest, uid: UUID) -> Encounter:
    encounter = access.get_encounter(request.user, uid, to="chart.write")
    if encounter.kind != EncounterKind.EXAM:
        raise NotFound
    return encounter

"""What may be done to a colleague: role, places, the provider's profile and hours, the end of access."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_http_methods, require_POST

from accounts import actions as people_actions
from accounts import people
from accounts.actors import actor_of
from accounts.models import User
from accounts.pages import staff_page
from accounts.step_up import step_up
from core.clock import local_date, now
from core.problems import Forbidden, Invalid, NotFound
from desk.people_admin import reading
from desk.people_admin.forms import HoursForm, PlacesForm, ProviderForm, RoleForm
from desk.people_admin.views import UNREADABLE, done_at, person_page
from desk.places import home, staff_of
from practice import actions as practice_actions
from practice import queries
from practice.models import Location, Provider
from practice.shell import settings_page


def _theirs(request: HttpRequest, uid: UUID) -> User:
    """The colleague, if one may change them: nobody changes somebody above."""
    colleague = people.get_colleague(staff_of(request), uid, to="staff.manage")
    if not people.may_change(staff_of(request), colleague):
        raise Forbidden
    return colleague


@require_POST
@staff_page("staff.manage")
@step_up
def change_role(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    colleague = _theirs(request, uid)
    form = RoleForm(request.POST, by=staff_of(request), of=colleague)
    if not form.is_valid():
        return person_page(request, colleague, {"role_form": form}, status=UNREADABLE)
    return done_at(
        request,
        colleague,
        lambda: people_actions.change_role(
            colleague, form.cleaned_data["role"], by=actor_of(request), at=now()
        ),
        _t("The role is changed. It holds from their next click on."),
    )


@require_POST
@staff_page("staff.manage")
@step_up
def end_access(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    colleague = _theirs(request, uid)
    if colleague.pk == staff_of(request).pk:
        raise Forbidden(_t("Nobody ends their own access. Ask another owner or admin."))
    return done_at(
        request,
        colleague,
        lambda: people_actions.end_access(colleague, by=actor_of(request), at=now()),
        _t("Access is ended. Sessions and tokens are void; visits booked with them stay, for you to move."),
    )


@require_POST
@staff_page("staff.manage")
@step_up
def reopen_access(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    colleague = _theirs(request, uid)
    return done_at(
        request,
        colleague,
        lambda: people_actions.reopen_access(colleague, by=actor_of(request), at=now()),
        _t("They may sign in again."),
    )


@require_POST
@staff_page("staff.manage")
def end_sessions(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    colleague = _theirs(request, uid)
    return done_at(
        request,
        colleague,
        lambda: people_actions.end_sessions(colleague, by=actor_of(request), at=now()),
        _t("They are signed out everywhere."),
    )


@require_POST
@staff_page("staff.manage")
@step_up
def give_ownership(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    heir = people.get_colleague(staff_of(request), uid, to="staff.manage")
    return done_at(
        request,
        heir,
        lambda: people_actions.transfer_ownership(staff_of(request), heir, at=now()),
        _t("The clinic has a new owner. You are an admin now."),
    )


@require_POST
@staff_page("staff.manage")
def change_places(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    colleague = _theirs(request, uid)
    form = PlacesForm(request.POST, places=queries.locations())
    if not form.is_valid():
        return person_page(request, colleague, {"places_form": form}, status=UNREADABLE)
    return done_at(
        request,
        colleague,
        lambda: practice_actions.set_postings(
            colleague, form.cleaned_data["locations"], by=actor_of(request), today=_today()
        ),
        _t("The locations are saved."),
    )


@require_POST
@staff_page("staff.manage")
def change_provider(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """Make the colleague bookable, or change what patients read of them."""
    colleague = _theirs(request, uid)
    provider = _provider(colleague)
    form = ProviderForm(request.POST, of=colleague, provider=provider, services=queries.services_in_use())
    if form.is_valid():
        try:
            practice_actions.save_provider(
                colleague,
                provider,
                services=form.cleaned_data.pop("services"),
                by=actor_of(request),
                **form.cleaned_data,
            )
        except Invalid as problem:
            form.take(problem)
    if form.errors:
        return person_page(request, colleague, {"provider_form": form}, status=UNREADABLE)
    return done_at(request, colleague, lambda: None, _t("What patients see is saved."))


@require_POST
@staff_page("staff.manage")
def stop_treating(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    colleague = _theirs(request, uid)
    provider = _provider(colleague)
    return done_at(
        request,
        colleague,
        lambda: provider and practice_actions.archive_provider(provider, by=actor_of(request), at=now()),
        _t("They cannot be booked any more. Visits already booked stay, for you to move."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page("staff.manage")
def hours(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """The week of a provider at one location, now or from a day on."""
    colleague = _theirs(request, uid)
    provider = _provider(colleague)
    places = queries.locations()
    if provider is None or not places:
        raise NotFound
    here, today = _here(request, places), _today()
    rows = [row for row in provider.working_hours.filter(location=here) if row.holds_on(today)]
    form = HoursForm(request.POST if request.method == "POST" else None, hours=rows, today=today)
    if form.is_bound and form.is_valid():
        try:
            practice_actions.change_working_hours(
                provider,
                here,
                form.week(),
                today=today,
                valid_from=form.cleaned_data["valid_from"],
                by=actor_of(request),
            )
        except Invalid as problem:
            for each in problem.errors:
                form.add_error(None, each["message"])
        else:
            return done_at(request, colleague, lambda: None, _t("The hours are saved."))
    context: dict[str, Any] = {
        "form": form,
        "colleague": colleague,
        "here": here,
        "places": places,
        "weeks": [week for week in reading.weeks(provider, on=today) if week.location == here],
        "url": reverse("people:hours", args=[colleague.pk]),
    }
    status = UNREADABLE if form.errors else 200
    return settings_page(request, "people", "desk/people/hours.html", context, status=status)


def _provider(colleague: User) -> Provider | None:
    return Provider.objects.in_use().filter(user=colleague).first()


def _here(request: HttpRequest, places: list[Location]) -> Location:
    asked = request.GET.get("location", "")
    found = next((place for place in places if str(place.uid) == asked), None)
    if asked and found is None:
        raise NotFound
    return found or places[0]


def _today() -> date:
    return local_date(now(), home().zone)

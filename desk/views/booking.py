"""A new visit for a found or a new patient: one form in the panel, nothing typed is lost."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.access import may
from accounts.actors import actor_of
from accounts.pages import staff_page
from core.clock import local_date, now
from core.http import see_other
from core.problems import Invalid
from desk import answers, people, when
from desk.answers import Toast
from desk.forms import ANYBODY, DETAILS, VisitForm
from desk.places import Places, read_places, staff_of
from desk.when import When
from patients import access
from patients.models import Person
from practice import queries
from practice.models import Location, PolicyKind, Provider
from practice.profile import profile
from scheduling import actions
from scheduling.problems import SlotTaken

# Buttons of the form that change what it asks, and book nothing.
LOOKING: Final = frozenset({"find", "times", "new", "known", "other"})


@dataclass
class Page:
    """The form and what stands around it."""

    request: HttpRequest
    form: VisitForm
    when: When
    location: Location
    at: datetime
    person: Person | None = None
    found: list[people.Found] = field(default_factory=list)
    alike: list[people.Found] = field(default_factory=list)
    clashes: list[str] = field(default_factory=list)


@require_http_methods(["GET", "POST"])
@staff_page("appointments.manage")
def new_visit(request: HttpRequest) -> HttpResponse:
    at = now()
    places = read_places(request, at=at)
    if places.here is None:
        return render(request, "desk/no_location.html", {"places": places})
    page = _page(request, places, places.here, at)
    if request.method == "GET":
        return _show(page)
    then = str(page.form.data.get("then", ""))
    if then in LOOKING:
        return _look(page, then)
    return _book(page)


def _page(request: HttpRequest, places: Places, location: Location, at: datetime) -> Page:
    posted = request.POST.copy() if request.method == "POST" else None
    if posted is not None:
        _apply_button(posted)
    services = queries.services_in_use()
    form = VisitForm(
        posted,
        services=services,
        locations=places.all,
        providers=[],
        may_override=may(request.user, "appointments.override"),
        initial=_initial(request, location, at),
    )
    service = form.chosen_service()
    providers = queries.providers_for(service, online=False) if service else queries.providers_at(location)
    form.offer(providers)
    page = Page(request, form, when.read(form, location=location, service=service, at=at), location, at)
    if uid := _uid(form.value("person")):
        page.person = access.get_person(request.user, uid)
    return page


def _apply_button(posted: Any) -> None:
    """What a button without script says, written into the form."""
    if use := posted.get("use", ""):
        posted["person"], posted["new"], posted["then"] = use, "", "known"
    then = posted.get("then", "")
    if then == "new":
        posted["new"], posted["person"] = "1", ""
    elif then == "known":
        posted["new"] = ""
    elif then == "other":
        posted["person"] = posted["q"] = posted["new"] = ""


def _initial(request: HttpRequest, location: Location, at: datetime) -> dict[str, Any]:
    given = request.GET
    initial: dict[str, Any] = {
        "person": given.get("person", ""),
        "service": given.get("service", ""),
        "provider": given.get("provider", "") or ANYBODY,
        "location": str(location.uid),
        "day": local_date(at, location.zone),
        "tell_patient": True,
    }
    try:
        start = datetime.fromisoformat(given.get("start", ""))
    except ValueError:
        return initial | _day_of(given.get("day", ""))
    return initial | {"day": start.date(), "time": start.time()}


def _day_of(text: str) -> dict[str, Any]:
    """The day of a week's cell; the time is chosen among the free starts."""
    try:
        return {"day": date.fromisoformat(text)}
    except ValueError:
        return {}


def _look(page: Page, then: str) -> HttpResponse:
    """Show the same form with more to choose from; nothing is checked yet."""
    if then == "find":
        _find(page)
    return _show(page)


def _find(page: Page) -> None:
    text = page.form.value("q")
    if text.strip():
        found = access.search(page.request.user, text, region=profile().region)
        page.found = people.described(found, page.request.user, at=page.at)


def _book(page: Page) -> HttpResponse:
    form = page.form
    valid = form.is_valid()
    if form.is_new:
        form.read_person(on=local_date(page.at, page.location.zone), region=profile().region)
        _refuse_double(page)
    elif page.person is None:
        _find(page)
        form.add_error("q", _("Choose one of the patients found, or add a new one."))
    wanted = when.meant(page.when)
    if not valid or form.errors or wanted is None:
        return _show(page, status=422)
    return _write(page, *wanted)


def _refuse_double(page: Page) -> None:
    """The same number or address and birth date: look at them first, then say that it is somebody else."""
    form = page.form
    if form.details is None or form.cleaned_data.get("new_anyway"):
        return
    alike = access.possible_duplicates(page.request.user, form.details)
    if alike:
        page.alike = people.described(alike, page.request.user, at=page.at)
        form.add_error("new_anyway", _("Maybe this patient is here already."))


def _write(page: Page, start: datetime, provider: Provider) -> HttpResponse:
    form, request = page.form, page.request
    service = form.chosen_service()
    assert service is not None
    try:
        booked = actions.book_for(
            service=service,
            provider=provider,
            location=page.location,
            start=start,
            person=page.person,
            new_person={name: form.cleaned_data.get(name, "") for name in DETAILS} if form.is_new else None,
            notes=form.cleaned_data["notes"],
            service_sms=form.cleaned_data["service_sms"],
            tell_patient=form.cleaned_data["tell_patient"],
            override_reason=form.override_reason_given(),
            by=actor_of(request),
            user=staff_of(request),
            at=page.at,
        )
    except Invalid as problem:
        form.take(problem)
        return _show(page, status=422)
    except SlotTaken as problem:
        page.clashes = when.told(form, problem)
        return _show(page, status=409)
    uid = booked.appointment.uid
    answers.tell(request, Toast(_("Visit booked."), reverse("desk:unbook", args=[uid])))
    return see_other(request, reverse("desk:visit", args=[uid]))


def _show(page: Page, *, status: int = 200) -> HttpResponse:
    text = queries.current_texts().get(PolicyKind.SERVICE_SMS)
    shown = people.described([page.person], page.request.user, at=page.at) if page.person else []
    context = {
        **page.when.context(),
        "person": shown[0] if shown else None,
        "found": page.found,
        "alike": page.alike,
        "clashes": page.clashes,
        "sms_text": text.text if text else "",
        "several": len(page.form.locations) > 1,
    }
    return answers.panel(
        page.request,
        "desk/visit/_new.html",
        context,
        at=page.at,
        here=page.location,
        on=page.form.chosen_day(),
        status=status,
    )


def _uid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None

"""The patients' list, one patient's page, adding and correcting, messages, and who opened the page."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import may, require_object
from accounts.actors import actor_of
from accounts.pages import staff_page
from core.clock import local_date, now
from core.http import see_other
from core.problems import Invalid
from desk import answers, people, person_page
from desk.answers import Toast
from desk.forms import DetailsForm, WriteForm
from messaging.actions import OptedOut
from messaging.models import Channel
from patients import access, actions, letters
from patients.cursors import read_cursor, read_place
from patients.models import Person
from patients.rules import Details, Entry, read_details
from practice.profile import clinic_zone, profile
from tenants import sites


@require_GET
@staff_page("patients.view")
def patients(request: HttpRequest) -> HttpResponse:
    """Whom the search finds; without one, who was here last."""
    text = request.GET.get("q", "").strip()
    following = None
    try:
        after = read_cursor(request.GET.get("cursor", ""))
    except Invalid:  # an address cut short on its way: the list begins anew
        return redirect("desk:patients")
    if text:
        found = access.search(request.user, text, region=profile().region, most=50)
    else:
        found, following = access.recent(request.user, after=after)
    context = {
        "text": text,
        "found": people.described(found, request.user, at=now()),
        "following": following,
        "first": after is None,
    }
    return render(request, "desk/patients/list.html", context)


@require_http_methods(["GET", "POST"])
@staff_page("patients.manage")
def new_patient(request: HttpRequest) -> HttpResponse:
    at = now()
    form = DetailsForm(request.POST if request.method == "POST" else None)
    alike: list[people.Found] = []
    if form.is_bound and form.is_valid() and (details := _read(form, at)):
        if not form.cleaned_data["new_anyway"]:
            same = access.possible_duplicates(request.user, details)
            alike = people.described(same, request.user, at=at)
        if not alike:
            person = actions.create_person(details, by=actor_of(request), at=at)
            answers.tell(request, Toast(_("Patient added.")))
            return see_other(request, reverse("desk:patient", args=[person.uid]))
        form.add_error("new_anyway", _("Maybe this patient is here already."))
    context = {"form": form, "alike": alike}
    return render(request, "desk/patients/new.html", context, status=422 if form.is_bound else 200)


@require_GET
@staff_page()
def patient(request: HttpRequest, uid: UUID) -> HttpResponse:
    person = access.get_person(request.user, uid)
    return render(request, "desk/patients/patient.html", person_page.read(request.user, person, at=now()))


@require_http_methods(["GET", "POST"])
@staff_page()
def edit_patient(request: HttpRequest, uid: UUID) -> HttpResponse:
    person = access.get_person(request.user, uid, to="manage")
    form = DetailsForm(request.POST if request.method == "POST" else None, initial=_initial(person))
    del form.fields["new_anyway"]
    if form.is_bound and form.is_valid() and _correct(request, person, form):
        answers.tell(request, Toast(_("Saved.")))
        return see_other(request, reverse("desk:patient", args=[uid]))
    context = {"form": form, "person": person}
    return render(request, "desk/patients/edit.html", context, status=422 if form.is_bound else 200)


@require_POST
@staff_page()
def verify(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The staff has seen who it is: from now on two visits of one person at once are a conflict."""
    person = access.get_person(request.user, uid, to="manage")
    actions.verify_person(person, by=actor_of(request))
    answers.tell(request, Toast(_("Patient verified.")))
    return see_other(request, reverse("desk:patient", args=[uid]))


@require_POST
@staff_page()
def write(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A text, an email or a message in the portal, in the staff's own words."""
    at = now()
    require_object(request.user, "messages.send")
    person = access.get_person(request.user, uid)
    form = WriteForm(request.POST, channels=person_page.channels(person, at=at))
    if form.is_valid() and _send(request, person, form, at):
        in_portal = form.cleaned_data["channel"] == Channel.PORTAL
        said = _("Message is in the portal.") if in_portal else _("Message on its way.")
        answers.tell(request, Toast(said))
        return see_other(request, reverse("desk:patient", args=[uid]) + "#messages")
    context = person_page.read(request.user, person, at=at, write_form=form)
    return render(request, "desk/patients/patient.html", context, status=422)


@require_GET
@staff_page()
def access_log(request: HttpRequest, uid: UUID) -> HttpResponse:
    try:
        before = read_place(request.GET.get("cursor", ""))
    except Invalid:
        return redirect("desk:access_log", uid=uid)
    events, following = access.access_log_of(request.user, uid, before=before)
    person = access.get_person(request.user, uid)
    context = person_page.log(request.user, person, events, at=now())
    context |= {"following": following, "first": before is None}
    return render(request, "desk/patients/log.html", context)


def _read(form: DetailsForm, at: datetime) -> Details | None:
    on = local_date(at, clinic_zone())
    try:
        return read_details(form.given(), on=on, entry=Entry.STAFF, region=profile().region)
    except Invalid as problem:
        form.take(problem)
        return None


def _correct(request: HttpRequest, person: Person, form: DetailsForm) -> bool:
    given = form.given()
    if not may(request.user, "patients.contact"):
        given = {name: value for name, value in given.items() if name not in ("phone", "email")}
    try:
        actions.update_person(
            person,
            given,
            by=actor_of(request),
            on=local_date(now(), clinic_zone()),
            region=profile().region,
        )
    except Invalid as problem:
        form.take(problem)
        return False
    return True


def _initial(person: Person) -> dict[str, Any]:
    details = actions.details_of(person)
    return {
        "first_name": details.first_name,
        "last_name": details.last_name,
        "date_of_birth": details.date_of_birth.isoformat() if details.date_of_birth else "",
        "phone": details.phone,
        "email": details.email,
        "language": details.language,
    }


def _send(request: HttpRequest, person: Person, form: WriteForm, at: datetime) -> bool:
    try:
        letters.send(
            request.user,
            person,
            channel=form.cleaned_data["channel"],
            body=form.cleaned_data["body"],
            subject_line=form.cleaned_data["subject_line"],
            site=sites.site(),
            at=at,
        )
    except Invalid as problem:
        form.take(problem)
        return False
    except OptedOut as problem:
        form.add_error("channel", f"{problem.title}. {problem.detail}")
        return False
    return True

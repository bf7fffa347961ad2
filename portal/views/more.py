"""Messages, the people somebody looks after, and who opened the record."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from audit.trail import note_list, record
from core.clock import now
from core.problems import Invalid, NotFound, TooMany
from messaging import inapp
from patients import guardians, letters
from patients.access import own_access_log, own_messages
from patients.cursors import read_place
from patients.self_service import actor_of
from portal import telling
from portal.forms import LetterForm
from portal.pages import UNREADABLE, Visiting, portal_page, see, show
from practice.profile import clinic_zone


@portal_page("GET", "POST")
def messages(request: HttpRequest, visiting: Visiting) -> HttpResponse:
    """The thread, and a form to write to the clinic. Whoever opens it has read it."""
    at = now()
    form = LetterForm(request.POST if request.method == "POST" else None)
    status = UNREADABLE if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            _write(form, visiting, at)
        except Invalid as problem:
            form.take(problem)
        except TooMany as problem:
            form.add_error("body", str(problem.detail))
            status = problem.status
        else:
            return see("messages", done="1")
    found, _more = own_messages(visiting.person, by=visiting.by)
    inapp.mark_read(visiting.person.uid, at=at)
    context = {
        "letters": telling.letters(found, clinic_zone()),
        "form": form,
        "done": "done" in request.GET and not form.is_bound,
    }
    return show(request, "messages", context, status=status)


def _write(form: LetterForm, visiting: Visiting, at: datetime) -> None:
    given = form.cleaned_data
    letters.write_to_clinic(visiting.person, given["body"], by=visiting.by, at=at, key=given["once"])


@portal_page()
def record_log(request: HttpRequest, visiting: Visiting) -> HttpResponse:
    try:
        before = read_place(request.GET.get("cursor", ""))
    except Invalid:  # an address cut short on its way: the list begins anew
        return see("record")
    events, following = own_access_log(visiting.person, by=visiting.by, before=before)
    lines = telling.seen(events, visiting.person.uid, clinic_zone())
    return show(request, "record", {"lines": lines, "following": following, "first": before is None})


@portal_page()
def people(request: HttpRequest, visiting: Visiting) -> HttpResponse:
    """Whom this person looks after."""
    links = guardians.dependants_of(visiting.guardian, at=now())
    if links:
        shown = [each.dependant.uid for each in links]
        note_list("dependant.listed", by=actor_of(visiting.guardian), kind="patients.person", shown=shown)
    return show(request, "people", {"links": links})


@portal_page("POST")
def act_for(request: HttpRequest, visiting: Visiting, uid: UUID) -> HttpResponse:
    """From here on the pages are the dependant's, until the guardian goes back."""
    links = guardians.dependants_of(visiting.guardian, at=now())
    found = next((each.dependant for each in links if each.dependant.uid == uid), None)
    if found is None:
        raise NotFound
    with transaction.atomic():
        visiting.session.acting_for = found
        visiting.session.save(update_fields=["acting_for"])
        by = actor_of(visiting.guardian, for_person=found)
        record("dependant.opened", by=by, on=found, patient=found.uid, at=now())
    return see("home")


@portal_page("POST")
def act_for_me(request: HttpRequest, visiting: Visiting) -> HttpResponse:
    visiting.session.acting_for = None
    visiting.session.save(update_fields=["acting_for"])
    return see("home")

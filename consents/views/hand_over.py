"""The tablet in the patient's hand: nothing but the forms, until somebody of the staff shows who they are.

Handing over shuts the session for everything else (accounts.sessions.hand_over): whatever address the patient types, the
answer is the question who it is.
"""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.actors import actor_of
from accounts.pages import staff_page
from consents import access, actions, handing, queries, sheets
from consents.actions.signing import refuse_signer
from consents.handing import Handed
from consents.models import Channel, Signature
from consents.paper import paper_for
from consents.queries import Standing
from consents.sheets import Sheet
from core.clock import now
from core.http import see_other
from patients import handing as more
from patients.models import Person


@require_POST
@staff_page("consents.collect")
def begin(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The chosen forms, for the patient or a guardian; from here on the screen is the patient's."""
    at = now()
    person = access.get_person_for_forms(request.user, uid, to="collect")
    wanted = set(request.POST.getlist("form"))
    chosen = [each for each in queries.status_for(person, at) if str(each.form.uid) in wanted]
    tasks = _tasks(request, person, at)
    signer = handing.signer_of(request, person, request.POST.get("signer", ""), at)
    refused = next(
        (why for each in chosen if (why := refuse_signer(each.version, person, signer, at=at))), ""
    )
    if not (chosen or tasks) or refused:
        messages.error(request, refused or _("Choose at least one form."))
        return see_other(request, reverse("consents:forms", args=[uid]))
    language = request.POST.get("language", "")
    there = handing.begin(
        request,
        person,
        signer=signer,
        forms=[str(each.form.uid) for each in chosen],
        tasks=tasks,
        language=language if language in dict(settings.LANGUAGES) else (person.language or "en"),
        at=at,
    )
    return see_other(request, there)


def _tasks(request: HttpRequest, person: Person, at: datetime) -> dict[str, list[str]]:
    """What of other apps was chosen, among what they offer for this person."""
    wanted = set(request.POST.getlist("task"))
    if not wanted:
        return {}
    offered = more.tasks(person, at=at)
    chosen = {
        path: [each.key for each in each_one if each.key in wanted] for path, each_one in offered.items()
    }
    return {path: keys for path, keys in chosen.items() if keys}


@require_GET
@never_cache
@staff_page("consents.collect")
def next_form(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The next of what was chosen and is not done: first what is asked, then what is signed; after the last the thanks."""
    at, handed = now(), handing.handed(request, uid)
    if handed is None:
        return see_other(request, reverse("consents:forms", args=[_known(request, uid).uid]))
    for path, offer in more.offers().items():
        there = offer.next_path(handed.person, handed.tasks.get(path, []), since=handed.since)
        if there:
            return see_other(request, there)
    waiting = _waiting(handed, at)
    if waiting:
        return see_other(request, reverse("consents:hand_over_form", args=[uid, waiting[0].form.uid]))
    with override(handed.language):
        context = {"back": handing.way_back(handed.person), "signed": bool(handed.forms)}
        return render(request, "consents/handed_done.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_page("consents.collect")
def sign(request: HttpRequest, uid: UUID, form: UUID) -> HttpResponse:
    at, handed = now(), handing.handed(request, uid)
    if handed is None:
        _known(request, uid)
        access.get_form(request.user, form, to="collect")
        return see_other(request, reverse("consents:forms", args=[uid]))
    standing = next((each for each in _waiting(handed, at) if each.form.uid == form), None)
    if standing is None:
        return see_other(request, reverse("consents:hand_over", args=[uid]))
    with override(handed.language):
        return _sign(request, handed, standing, at)


def _sign(request: HttpRequest, handed: Handed, standing: Standing, at: datetime) -> HttpResponse:
    person = handed.person
    signer = handing.signer_of(request, person, handed.signer, at)
    paper = paper_for(standing.version, person, language=handed.language, at=at)
    sheet = Sheet(standing.version, paper, for_whom=person.name if signer.pk != person.pk else "")
    status = 200
    if request.method == "POST":
        given = sheets.read(request)

        def write() -> Signature:
            return actions.sign(
                sheets.sent_version(request, standing.version),
                person,
                signer=signer,
                given=given,
                language=handed.language,
                channel=Channel.TABLET,
                collected_by=actor_of(request).id,
                by=actor_of(request),
                at=at,
            )

        made, status = sheets.try_to_sign(sheet, given, write)
        if made is not None:
            return see_other(request, reverse("consents:hand_over", args=[person.uid]))
    context = {
        "sheet": sheet,
        "title": paper.title,
        "count": len(handed.forms),
        "number": handed.forms.index(str(standing.form.uid)) + 1,
        "back": handing.way_back(person),
    }
    return render(request, "consents/handed_form.html", context, status=status)


def _known(request: HttpRequest, uid: UUID) -> Person:
    return access.get_person_for_forms(request.user, uid, to="collect")


def _waiting(handed: Handed, at: datetime) -> list[Standing]:
    return [
        each
        for each in queries.status_for(handed.person, at)
        if str(each.form.uid) in handed.forms and not each.is_live
    ]

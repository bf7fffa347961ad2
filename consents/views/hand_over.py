"""The tablet in the patient's hand: nothing but the forms, until somebody of the staff shows who they are.

Handing over shuts the session for everything else (accounts.sessions.hand_over): whatever address the patient types, the
answer is the question who it is.
"""

from datetime import datetime
from typing import Final
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

from accounts import sessions
from accounts.actors import actor_of
from accounts.pages import staff_page
from consents import access, actions, queries, sheets
from consents.actions.signing import refuse_signer
from consents.models import Channel, Signature
from consents.paper import paper_for
from consents.queries import Standing
from consents.sheets import Sheet
from core.clock import now
from core.http import see_other
from core.problems import NotFound
from patients import guardians
from patients.models import Person

HANDED: Final = "consents.handed_over"  # in the session: which forms, who signs, in which language


@require_POST
@staff_page("consents.collect")
def begin(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The chosen forms, for the patient or a guardian; from here on the screen is the patient's."""
    at = now()
    person = access.get_person_for_forms(request.user, uid, to="collect")
    wanted = set(request.POST.getlist("form"))
    chosen = [each for each in queries.status_for(person, at) if str(each.form.uid) in wanted]
    signer = _signer(request, person, request.POST.get("signer", ""), at)
    refused = next(
        (why for each in chosen if (why := refuse_signer(each.version, person, signer, at=at))), ""
    )
    if not chosen or refused:
        messages.error(request, refused or _("Choose at least one form."))
        return see_other(request, reverse("consents:forms", args=[uid]))
    language = request.POST.get("language", "")
    request.session[HANDED] = {
        "person": str(uid),
        "signer": str(signer.uid),
        "forms": [str(each.form.uid) for each in chosen],
        "language": language if language in dict(settings.LANGUAGES) else (person.language or "en"),
    }
    there = reverse("consents:hand_over", args=[uid])
    sessions.hand_over(request.session, there)
    return see_other(request, there)


@require_GET
@never_cache
@staff_page("consents.collect")
def next_form(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The next of the chosen forms that is not signed; after the last the thanks."""
    at, person = now(), _handed(request, uid)
    if person is None:
        return see_other(request, reverse("consents:forms", args=[_known(request, uid).uid]))
    waiting = _waiting(request, person, at)
    if waiting:
        return see_other(request, reverse("consents:hand_over_form", args=[uid, waiting[0].form.uid]))
    with override(request.session[HANDED]["language"]):
        back = reverse("accounts_take_back") + f"?next={reverse('consents:forms', args=[uid])}"
        return render(request, "consents/handed_done.html", {"back": back})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_page("consents.collect")
def sign(request: HttpRequest, uid: UUID, form: UUID) -> HttpResponse:
    at, person = now(), _handed(request, uid)
    if person is None:
        _known(request, uid)
        access.get_form(request.user, form, to="collect")
        return see_other(request, reverse("consents:forms", args=[uid]))
    standing = next((each for each in _waiting(request, person, at) if each.form.uid == form), None)
    if standing is None:
        return see_other(request, reverse("consents:hand_over", args=[uid]))
    handed = request.session[HANDED]
    with override(handed["language"]):
        return _sign(request, person, standing, at)


def _sign(request: HttpRequest, person: Person, standing: Standing, at: datetime) -> HttpResponse:
    handed = request.session[HANDED]
    signer = _signer(request, person, handed["signer"], at)
    paper = paper_for(standing.version, person, language=handed["language"], at=at)
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
                language=handed["language"],
                channel=Channel.TABLET,
                collected_by=actor_of(request).id,
                by=actor_of(request),
                at=at,
            )

        made, status = sheets.try_to_sign(sheet, given, write)
        if made is not None:
            return see_other(request, reverse("consents:hand_over", args=[person.uid]))
    forms = handed["forms"]
    context = {
        "sheet": sheet,
        "title": paper.title,
        "count": len(forms),
        "number": forms.index(str(standing.form.uid)) + 1,
        "back": reverse("accounts_take_back") + f"?next={reverse('consents:forms', args=[person.uid])}",
    }
    return render(request, "consents/handed_form.html", context, status=status)


def _handed(request: HttpRequest, uid: UUID) -> Person | None:
    """The person for whom this screen was handed over; None where it was not, or for somebody else."""
    handed = request.session.get(HANDED)
    if not sessions.handed_over(request.session) or not handed or handed["person"] != str(uid):
        return None
    return _known(request, uid)


def _known(request: HttpRequest, uid: UUID) -> Person:
    return access.get_person_for_forms(request.user, uid, to="collect")


def _waiting(request: HttpRequest, person: Person, at: datetime) -> list[Standing]:
    wanted = request.session[HANDED]["forms"]
    return [
        each for each in queries.status_for(person, at) if str(each.form.uid) in wanted and not each.is_live
    ]


def _signer(request: HttpRequest, person: Person, uid: str, at: datetime) -> Person:
    """The patient, or one of those who look after them."""
    if uid in ("", str(person.uid)):
        return person
    links = guardians.guardians_of(request.user, person, at=at)
    found = next((link.guardian for link in links if str(link.guardian.uid) == uid), None)
    if found is None:
        raise NotFound
    return found

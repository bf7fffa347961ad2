"""The Forms tab of a patient's record, and one signature: to read, to print, to note that it was taken back."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_GET, require_POST

from accounts.access import may
from accounts.actors import actor_of
from accounts.pages import staff_page
from consents import access, actions, coming, queries, sheets
from consents.models import EndedHow, EndKind, Signature
from consents.queries import Standing, State
from consents.receipt import file_name
from consents.receipt import receipt as print_receipt
from core.clock import local, now
from core.http import see_other
from core.problems import Conflict, Invalid, Problem
from core.reading import one_page
from patients import guardians, handing, letters, record
from patients.models import Person
from practice.profile import clinic_zone
from tenants import sites

HOWS = (EndedHow.SPOKEN, EndedHow.WRITTEN)


@require_GET
@staff_page("consents.view")
def forms(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What is signed, until when, and what is missing for the visits ahead."""
    person = access.get_person_for_forms(request.user, uid)
    with one_page():
        return _forms(request, person, now())


def _forms(request: HttpRequest, person: Person, at: datetime) -> HttpResponse:
    visits = coming.coming_visits(person, at)
    waiting = coming.to_sign(person, at, visits)
    context = record.head(request.user, person, tab="forms", at=at) | {
        "standings": [_line(each, at) for each in queries.status_for(person, at)],
        "waiting": {each.form.uid for each in waiting},
        "missing": [each for each in waiting if each.form.is_demanded],
        "signatures": [signature_line(each, at) for each in access.signatures_of(person)],
        "next_visit": local(visits[0].starts_at, clinic_zone()) if visits else None,
        "signers": _signers(request, person, at),
        "tasks": [each for some in handing.tasks(person, at=at).values() for each in some],
        "may_write": may(request.user, "messages.send") and letters.has_portal(person, at=at),
    }
    return render(request, "consents/forms.html", context)


@require_POST
@staff_page("consents.collect")
def send(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A message in the portal that says which forms wait."""
    at = now()
    person = access.get_person_for_forms(request.user, uid, to="collect")
    site = sites.site()
    with override(person.language or "en"):
        words = _("Please read and sign before your visit: %(forms)s. You find them under Forms.")
        waiting = coming.to_sign(person, at) or [
            each for each in queries.status_for(person, at) if not each.is_live and each.form.is_demanded
        ]
        body = words % {"forms": ", ".join(each.title for each in waiting)}
    if not waiting:
        messages.error(request, _("Nothing is missing."))
    else:
        try:
            letters.send(request.user, person, channel="portal", body=body, site=site, at=at)
        except Problem as problem:
            messages.error(request, _refusal(problem))
        else:
            messages.success(request, _("Sent. The patient finds the forms in the portal."))
    return see_other(request, reverse("consents:forms", args=[uid]))


@require_GET
@staff_page("consents.view")
def signature(request: HttpRequest, uid: UUID) -> HttpResponse:
    found = access.get_signature(request.user, uid)
    return _page(request, found)


@require_GET
@staff_page("consents.view")
def receipt(request: HttpRequest, uid: UUID) -> HttpResponse:
    """In the browser's own viewer, from where it is printed."""
    found = access.get_signature(request.user, uid)
    answer = HttpResponse(print_receipt(found), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{file_name(found)}"'
    return answer


@require_POST
@staff_page("consents.collect")
def end(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The patient took it back in words or on paper; or it was taken by mistake."""
    found = access.get_signature(request.user, uid, to="collect")
    how, kind = request.POST.get("how", ""), request.POST.get("kind", "")
    typed = {"reason": request.POST.get("reason", ""), "how": how, "kind": kind}
    if how not in HOWS or kind not in EndKind.values:
        return _page(request, found, problems=[_("Say what happened, and how.")], typed=typed, status=422)
    try:
        actions.end_signature(
            found,
            kind=EndKind(kind),
            how=EndedHow(how),
            reason=typed["reason"],
            by=actor_of(request),
            at=now(),
        )
    except Invalid as problem:
        said = [each["message"] for each in problem.errors]
        return _page(request, found, problems=said, typed=typed, status=422)
    except Conflict as problem:
        messages.error(request, str(problem.detail))
    else:
        messages.success(request, _("Noted. It counts no more."))
    return see_other(request, reverse("consents:forms", args=[found.person.uid]))


def signature_line(one: Signature, at: datetime) -> dict[str, Any]:
    return {"row": one, "title": one.version.form.name, "state": queries.state_of(one, at).value}


def _page(
    request: HttpRequest,
    found: Signature,
    *,
    problems: list[str] | None = None,
    typed: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    at = now()
    state = queries.state_of(found, at)
    context = record.head(request.user, found.person, tab="forms", at=at) | {
        "signature": found,
        "state": state.value,
        "paper": sheets.signed_paper(found),
        "drawn": sheets.drawn(found),
        "text_hash": bytes(found.text_hash).hex(),
        "seal_hash": bytes(found.seal_hash).hex(),
        "may_end": may(request.user, "consents.collect") and state not in (State.WITHDRAWN, State.VOIDED),
        "kinds": EndKind.choices,
        "hows": [(each.value, each.label) for each in HOWS],
        "problems": problems or [],
        "typed": typed or {"kind": EndKind.WITHDRAWN.value, "how": EndedHow.SPOKEN.value},
    }
    return render(request, "consents/signature.html", context, status=status)


def _line(each: Standing, at: datetime) -> dict[str, Any]:
    return {"row": each, "state": each.state.value, "until": each.until}


def _signers(request: HttpRequest, person: Person, at: datetime) -> list[tuple[str, str]]:
    """Who may sign at the desk: the patient first, then whoever looks after them."""
    links = guardians.guardians_of(request.user, person, at=at) if may(request.user, "patients.view") else []
    found = [
        (str(link.guardian.uid), f"{link.guardian.name} ({link.get_relation_display()})") for link in links
    ]
    return [("", person.name), *found]


def _refusal(problem: Problem) -> str:
    said = [each["message"] for each in problem.errors]
    return " ".join(said) or str(problem.detail or problem.title)

"""Forms to read and sign, what was signed, its receipt, and taking it back."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language

from audit.trail import note_read
from consents import actions, coming, queries, sheets
from consents.access import own_signature, signatures_of
from consents.actions.signing import refuse_signer
from consents.models import Asked, Channel, ConsentVersion, EndedHow, FormKind, Signature
from consents.paper import paper_for
from consents.queries import Standing, State
from consents.receipt import file_name
from consents.receipt import receipt as print_receipt
from consents.sheets import Sheet
from core.clock import now
from core.problems import Conflict, Invalid, NotFound
from portal.pages import Visiting, portal_page, see, show
from practice.profile import clinic_zone
from scheduling.patient_pages import words

DONE = ("signed", "withdrawn")


@portal_page()
def consents(request: HttpRequest, visiting: Visiting) -> HttpResponse:
    """What waits for a visit, what can be signed besides, and what was signed."""
    at, person = now(), visiting.person
    waiting = coming.to_sign(person, at)
    waits = {each.form.pk for each in waiting}
    offered = [
        each
        for each in queries.status_for(person, at)
        if not each.is_live
        and each.form.pk not in waits
        and (each.form.asked == Asked.OFFERED or each.form.kind == FormKind.NPP)
        and not refuse_signer(each.version, person, visiting.guardian, at=at)
    ]
    note_read("consent.viewed", by=visiting.by, on=person, patient=person.uid)
    done = request.GET.get("done", "")
    context = {
        "waiting": waiting,
        "offered": offered,
        "signed": [line(each, at) for each in signatures_of(person)],
        "done": done if done in DONE else "",
    }
    return show(request, "consents", context)


@portal_page("GET", "POST")
def sign(request: HttpRequest, visiting: Visiting, uid: UUID) -> HttpResponse:
    """Read it, tick, type the name, draw, send. What was typed stays until it is right."""
    at, person = now(), visiting.person
    standing = _to_sign(person_standings(visiting, at), uid)
    if standing.is_live and standing.signature is not None:
        return see("signed", standing.signature.uid)
    if refused := refuse_signer(standing.version, person, visiting.guardian, at=at):
        return show(
            request,
            "consent_not_yours",
            {"title": standing.title, "why": refused},
            status=409 if request.POST else 200,
        )
    language = request.POST.get("language") or (get_language() or "en").partition("-")[0]
    note_read("consent.viewed", by=visiting.by, on=person, patient=person.uid)
    paper = paper_for(standing.version, person, language=language, at=at)
    sheet = Sheet(standing.version, paper, back=reverse("portal:consents"))
    sheet.for_whom = person.name if visiting.for_another else ""
    status = 200
    if request.method == "POST":
        given = sheets.read(request)

        def write() -> Signature:
            return actions.sign(
                sheets.sent_version(request, standing.version),
                person,
                signer=visiting.guardian,
                given=given,
                language=language,
                channel=Channel.PORTAL,
                visit=_visit(visiting, standing.version, at),
                by=visiting.by,
                at=at,
            )

        made, status = sheets.try_to_sign(sheet, given, write)
        if made is not None:
            following = coming.to_sign(person, at)
            return (
                see("consent", following[0].form.uid, done="1")
                if following
                else see("consents", done="signed")
            )
    context = {
        "sheet": sheet,
        "title": paper.title,
        "went_well": "done" in request.GET and request.method == "GET",
    }
    return show(request, "consent", context, status=status)


@portal_page()
def signed(request: HttpRequest, visiting: Visiting, uid: UUID) -> HttpResponse:
    at, signature = now(), own_signature(visiting.person, uid, by=visiting.by)
    return show(request, "signed", signature_context(signature, at))


@portal_page()
def receipt(request: HttpRequest, visiting: Visiting, uid: UUID) -> HttpResponse:
    return download(own_signature(visiting.person, uid, by=visiting.by))


@portal_page("GET", "POST")
def withdraw(request: HttpRequest, visiting: Visiting, uid: UUID) -> HttpResponse:
    """One question, and it counts no more."""
    at, signature = now(), own_signature(visiting.person, uid, by=visiting.by)
    problems: list[str] = []
    if request.method == "POST":
        reason = request.POST.get("reason", "")
        try:
            actions.end_signature(signature, how=EndedHow.PORTAL, reason=reason, by=visiting.by, at=at)
        except Invalid as problem:
            problems = [each["message"] for each in problem.errors]
        except Conflict:
            return see("signed", signature.uid)
        else:
            return see("consents", done="withdrawn")
    elif queries.state_of(signature, at) in (State.WITHDRAWN, State.VOIDED):
        return see("signed", signature.uid)
    context = {
        **signature_context(signature, at),
        "problems": problems,
        "reason": request.POST.get("reason", ""),
        "is_demanded": signature.version.form.is_demanded,
    }
    return show(request, "consent_withdraw", context, status=422 if problems else 200)


def download(signature: Signature) -> HttpResponse:
    answer = HttpResponse(print_receipt(signature), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{file_name(signature)}"'
    return answer


def signature_context(signature: Signature, at: datetime) -> dict[str, object]:
    return {
        **(said := line(signature, at)),
        "line": said,
        "signature": signature,
        "paper": sheets.signed_paper(signature),
        "drawn": sheets.drawn(signature),
        "text_hash": bytes(signature.text_hash).hex(),
    }


def line(signature: Signature, at: datetime) -> dict[str, object]:
    """A signature in a list, in words."""
    zone, end = clinic_zone(), signature.ended
    return {
        "uid": signature.uid,
        "title": signature.text.partition("\n")[0],
        "when": words.day_and_time(signature.signed_at.astimezone(zone)),
        "state": queries.state_of(signature, at).value,
        "until": words.whole_day(signature.expires_at.astimezone(zone)) if signature.expires_at else "",
        "until_year": signature.expires_at.astimezone(zone).year if signature.expires_at else "",
        "ended": words.day_and_time(end.at.astimezone(zone)) if end else "",
    }


def person_standings(visiting: Visiting, at: datetime) -> list[Standing]:
    return queries.status_for(visiting.person, at)


def _to_sign(standings: list[Standing], uid: UUID) -> Standing:
    found = next((each for each in standings if each.form.uid == uid), None)
    if found is None:
        raise NotFound
    return found


def _visit(visiting: Visiting, version: ConsentVersion, at: datetime) -> UUID | None:
    """For which of the coming visits it is asked: the first that asks for it."""
    for each in coming.coming_visits(visiting.person, at):
        if any(one.form_id == version.form_id for one in queries.forms_for([each.service], at)):
            return each.visit
    return None

"""Treatment plans that were offered: to be read, said yes or no to, and kept as a paper. Clinical: not by a code by text."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.translation import get_language

from charting import actions, plan_access
from charting.actions.plan_decisions import Said
from charting.models import DecidedHow
from charting.plans import paper as papers
from charting.plans.reading import Shown
from consents.rules import is_child
from core.clock import local, now
from core.http import client_ip
from core.problems import Conflict, Invalid, NotFound
from portal.pages import Visiting, portal_page, see, show
from practice.profile import clinic_zone
from scheduling.models import Appointment
from scheduling.patient_pages import words


@portal_page()
def plans(request: HttpRequest, visiting: Visiting) -> HttpResponse:
    if not visiting.session.by_mail:
        return show(request, "plans_by_mail", status=403)
    at = now()
    found = plan_access.own_plans(visiting.person, by=visiting.by, at=at)
    return show(request, "plans", {"plans": [_line(one) for one in found]})


@portal_page("GET", "POST")
def plan(request: HttpRequest, visiting: Visiting, uid: UUID) -> HttpResponse:
    """The text word by word; below it the name, typed, says yes."""
    if not visiting.session.by_mail:
        return show(request, "plans_by_mail", status=403)
    found = plan_access.own_plan(visiting.person, uid, by=visiting.by, at=now())
    if request.method != "POST":
        return _page(request, visiting, found)
    return _decide(request, visiting, found, accepts=True)


@portal_page("POST")
def decline(request: HttpRequest, visiting: Visiting, uid: UUID) -> HttpResponse:
    if not visiting.session.by_mail:
        raise NotFound
    found = plan_access.own_plan(visiting.person, uid, by=visiting.by, at=now())
    return _decide(request, visiting, found, accepts=False)


@portal_page()
def paper(request: HttpRequest, visiting: Visiting, uid: UUID) -> HttpResponse:
    if not visiting.session.by_mail:
        raise NotFound
    found = plan_access.own_plan(visiting.person, uid, by=visiting.by, at=now())
    answer = HttpResponse(
        papers.plan_pdf(found, language=get_language() or "en"), content_type="application/pdf"
    )
    answer["Content-Disposition"] = f'attachment; filename="{papers.file_name(found)}"'
    return answer


def _decide(request: HttpRequest, visiting: Visiting, found: Shown, *, accepts: bool) -> HttpResponse:
    """What was typed stays until it is right; a second press finds what the first one did."""
    assert found.version is not None
    said = Said(
        how=DecidedHow.PORTAL,
        signer=visiting.guardian,
        name=request.POST.get("name", "") if accepts else visiting.guardian.name,
        reason=request.POST.get("reason", ""),
        language=get_language() or "en",
        shown=request.POST.get("shown", ""),
        ip=client_ip(request),
        agent=request.headers.get("User-Agent", ""),
    )
    act = actions.accept_plan if accepts else actions.decline_plan
    try:
        act(found.version, said, by=visiting.by, at=now())
    except Invalid as problem:
        wrong = {each["field"]: each["message"] for each in problem.errors}
        return _page(request, visiting, found, wrong=wrong, status=422)
    except Conflict as problem:
        try:
            found = plan_access.own_plan(visiting.person, found.plan.uid, by=visiting.by, at=now())
        except NotFound:  # taken back meanwhile: the list says what there is
            return see("plans")
        if not found.is_offered:
            return see("plan", found.plan.uid)
        return _page(request, visiting, found, refusal=problem, status=problem.status)
    return see("plan", found.plan.uid, done="accepted" if accepts else "declined")


def _page(
    request: HttpRequest,
    visiting: Visiting,
    found: Shown,
    *,
    wrong: dict[str, str] | None = None,
    refusal: Conflict | None = None,
    status: int = 200,
) -> HttpResponse:
    language = get_language() or "en"
    text = papers.paper_of(found, language=language)
    decision = papers.decided(found)
    done = request.GET.get("done", "") if request.method == "GET" else ""
    child = is_child(visiting.person.date_of_birth, now(), clinic_zone())
    context = {
        **_line(found),
        "paper": text,
        "digest": text.digest,
        "decision": decision,
        "decided_when": words.day_and_time(local(decision.decided_at, clinic_zone())) if decision else "",
        "text_hash": bytes(decision.text_hash).hex() if decision else "",
        "may_decide": found.is_offered and not (child and not visiting.for_another),
        "wrong": wrong or {},
        "refusal": str(refusal.detail or refusal.title) if refusal else "",
        "name": request.POST.get("name", ""),
        "reason": request.POST.get("reason", ""),
        "done": done if done in ("accepted", "declined") else "",
        "until": date_format(found.content.valid_until, "DATE_FORMAT"),
        "next_ahead": _is_ahead(found),
    }
    return show(request, "plan", context, status=status)


def _is_ahead(found: Shown) -> bool:
    """Whether the next step is booked already."""
    if found.next is None:
        return False
    rows = Appointment.objects.expected(now()).filter(person=found.plan.person)
    return rows.filter(service__uid=found.next.stage.service).exists()


def _line(found: Shown) -> dict[str, object]:
    version = found.version
    assert version is not None
    return {
        "shown": found,
        "title": found.content.title,
        "offered": words.whole_day(local(version.offered_at, clinic_zone()).date()),
        "total": words.price(found.total),
    }

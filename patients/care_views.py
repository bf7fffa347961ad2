"""The staff's pages about who may open a record: the care team, the asked reason, and what was opened with one."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import may, require_object
from accounts.models import User
from accounts.pages import safe_next, staff_page
from core.clock import now
from core.http import see_other
from core.problems import Conflict, Invalid
from patients import access, care, printing
from patients.models import Finding, Person
from patients.pages import record_page


@require_http_methods(["GET", "POST"])
@staff_page()
def break_glass(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Somebody outside the care team says why they need the record; it opens for four hours, and the owners hear of it."""
    require_object(request.user, "chart.view")
    person = access.get_person(request.user, uid)
    following = safe_next(request.POST.get("next") or request.GET.get("next"))
    reason, problems = request.POST.get("reason", ""), []
    if request.method == "POST":
        try:
            care.break_glass(request.user, person, reason=reason, at=now())
        except Invalid as problem:
            problems = [str(each["message"]) for each in problem.errors]
        except Conflict:  # it is open already: on to what was wanted
            return see_other(request, following)
        else:
            return see_other(request, following)
    context = {
        "person": person,
        "reason": reason,
        "problems": problems,
        "next": following,
        "team": care.team(person),
        "longest": care.LONGEST,
    }
    return render(request, "patients/break_glass.html", context, status=422 if problems else 200)


@require_http_methods(["GET", "POST"])
@record_page()
def care_team(request: HttpRequest, person: Person) -> HttpResponse:
    """Who is on the care team; whoever answers for all patients puts somebody on it or takes them off."""
    uid = person.uid
    problems: list[str] = []
    if request.method == "POST":
        try:
            added = care.add_to_team(request.user, person, _id(request.POST.get("colleague", "")), at=now())
        except Invalid as problem:
            problems = [str(each["message"]) for each in problem.errors]
        else:
            messages.success(request, _("%(name)s is on the care team.") % {"name": added.display_name})
            return see_other(request, reverse("patients:care_team", args=[uid]))
    manages = may(request.user, "care.manage")
    context = {
        "person": person,
        "team": care.team(person),
        "may_change": manages,
        "others": care.could_join(person) if manages else [],
        "problems": problems,
    }
    return render(request, "patients/care_team.html", context, status=422 if problems else 200)


@require_POST
@record_page("care.manage")
def leave_team(request: HttpRequest, person: Person, colleague: UUID) -> HttpResponse:
    care.remove_from_team(request.user, person, colleague, at=now())
    messages.success(request, _("Taken off the care team. A visit with this patient puts them on it again."))
    return see_other(request, reverse("patients:care_team", args=[person.uid]))


@require_GET
@staff_page("care.manage")
def reviews(request: HttpRequest) -> HttpResponse:
    """The records that somebody outside the care team opened, until somebody has looked at each."""
    return _reviews(request)


@require_POST
@staff_page()
def review(request: HttpRequest, uid: UUID) -> HttpResponse:
    try:
        care.review(request.user, uid, finding=request.POST.get("finding", ""), at=now())
    except Invalid as problem:
        return _reviews(request, at_fault=uid, problem=str(problem.errors[0]["message"]))
    except Conflict as problem:
        messages.info(request, str(problem.detail))
    else:
        messages.success(request, _("Noted."))
    return see_other(request, reverse("patients:reviews"))


@require_POST
@record_page()
def print_record(request: HttpRequest, person: Person) -> HttpResponse:
    """All of the record this reader may see, as a PDF; that it left is noted, and told to the owners."""
    assert isinstance(request.user, User)
    printed = printing.print_record(request.user, person, at=now())
    name = f"record-{person.uid}.pdf"  # no name of a person in a folder of downloads
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(printed, content_type="application/pdf", headers=headers)


def _reviews(request: HttpRequest, *, at_fault: UUID | None = None, problem: str = "") -> HttpResponse:
    at = now()
    lines = [
        {
            "opened": one,
            "due": one.opened_at + care.REVIEW_WITHIN,
            "is_late": one.opened_at + care.REVIEW_WITHIN < at,
            "is_open": one.until > at,
            "problem": problem if one.uid == at_fault else "",
        }
        for one in care.open_reviews(request.user)
    ]
    context = {"lines": lines, "findings": Finding.choices}
    return render(request, "patients/reviews.html", context, status=422 if problem else 200)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)

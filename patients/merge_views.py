"""Two records of one patient: found, compared, put together, and parted again."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import may, require_object
from accounts.actors import actor_of
from accounts.pages import staff_page
from audit.trail import note_read
from core.clock import now
from core.http import see_other
from core.problems import Conflict, Invalid
from patients import access, merging
from patients.actions import details_of
from patients.models import Person
from practice.profile import profile

MOST_FOUND = 8
LABELS = {
    "name": gettext_lazy("Name"),
    "date_of_birth": gettext_lazy("Date of birth"),
    "phone": gettext_lazy("Phone"),
    "email": gettext_lazy("Email"),
    "language": gettext_lazy("Language"),
}
CONTACTS = ("phone", "email")


@require_GET
@staff_page()
def find_other(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Who may be the same patient, a search for somebody else, and what was merged into this record."""
    require_object(request.user, "patients.merge")
    person = access.get_person(request.user, uid, to="manage")
    text = request.GET.get("q", "").strip()
    found = access.search(request.user, text, region=profile().region, most=MOST_FOUND) if text else []
    alike = access.possible_duplicates(request.user, details_of(person))
    context = {
        "person": person,
        "text": text,
        "alike": [one for one in alike if one.pk != person.pk],
        "found": [one for one in found if one.pk != person.pk],
        "merges": merging.standing(person),
    }
    return render(request, "patients/merge_find.html", context)


@require_http_methods(["GET", "POST"])
@staff_page()
def compare(request: HttpRequest, uid: UUID, other: UUID) -> HttpResponse:
    """The two side by side: which details stay, and then one record."""
    require_object(request.user, "patients.merge")
    kept = access.get_person(request.user, uid, to="manage")
    merged = access.get_person(request.user, other, to="manage")
    problems: list[str] = []
    if request.method == "POST":
        try:
            merging.merge(request.user, uid, other, choices=request.POST.dict(), at=now())
        except Invalid as problem:
            problems = [str(each["message"]) for each in problem.errors]
        except Conflict as problem:
            problems = [str(problem.detail)]
        else:
            messages.success(request, _("Merged. It can be parted again here."))
            return see_other(request, reverse("patients:merge", args=[uid]))
    if kept.pk == merged.pk:
        if not problems:
            return see_other(request, reverse("patients:merge", args=[kept.uid]))
        return render(request, "patients/merge_same.html", {"person": kept, "problems": problems}, status=422)
    note_read("record.compared", by=actor_of(request), on=merged, patient=merged.uid)
    return render(
        request,
        "patients/merge.html",
        _compared(request, kept, merged, problems),
        status=422 if problems else 200,
    )


@require_POST
@staff_page()
def part(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Part again what was merged: both pages are there as before."""
    try:
        made = merging.part(request.user, uid, at=now())
    except Conflict as problem:
        messages.error(request, str(problem.detail))
        return see_other(request, reverse("desk:patients"))
    messages.success(request, _("Parted: these are two records again."))
    return see_other(request, reverse("patients:merge", args=[made.kept.uid]))


def _compared(request: HttpRequest, kept: Person, merged: Person, problems: list[str]) -> dict[str, object]:
    reach = may(request.user, "patients.contact")
    lines = [
        {**line, "label": LABELS[line["choice"]], "chosen": request.POST.get(line["choice"], "own")}
        for line in merging.compared(kept, merged)
        if reach or line["choice"] not in CONTACTS
    ]
    return {
        "kept": kept,
        "merged": merged,
        "lines": lines,
        "may_keep": merging.may_be_kept(kept, merged),
        "may_turn": merging.may_be_kept(merged, kept),
        "warnings": merging.warnings(kept, merged, at=now()),
        "problems": problems,
    }

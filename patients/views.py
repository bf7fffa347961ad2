"""The staff's pages about the ties of a patient: who looks after them, and what they asked to have corrected."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Anybody, may
from accounts.pages import staff_page
from core.clock import local_date, now
from core.http import see_other
from core.problems import Invalid, NotFound
from patients import access, guardians, self_service
from patients.actions import details_of
from patients.models import Correction, Guardianship, Merge, Person, Relation
from practice.profile import clinic_zone, profile

MOST_FOUND = 8


@require_http_methods(["GET", "POST"])
@staff_page()
def guardians_page(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Find somebody, say how they are related, and they look after this patient in the portal."""
    person = access.get_person(request.user, uid, to="manage")
    text = (request.POST.get("q") or request.GET.get("q", "")).strip()
    problems: list[str] = []
    if request.method == "POST":
        problems = _link(request, person)
        if not problems:
            messages.success(request, _("Linked. They see this patient in the portal from now on."))
            return see_other(request, reverse("patients:guardians", args=[uid]))
    found = access.search(request.user, text, region=profile().region, most=MOST_FOUND) if text else []
    context = {
        "person": person,
        "links": guardians.guardians_of(request.user, person, at=now()),
        "text": text,
        "found": [each for each in found if each.pk != person.pk],
        "relations": Relation.choices,
        "relation": request.POST.get("relation", Relation.PARENT.value),
        "problems": problems,
    }
    return render(request, "patients/guardians.html", context, status=422 if problems else 200)


@require_POST
@staff_page()
def end_guardian(request: HttpRequest, uid: UUID, link: UUID) -> HttpResponse:
    person = access.get_person(request.user, uid, to="manage")
    guardians.unlink(request.user, person, link, at=now())
    messages.success(request, _("No longer linked."))
    return see_other(request, reverse("patients:guardians", args=[uid]))


@require_POST
@staff_page()
def settle(request: HttpRequest, uid: UUID, correction: UUID) -> HttpResponse:
    """Looked at: corrected, or left as it is."""
    person = access.get_person(request.user, uid, to="manage")
    self_service.settle_correction(request.user, person, correction, at=now())
    messages.success(request, _("Marked as settled."))
    return see_other(request, reverse("desk:patient", args=[uid]))


def ties(user: Anybody, person: Person) -> dict[str, Any]:
    """For the patient's page at the desk: guardians, and corrections that wait."""
    # Most have none of it: one question for all.
    looked_after = Guardianship.objects.filter(dependant=OuterRef("pk"), ended_at=None)
    asked = Correction.objects.filter(person=OuterRef("pk"), settled_at=None)
    merged = Merge.objects.filter(kept=OuterRef("pk"), parted_at=None)
    rows = Person.objects.filter(pk=person.pk)
    some = rows.values_list(Exists(looked_after), Exists(asked), Exists(merged)).first()
    has_guardians, has_corrections, has_merges = some or (False, False, False)
    may_merge = may(user, "patients.merge")
    return {
        "may_merge": may_merge,
        "has_merges": has_merges,
        "alike": _alike(user, person) if may_merge and not person.is_verified else [],
        "guardians": guardians.guardians_of(user, person, at=now()) if has_guardians else [],
        "corrections": self_service.open_corrections(person) if has_corrections else [],
        "may_tie": may(user, "patients.manage"),
    }


def _alike(user: Anybody, person: Person) -> list[Person]:
    """Who booked without signing in may be known here: the staff looks, nobody else is told (docs/record.md)."""
    found = access.possible_duplicates(user, details_of(person))
    return [one for one in found if one.pk != person.pk]


def _link(request: HttpRequest, person: Person) -> list[str]:
    """What speaks against it; nothing when it is done."""
    at = now()
    try:
        guardian = access.get_person(request.user, UUID(request.POST.get("guardian", "")))
        guardians.link(
            request.user,
            person,
            guardian,
            relation=request.POST.get("relation", ""),
            on=local_date(at, clinic_zone()),
            at=at,
        )
    except (ValueError, NotFound):
        return [_("Find the guardian first, then press Link beside the name.")]
    except Invalid as problem:
        return [str(each["message"]) for each in problem.errors]
    return []

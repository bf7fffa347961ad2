"""What a patient answered, beside the answers of the time before, and what of it goes into the history."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.access import may
from accounts.actors import actor_of
from accounts.models import User
from accounts.pages import staff_page
from charting import access, actions, intakes
from charting.history import names
from charting.intake_words import lines
from charting.models import Intake
from core.clock import now
from core.http import see_other
from core.problems import Invalid
from patients import record
from patients.pages import asking_why


@require_GET
@staff_page()
@asking_why
def intake(request: HttpRequest, uid: UUID) -> HttpResponse:
    found = access.get_intake(request.user, uid)
    return _page(request, found)


@require_POST
@staff_page()
@asking_why
def decide(request: HttpRequest, uid: UUID) -> HttpResponse:
    found = access.get_intake(request.user, uid, to="chart.write")
    chosen = {key[len("of-") :]: value for key, value in request.POST.items() if key.startswith("of-")}
    try:
        added = actions.decide(found, {k: str(v) for k, v in chosen.items()}, by=actor_of(request), at=now())
    except Invalid as problem:
        return _page(request, found, refusal=" ".join(one["message"] for one in problem.errors), status=422)
    said = ngettext("%(n)d entry added to the history.", "%(n)d entries added to the history.", added)
    messages.success(request, said % {"n": added} if added else _("Noted."))
    return see_other(request, reverse("charting:intake", args=[uid]))


def _page(request: HttpRequest, found: Intake, *, refusal: str = "", status: int = 200) -> HttpResponse:
    before = (
        Intake.objects.filter(
            person=found.person,
            version__questionnaire=found.version.questionnaire,
            completed_at__lt=found.completed_at,
        )
        .select_related("version")
        .order_by("-completed_at")
        .first()
    )
    context: dict[str, Any] = {
        "intake": found,
        "sections": lines(found, before, "en"),
        "before": before,
        "proposals": intakes.open_proposals(found),
        "by": names.actor_name(found.completed_by),
        "may_write": may(request.user, "chart.write"),
        "refusal": refusal,
    }
    assert isinstance(request.user, User)
    framed = record.head(request.user, found.person, tab="history", at=now()) | context
    return render(request, "charting/intake/intake.html", framed, status=status)

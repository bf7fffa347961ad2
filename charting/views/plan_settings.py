"""Templates of plans: kept from a plan, renamed, archived."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from accounts.actors import actor_of
from accounts.pages import staff_page
from charting import actions, plan_access
from charting.models import PlanTemplate
from charting.plans import reading
from charting.plans.content import Content, Stage
from core.clock import local_date, now
from core.http import see_other
from core.problems import Conflict, Invalid
from patients.pages import asking_why
from practice.profile import clinic_zone, profile
from practice.shell import settings_page

SECTION = "plans"


@require_GET
@staff_page("chart.manage")
def templates(request: HttpRequest) -> HttpResponse:
    return _page(request)


@require_POST
@staff_page("chart.manage")
def rename(request: HttpRequest, uid: UUID) -> HttpResponse:
    row = plan_access.get_plan_template(request.user, uid)
    try:
        actions.rename_template(row, name=request.POST.get("name", ""), by=actor_of(request), at=now())
    except Invalid as problem:
        return _page(request, wrong={row.pk: problem.errors[0]["message"]}, status=422)
    messages.success(request, _("Renamed."))
    return see_other(request, reverse("charting:plan_templates"))


@require_POST
@staff_page("chart.manage")
def archive(request: HttpRequest, uid: UUID, *, archived: bool) -> HttpResponse:
    row = plan_access.get_plan_template(request.user, uid)
    actions.archive_plan_template(row, archived=archived, by=actor_of(request), at=now())
    undo = reverse("charting:restore_plan_template", args=[uid]) if archived else ""
    said = _("Archived. Plans that were begun with it stay.") if archived else _("It is back.")
    messages.success(request, said, extra_tags=undo)
    return see_other(request, reverse("charting:plan_templates"))


@require_POST
@staff_page("chart.manage")
@asking_why
def keep(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The stages of a plan for others too: treatments, numbers and prices, and not a word about the patient."""
    plan = plan_access.get_plan(request.user, uid, to="chart.manage")
    try:
        made = actions.keep_template(
            reading.written(plan), name=request.POST.get("name", ""), by=actor_of(request), at=now()
        )
    except Invalid as problem:
        messages.error(request, problem.errors[0]["message"])
    except Conflict as problem:
        messages.error(request, str(problem.detail))
    else:
        messages.success(request, _("Kept as a template: %(name)s.") % {"name": made.name})
    return see_other(request, reverse("charting:plan", args=[uid]))


def _page(request: HttpRequest, *, wrong: dict[UUID, str] | None = None, status: int = 200) -> HttpResponse:
    today, currency = local_date(now(), clinic_zone()), profile().currency
    lines = []
    for row in PlanTemplate.objects.in_use():
        stages = tuple(Stage.of(one) for one in row.stages)
        total = Content("", "", today, currency, stages).total
        name = request.POST.get("name", "") if wrong and row.pk in wrong else row.name
        lines.append(
            {"row": row, "stages": stages, "total": total, "name": name, "wrong": (wrong or {}).get(row.pk)}
        )
    return settings_page(
        request,
        SECTION,
        "desk/settings/plan_templates.html",
        {"lines": lines, "archived": list(PlanTemplate.objects.exclude(archived_at=None))},
        status=status,
    )

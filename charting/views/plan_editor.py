"""The editor of a plan: its rows come, go and change places on the server, so that it works without a script."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.actors import actor_of
from accounts.pages import staff_page
from charting import actions, plan_access
from charting.forms.plans import Editor, service_choices
from charting.models import LaserSeries, PlanTemplate, TreatmentPlan
from charting.plans import reading
from charting.plans.content import USUAL_LIFE, Content, Stage
from core.clock import local_date, now
from core.http import see_other
from core.problems import Conflict, Invalid
from patients import record
from patients.models import Person
from patients.pages import asking_why, record_page
from practice.profile import clinic_zone, profile
from practice.queries import services_in_use
from vault.fields import warm_rows

BOTH = ["GET", "POST"]


@require_http_methods(BOTH)
@record_page("chart.write")
def new_plan(request: HttpRequest, person: Person) -> HttpResponse:
    """An empty plan, or one that begins with the stages of a template."""
    at, template = now(), _template(request)
    stages = tuple(Stage.of(one) for one in template.stages) if template else ()
    editor = _editor(request, person, None, stages=stages, at=at)
    if _was_sent(request, editor):
        try:
            made = actions.begin_plan(person, editor.given(), by=actor_of(request), at=at)
        except Invalid as problem:
            editor.take(problem)
        else:
            messages.success(request, _("Kept as a draft. Read it through, then offer it."))
            return see_other(request, reverse("charting:plan", args=[made.uid]))
    return _page(request, person, editor, template=template)


@require_http_methods(BOTH)
@staff_page("chart.write")
@asking_why
def edit_plan(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What was offered stays as it is until the change is offered too."""
    at, refusal = now(), ""
    plan = plan_access.get_plan(request.user, uid, to="chart.write")
    content = reading.written(plan)
    editor = _editor(request, plan.person, plan, content=content, at=at)
    if _was_sent(request, editor):
        given = editor.given()
        revision = given.pop("revision") or 0
        try:
            actions.save_plan(plan, given, revision=revision, by=actor_of(request), at=at)
        except Invalid as problem:
            editor.take(problem)
        except Conflict as problem:
            refusal = str(problem.detail or problem.title)
        else:
            messages.success(request, _("Saved. The patient sees it once it is offered."))
            return see_other(request, reverse("charting:plan", args=[uid]))
    return _page(request, plan.person, editor, plan=plan, refusal=refusal)


def _was_sent(request: HttpRequest, editor: Editor) -> bool:
    """To be kept; a press that only changes the rows keeps nothing."""
    return request.method == "POST" and not editor.act(request.POST.get("do", "")) and editor.is_valid()


def _editor(
    request: HttpRequest,
    person: Person,
    plan: TreatmentPlan | None,
    *,
    at: datetime,
    content: Content | None = None,
    stages: tuple[Stage, ...] = (),
) -> Editor:
    used = content.stages if content else stages
    series = list(LaserSeries.objects.filter(person=person).select_related("person").order_by("-id"))
    warm_rows(series)
    editor = Editor(
        request.POST if request.method == "POST" else None,
        services=service_choices(services_in_use(), {str(one.service): one.name for one in used}),
        series={str(one.uid): one.title for one in series},
        content=content,
        stages=stages,
        revision=plan.revision if plan else 0,
        currency=profile().currency,
    )
    if not editor.form.is_bound and content is None:
        editor.form.initial["valid_until"] = local_date(at, clinic_zone()) + USUAL_LIFE
    return editor


def _template(request: HttpRequest) -> PlanTemplate | None:
    """The one asked for; nonsense in the address is an empty plan."""
    asked = request.GET.get("template", "")
    return (
        next((one for one in PlanTemplate.objects.in_use() if str(one.uid) == asked), None) if asked else None
    )


def _page(
    request: HttpRequest,
    person: Person,
    editor: Editor,
    *,
    plan: TreatmentPlan | None = None,
    template: PlanTemplate | None = None,
    refusal: str = "",
) -> HttpResponse:
    context: dict[str, Any] = {
        "editor": editor,
        "plan": plan,
        "template": template,
        "templates": [] if plan else list(PlanTemplate.objects.in_use()),
        "refusal": refusal,
        "currency": profile().currency,
    }
    status = 409 if refusal else 422 if editor.errors else 200
    frame = record.head(request.user, person, tab="plans", at=now())
    return render(request, "charting/plans/edit.html", frame | context, status=status)

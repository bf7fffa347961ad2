"""Treatment plans at the desk: the list, one of them with its steps, and what is done with it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import may
from accounts.actors import actor_of
from accounts.pages import staff_page
from charting import actions, plan_access
from charting.actions.plan_decisions import Said
from charting.actions.plans import version_of
from charting.aftercare import showing
from charting.forms.plans import DecideForm, EndForm
from charting.models import AftercareText, DecidedHow, PlanDecision, PlanState, TreatmentPlan
from charting.plans import paper, reading, wording
from charting.plans.content import Content
from charting.plans.reading import Shown
from core.clock import now
from core.http import see_other
from core.problems import Conflict, Invalid
from patients import record
from patients.pages import asking_why
from tenants import sites


@require_GET
@staff_page("plans.view")
@asking_why
def plans(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The plans of a person, and what aftercare they were given."""
    person, at = plan_access.person_of_plans(request.user, uid), now()
    context = {
        "plans": reading.plans_of(person, at=at),
        "sheets": showing.given_to(person),
        "texts": list(AftercareText.objects.current()),
        "may_write": may(request.user, "chart.write"),
        "may_book": may(request.user, "appointments.manage"),
        "may_decide": may(request.user, "plans.decide"),
        "may_send": may(request.user, "messages.send"),
    }
    frame = record.head(request.user, person, tab="plans", at=at)
    return render(request, "charting/plans/list.html", frame | context)


@require_GET
@staff_page("plans.view")
@asking_why
def plan(request: HttpRequest, uid: UUID) -> HttpResponse:
    return _show(request, plan_access.get_plan(request.user, uid))


@require_GET
@staff_page("chart.view")
@asking_why
def download(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What stands, as a paper; a draft says that it is one."""
    found = plan_access.get_plan(request.user, uid, to="chart.view")
    shown = reading.shown(found, at=now())
    answer = HttpResponse(paper.plan_pdf(shown), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{paper.file_name(shown)}"'
    return answer


@require_POST
@staff_page("chart.write")
@asking_why
def offer(request: HttpRequest, uid: UUID) -> HttpResponse:
    site = sites.site()

    def act(found: TreatmentPlan, revision: int | None) -> None:
        actions.offer_plan(found, revision=revision, site=site, by=actor_of(request), at=now())

    return _step(request, uid, act, _("Offered. The patient finds it in the portal."))


@require_POST
@staff_page("chart.write")
@asking_why
def withdraw(request: HttpRequest, uid: UUID) -> HttpResponse:
    def act(found: TreatmentPlan, revision: int | None) -> None:
        actions.withdraw_offer(found, revision=revision, by=actor_of(request), at=now())

    return _step(request, uid, act, _("Taken back. The patient does not see it any more."))


@require_POST
@staff_page("chart.write")
@asking_why
def discard(request: HttpRequest, uid: UUID) -> HttpResponse:
    def act(found: TreatmentPlan, revision: int | None) -> None:
        actions.discard_changes(found, revision=revision, by=actor_of(request), at=now())

    return _step(request, uid, act, _("The changes are gone; what was offered stands."))


@require_POST
@staff_page("chart.write")
@asking_why
def complete(request: HttpRequest, uid: UUID) -> HttpResponse:
    def act(found: TreatmentPlan, revision: int | None) -> None:
        actions.complete_plan(found, revision=revision, by=actor_of(request), at=now())

    return _step(request, uid, act, _("The plan is completed."))


@require_POST
@staff_page("chart.write")
@asking_why
def resume(request: HttpRequest, uid: UUID) -> HttpResponse:
    def act(found: TreatmentPlan, revision: int | None) -> None:
        actions.resume_plan(found, revision=revision, by=actor_of(request), at=now())

    return _step(request, uid, act, _("It is taken up again."))


@require_POST
@staff_page("chart.write")
@asking_why
def end(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Not followed any more, for a reason that is kept."""
    found, form = plan_access.get_plan(request.user, uid, to="chart.write"), EndForm(request.POST)
    if form.is_valid():
        try:
            actions.end_plan(
                found, form.cleaned_data, revision=_revision(request), by=actor_of(request), at=now()
            )
        except Invalid as problem:
            form.take(problem)
        except Conflict as problem:
            return _show(request, found, refusal=problem, end=form)
        else:
            messages.success(request, _("The plan is ended."), extra_tags=_undo(found))
            return see_other(request, reverse("charting:plan", args=[uid]))
    return _show(request, found, status=422, end=form)


@require_POST
@staff_page("plans.decide")
@asking_why
def decide(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The patient said it at the clinic or on the phone: it is written down with the text as it stands."""
    found, form = plan_access.get_plan(request.user, uid, to="plans.decide"), DecideForm(request.POST)
    if form.is_valid():
        given, by = form.cleaned_data, actor_of(request)
        said = Said(
            how=DecidedHow(given["how"]),
            name=given["name"],
            reason=given["reason"],
            language=found.person.language or "en",
            shown=request.POST.get("shown", ""),
            noted_by=str(by),
        )
        act = actions.accept_plan if given["answer"] == "accept" else actions.decline_plan
        try:
            if found.state != PlanState.OFFERED:
                raise actions.NotOffered
            act(version_of(found, found.offered), said, by=by, at=now())
        except Invalid as problem:
            form.take(problem)
        except Conflict as problem:
            return _show(request, found, refusal=problem, decide=form)
        else:
            messages.success(request, _("Noted."))
            return see_other(request, reverse("charting:plan", args=[uid]))
    return _show(request, found, status=422, decide=form)


def _step(
    request: HttpRequest, uid: UUID, act: Callable[[TreatmentPlan, int | None], None], done: Any
) -> HttpResponse:
    found = plan_access.get_plan(request.user, uid, to="chart.write")
    try:
        act(found, _revision(request))
    except Invalid as problem:
        messages.error(request, " ".join(each["message"] for each in problem.errors))
    except Conflict as problem:
        messages.error(request, str(problem.detail or problem.title))
    else:
        found.refresh_from_db(fields=["state"])
        undo = _undo(found) if found.state in (PlanState.COMPLETED, PlanState.ENDED) else ""
        messages.success(request, done, extra_tags=undo)
    return see_other(request, reverse("charting:plan", args=[uid]))


def _undo(found: TreatmentPlan) -> str:
    return reverse("charting:resume_plan", args=[found.uid])


def _revision(request: HttpRequest) -> int | None:
    """The one that the page showed. An undo sends none: it is of the plan as it stands."""
    text = request.POST.get("revision", "")
    if not text:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1


def _rows(shown: Shown) -> list[dict[str, Any]]:
    """The stages of what stands; what was done of each where that is what was agreed."""
    currency, content = shown.content.currency, shown.content
    counted = {one.stage: one for one in shown.steps} if shown.is_counting else {}
    return [
        {
            "number": number,
            "stage": stage,
            "apart": wording.apart(stage),
            "price": stage.price(currency),
            "total": stage.total(currency),
            "done": counted[stage].done if stage in counted else None,
        }
        for number, stage in enumerate(content.stages, 1)
    ]


def _show(
    request: HttpRequest,
    found: TreatmentPlan,
    *,
    status: int = 200,
    refusal: Conflict | None = None,
    decide: DecideForm | None = None,
    end: EndForm | None = None,
) -> HttpResponse:
    at = now()
    if refusal is not None:
        found, status = plan_access.get_plan(request.user, found.uid), refusal.status
    shown, person = reading.shown(found, at=at), found.person
    sheet = wording.paper(shown.content, person.name, language=person.language or "en")
    decisions = list(
        PlanDecision.objects.filter(version__plan=found).select_related("version").order_by("-decided_at")
    )
    for one in decisions:
        one.version.plan = found
    context = {
        "shown": shown,
        "plan": found,
        "reads_all": plan_access.reads_all(request.user),
        "rows": _rows(shown),
        "changed": Content.of(found.draft or {}) if shown.is_changed else None,
        "digest": sheet.digest,
        "decisions": decisions,
        "decide": decide or DecideForm(initial={"name": person.name}),
        "end": end or EndForm(),
        "refusal": str(refusal.detail or refusal.title) if refusal else "",
        "may_write": may(request.user, "chart.write"),
        "may_decide": may(request.user, "plans.decide"),
        "may_book": may(request.user, "appointments.manage"),
        "may_keep": may(request.user, "chart.manage"),
    }
    frame = record.head(request.user, person, tab="plans", at=at)
    return render(request, "charting/plans/plan.html", frame | context, status=status)

"""Settings: the clinic's health forms, their questions and a look at them as patients see them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.actors import actor_of
from accounts.pages import staff_page
from charting import access, actions, questions
from charting.forms.questionnaires import QuestionnaireForm, Rows, body_of, rows_of
from charting.models import Questionnaire
from charting.question_rows import question_rows
from charting.starters import STARTERS
from core.clock import now
from core.http import see_other
from core.problems import Conflict, Invalid, NotFound
from practice import queries
from practice.shell import settings_page

SECTION, LIST = "questionnaires", "charting:questionnaires"
PERMISSION = "chart.manage"
BOTH = ["GET", "POST"]


@require_GET
@staff_page(PERMISSION)
def questionnaires(request: HttpRequest) -> HttpResponse:
    rows = list(Questionnaire.objects.prefetch_related("services", "versions"))
    context = {
        "rows": [row for row in rows if row.archived_at is None],
        "archived": [row for row in rows if row.archived_at],
        "starters": [(key, starter.title["en"]) for key, starter in STARTERS.items()],
    }
    return settings_page(request, SECTION, "desk/settings/questionnaires.html", context)


@require_POST
@staff_page(PERMISSION)
def add_starter(request: HttpRequest) -> HttpResponse:
    key = request.POST.get("starter", "")
    if key not in STARTERS:
        raise NotFound
    made = actions.add_starter(key, by=actor_of(request), at=now())
    messages.success(request, _("Added, and attached to the services it fits. Read it once."))
    return see_other(request, reverse("charting:questionnaire", args=[made.uid]))


@require_http_methods(BOTH)
@staff_page(PERMISSION)
def new(request: HttpRequest) -> HttpResponse:
    return _edit(request, None)


@require_http_methods(BOTH)
@staff_page(PERMISSION)
def questionnaire(request: HttpRequest, uid: UUID) -> HttpResponse:
    return _edit(request, access.get_questionnaire(request.user, uid))


@require_GET
@staff_page(PERMISSION)
def preview(request: HttpRequest, uid: UUID) -> HttpResponse:
    """As patients see it, every branch open; nothing that is typed here is kept."""
    row = access.get_questionnaire(request.user, uid)
    language = "es" if request.GET.get("in") == "es" else "en"
    sections = questions.parse(row.current.questions)
    context = {
        "row": row,
        "language": language,
        "sections": [
            (
                questions.said(section.title, language),
                question_rows(sections, place, {}, [], language, every=True),
            )
            for place, section in enumerate(sections)
        ],
    }
    return settings_page(request, SECTION, "desk/settings/questionnaire_preview.html", context)


@require_POST
@staff_page(PERMISSION)
def archive(request: HttpRequest, uid: UUID) -> HttpResponse:
    row = access.get_questionnaire(request.user, uid)
    actions.archive_questionnaire(row, by=actor_of(request), at=now())
    undo = reverse("charting:restore_questionnaire", args=[uid])
    messages.success(request, _("It is asked no more. What was answered stays."), extra_tags=undo)
    return see_other(request, reverse(LIST))


@require_POST
@staff_page(PERMISSION)
def restore(request: HttpRequest, uid: UUID) -> HttpResponse:
    row = access.get_questionnaire(request.user, uid)
    actions.restore_questionnaire(row, by=actor_of(request), at=now())
    messages.success(request, _("It is back."))
    return see_other(request, reverse(LIST))


def _edit(request: HttpRequest, row: Questionnaire | None) -> HttpResponse:
    services, data = queries.services_in_use(), request.POST if request.method == "POST" else None
    current = row.current if row else None
    initial: dict[str, Any] = {}
    if row is not None and current is not None:
        held = [str(one.uid) for one in row.services.all()]
        initial = {
            "title": row.title,
            "title_es": row.title_es,
            "valid_months": row.valid_months,
            "services": held,
            "number": current.number,
        }
    form = QuestionnaireForm(services, data, initial=initial)
    before = current.questions if current else None
    rows = Rows(data, initial=rows_of(before) if before else [], prefix="q")
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid() and rows.is_valid():
        given = dict(form.cleaned_data)
        chosen = set(given.pop("services"))
        typed = [each.cleaned_data for each in rows.ordered_forms if each.cleaned_data.get("label")]
        try:
            made = actions.save_questionnaire(
                row,
                services=[one for one in services if str(one.uid) in chosen],
                body=body_of(typed, before),
                by=actor_of(request),
                at=now(),
                **given,
            )
        except Invalid as problem:
            form.take(problem)
        except Conflict as problem:
            form.add_error(None, str(problem.detail or problem.title))
            status = problem.status
        else:
            messages.success(request, _("Saved. Patients are asked this from now on."))
            return see_other(request, reverse("charting:questionnaire", args=[made.uid]))
    context = {"form": form, "rows": rows, "row": row, "version": current}
    return settings_page(request, SECTION, "desk/settings/questionnaire.html", context, status=status)

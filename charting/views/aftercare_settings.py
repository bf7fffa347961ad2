"""The clinic's aftercare texts: which there are, what is given after what, preview, versions."""

from typing import Any
from uuid import UUID

from django.conf import settings as django_settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.actors import actor_of
from accounts.pages import staff_page
from charting import actions, plan_access
from charting.aftercare import showing
from charting.aftercare.starters import STARTERS
from charting.forms.aftercare import AftercareForm
from charting.models import AftercareText
from core.clock import now
from core.http import see_other
from core.problems import Conflict, Failure, Invalid, NotFound
from practice.models import Service
from practice.shell import settings_page

SECTION, PERMISSION = "aftercare", "chart.manage"
BOTH = ["GET", "POST"]


@require_GET
@staff_page(PERMISSION)
def texts(request: HttpRequest) -> HttpResponse:
    rows = list(AftercareText.objects.filter(is_current=True))
    known = {one.uid: one.name for one in Service.objects.in_use()}
    given = {uid for row in rows if row.archived_at is None for uid in row.services}
    context = {
        "used": [
            {"row": row, "services": [known[uid] for uid in row.services if uid in known]}
            for row in rows
            if row.archived_at is None
        ],
        "archived": [row for row in rows if row.archived_at is not None],
        "without": [name for uid, name in known.items() if uid not in given],
        "starters": [(key, one.name) for key, one in STARTERS.items()],
    }
    return settings_page(request, SECTION, "desk/settings/aftercare_texts.html", context)


@require_POST
@staff_page(PERMISSION)
def starter(request: HttpRequest) -> HttpResponse:
    key = request.POST.get("starter", "")
    if key not in STARTERS:
        raise NotFound
    made = actions.add_aftercare_starter(key, by=actor_of(request), at=now())
    messages.success(request, _("Added. Have it read by who is responsible, and change it as you treat."))
    return see_other(request, reverse("charting:aftercare_text", args=[made.uid]))


@require_http_methods(BOTH)
@staff_page(PERMISSION)
def new(request: HttpRequest) -> HttpResponse:
    return _edit(request, None)


@require_http_methods(BOTH)
@staff_page(PERMISSION)
def text(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The version in force, to be changed; an earlier one to be read."""
    row = plan_access.get_aftercare_text(request.user, uid)
    if not row.is_current and request.method == "GET":
        return _preview_page(request, row)
    return _edit(request, row)


@require_GET
@staff_page(PERMISSION)
def preview(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A version as patients read it."""
    return _preview_page(request, plan_access.get_aftercare_text(request.user, uid))


@require_POST
@staff_page(PERMISSION)
def archive(request: HttpRequest, uid: UUID, *, archived: bool) -> HttpResponse:
    row = plan_access.get_aftercare_text(request.user, uid)
    try:
        actions.archive_aftercare(row, archived=archived, by=actor_of(request), at=now())
    except Invalid as problem:
        messages.error(request, problem.errors[0]["message"])
    except Conflict as problem:
        messages.error(request, str(problem.detail))
    else:
        undo = reverse("charting:restore_aftercare_text", args=[uid]) if archived else ""
        said = _("Given out no more. What patients have stays.") if archived else _("It is back.")
        messages.success(request, said, extra_tags=undo)
    return see_other(request, reverse("charting:aftercare_texts"))


def _edit(request: HttpRequest, row: AftercareText | None) -> HttpResponse:
    form = AftercareForm(row, request.POST if request.method == "POST" else None)
    status, previews = 200, []
    if form.is_bound:
        status = 422
        wants_preview = request.POST.get("do") == "preview"
        if form.is_valid():
            try:
                if wants_preview:
                    previews, status = _previews(form), 200
                else:
                    made = actions.publish_aftercare(row, by=actor_of(request), at=now(), **form.given())
                    messages.success(request, _("Published. It is given out from now on."))
                    return see_other(request, reverse("charting:aftercare_text", args=[made.uid]))
            except Invalid as problem:
                form.take(problem)
            except Conflict as problem:
                form.add_error(None, str(problem.detail))
                status = problem.status
    versions = AftercareText.objects.filter(family=row.family).order_by("-version") if row else []
    context = {"form": form, "row": row, "previews": previews, "versions": list(versions)}
    return settings_page(request, SECTION, "desk/settings/aftercare_text.html", context, status=status)


def _previews(form: AftercareForm) -> list[dict[str, Any]]:
    """What is typed, as patients would read it; nothing is kept."""
    wrong: list[Failure] = []
    clean = actions.check_aftercare(form.texts(), wrong)
    if wrong:
        raise Invalid(errors=wrong)
    return [_shown(said, language) for language, said in clean.items()]


def _preview_page(request: HttpRequest, row: AftercareText) -> HttpResponse:
    context = {"row": row, "previews": [_shown(said, language) for language, said in row.texts.items()]}
    return settings_page(request, SECTION, "desk/settings/aftercare_preview.html", context)


def _shown(said: dict[str, str], language: str) -> dict[str, Any]:
    paper = showing.shown(said["title"], said["body"], language)
    label = dict(django_settings.LANGUAGES).get(language, language)
    return {"language": language, "label": label, "title": paper.title, "parts": paper.blocks}

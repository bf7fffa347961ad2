"""Settings of notes: templates in versions, macros, and whose notes a supervisor sees."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import may
from accounts.actors import actor_of
from accounts.models import User
from accounts.pages import staff_page
from charting import access
from charting.actions import setting_up as actions
from charting.forms.notes import MacroForm, RuleForm, TemplateForm
from charting.models import Macro, NoteTemplate, SamplingRule
from core.clock import now
from core.http import see_other
from core.problems import Conflict, Invalid, NotFound
from practice.models import Provider, Service
from practice.shell import settings_page

BOTH = ["GET", "POST"]
NOTES, COSIGNING = "notes", "cosigning"


@require_GET
@staff_page("chart.manage")
def templates(request: HttpRequest) -> HttpResponse:
    names = {one.uid: one.name for one in Service.objects.all()}
    rows = list(NoteTemplate.objects.filter(is_current=True))
    lines = [{"row": one, "services": [names[uid] for uid in one.services if uid in names]} for one in rows]
    context = {
        "used": [one for one in lines if one["row"].archived_at is None],  # type: ignore[attr-defined]
        "archived": [one for one in rows if one.archived_at is not None],
    }
    return settings_page(request, NOTES, "desk/settings/note_templates.html", context)


@require_http_methods(BOTH)
@staff_page("chart.manage")
def new_template(request: HttpRequest) -> HttpResponse:
    return _template(request, None)


@require_http_methods(BOTH)
@staff_page("chart.manage")
def template(request: HttpRequest, uid: UUID) -> HttpResponse:
    return _template(request, access.get_template(request.user, uid))


@require_POST
@staff_page("chart.manage")
def archive_template(request: HttpRequest, uid: UUID, *, archived: bool) -> HttpResponse:
    row = access.get_template(request.user, uid)
    try:
        actions.archive_template(row, archived=archived, by=actor_of(request), at=now())
    except Invalid as problem:
        messages.error(request, problem.errors[0]["message"])
    else:
        undo = reverse("charting:restore_template", args=[uid]) if archived else ""
        messages.success(request, _("Archived.") if archived else _("It is back."), extra_tags=undo)
    return see_other(request, reverse("charting:note_templates"))


def _template(request: HttpRequest, row: NoteTemplate | None) -> HttpResponse:
    form = TemplateForm(row, request.POST if request.method == "POST" else None)
    told = ""
    if form.is_bound and form.is_valid():
        try:
            actions.save_template(row, by=actor_of(request), at=now(), **form.given())
        except Invalid as problem:
            form.take(problem)
        except Conflict as problem:
            told = str(problem.detail)
        else:
            messages.success(request, _("Saved. Notes that are begun from now on use it."))
            return see_other(request, reverse("charting:note_templates"))
    context = {"form": form, "row": row, "told": told}
    status = 409 if told else 422 if form.is_bound else 200
    return settings_page(request, NOTES, "desk/settings/note_template.html", context, status=status)


@require_http_methods(BOTH)
@staff_page("chart.write")
def macros(request: HttpRequest) -> HttpResponse:
    """One's own and the clinic's, and a form for one more."""
    return _macros(request, None)


@require_http_methods(BOTH)
@staff_page()
def macro(request: HttpRequest, uid: UUID) -> HttpResponse:
    return _macros(request, access.get_macro(request.user, uid))


@require_POST
@staff_page()
def delete_macro(request: HttpRequest, uid: UUID) -> HttpResponse:
    actions.delete_macro(access.get_macro(request.user, uid), by=actor_of(request), at=now())
    messages.success(request, _("Deleted."))
    return see_other(request, reverse("charting:macros"))


def _macros(request: HttpRequest, row: Macro | None) -> HttpResponse:
    assert isinstance(request.user, User)
    user, manages = request.user, may(request.user, "chart.manage")
    form = MacroForm(row, request.POST if request.method == "POST" else None, manages=manages)
    if form.is_bound and form.is_valid():
        said: dict[str, Any] = form.cleaned_data
        owner = row.owner if row else None if said.get("for_all") else user
        try:
            actions.save_macro(
                row, shortcut=said["shortcut"], text=said["text"], owner=owner, by=actor_of(request), at=now()
            )
        except Invalid as problem:
            form.take(problem)
        else:
            messages.success(request, _("Saved."))
            return see_other(request, reverse("charting:macros"))
    rows = list(Macro.objects.filter(owner=None) | Macro.objects.filter(owner=user))
    context = {
        "form": form,
        "row": row,
        "tab": "macros",
        "rows": [
            {"row": one, "mine": one.owner_id is not None, "may": one.owner_id or manages} for one in rows
        ],
    }
    return render(request, "charting/macros.html", context, status=422 if form.is_bound else 200)


@require_GET
@staff_page("chart.manage")
def rules(request: HttpRequest) -> HttpResponse:
    """Whose notes a supervisor sees: everybody's rule, and those of single providers."""
    names = {one.uid: one.name for one in Service.objects.all()}
    known = {one.provider_id: one for one in SamplingRule.objects.all()}

    def line(provider: Provider | None) -> dict[str, Any]:
        rule = known.get(provider.pk if provider else None)
        return {
            "provider": provider,
            "rule": rule,
            "services": [names[uid] for uid in rule.services if uid in names] if rule else [],
        }

    context = {"all": line(None), "lines": [line(one) for one in Provider.objects.in_use()]}
    return settings_page(request, COSIGNING, "desk/settings/cosigning.html", context)


@require_http_methods(BOTH)
@staff_page("chart.manage")
def rule_of_all(request: HttpRequest) -> HttpResponse:
    return _rule(request, None)


@require_http_methods(BOTH)
@staff_page("chart.manage")
def rule_of_one(request: HttpRequest, uid: UUID) -> HttpResponse:
    return _rule(request, _provider(uid))


@require_POST
@staff_page("chart.manage")
def forget_rule(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The provider follows everybody's rule again."""
    row = SamplingRule.objects.filter(provider=_provider(uid)).first()
    if row is not None:
        actions.delete_rule(row, by=actor_of(request), at=now())
    messages.success(request, _("Saved."))
    return see_other(request, reverse("charting:cosign_rules"))


def _rule(request: HttpRequest, provider: Provider | None) -> HttpResponse:
    row = SamplingRule.objects.filter(provider=provider).first()
    form = RuleForm(row, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            actions.save_rule(provider, by=actor_of(request), at=now(), **form.given())
        except Invalid as problem:
            form.take(problem)
        else:
            messages.success(request, _("Saved. It holds for notes that are signed from now on."))
            return see_other(request, reverse("charting:cosign_rules"))
    context = {"form": form, "provider": provider, "row": row}
    status = 422 if form.is_bound else 200
    return settings_page(request, COSIGNING, "desk/settings/cosign_rule.html", context, status=status)


def _provider(uid: UUID) -> Provider:
    found = Provider.objects.filter(uid=uid).first()
    if found is None:
        raise NotFound
    return found

"""The set-up checklist: what is done, what is next, and suggestions to begin with."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from accounts.actors import actor_of
from accounts.pages import staff_page
from core.clock import now
from core.http import see_other
from core.problems import Conflict, Invalid
from practice import actions, checklist, presets
from practice.forms.set_up import PresetForm
from practice.models import Service
from practice.profile import profile
from practice.queries import locations
from practice.shell import settings_page

PAGE = "set_up"


@require_GET
@staff_page("settings.manage")
def set_up(request: HttpRequest) -> HttpResponse:
    return _page(request, PresetForm(initial={"kind": profile().kind}), status=200)


@require_POST
@staff_page("settings.manage")
def apply_preset(request: HttpRequest) -> HttpResponse:
    form = PresetForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        presets.apply(form.cleaned_data["kind"], by=actor_of(request), at=now())
    except Invalid as problem:
        form.take(problem)
        return _page(request, form, status=422)
    except Conflict as problem:
        form.add_error(None, str(problem.detail))
        return _page(request, form, status=409)
    messages.success(request, _("Taken over. Everything can be changed."))
    return see_other(request, reverse(PAGE))


@require_POST
@staff_page("settings.manage")
def hide(request: HttpRequest) -> HttpResponse:
    """Put the checklist away, or take it out again; it stays where it is for whoever asks."""
    hidden = request.POST.get("hide") == "1"
    actions.hide_set_up(hidden, by=actor_of(request), at=now())
    if hidden:
        messages.success(request, _("Put away. You find it under Settings."))
        return see_other(request, reverse("settings:index"))
    return see_other(request, reverse(PAGE))


def _page(request: HttpRequest, form: PresetForm, *, status: int) -> HttpResponse:
    known = profile()
    offered = known.preset_applied_at is None and not Service.objects.exists()
    context = {
        "list": checklist.read(),
        "form": form,
        "offered": offered,
        "has_location": bool(locations()),
        "hidden": known.set_up_hidden_at is not None,
    }
    return settings_page(request, "set_up", "practice/set_up.html", context, status=status)

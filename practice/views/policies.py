"""Booking rules, reminders and the texts patients agree to; a text gets a new version, the old ones stay."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.actors import actor_of
from accounts.pages import staff_page
from core.clock import now
from core.http import see_other
from core.problems import Invalid
from practice import actions, queries
from practice.forms.policies import RulesForm, TextsForm
from practice.models import PolicyKind, PolicyText
from practice.presets import CANCELLATION_TEXT, SMS_TEXT
from practice.profile import profile
from practice.shell import settings_page

PAGE = "settings:policies"
OLDER = 20


@require_http_methods(["GET", "POST"])
@staff_page("settings.manage")
def policies(request: HttpRequest) -> HttpResponse:
    """Two forms on one page; the button that was pressed says which."""
    of_texts = "texts" in request.POST
    rules = RulesForm(profile(), request.POST if request.method == "POST" and not of_texts else None)
    texts = TextsForm(request.POST if of_texts else None, initial=_texts())
    saved = False
    if request.method == "POST":
        saved = _publish(request, texts) if of_texts else _save(request, rules)
    if saved:
        messages.success(request, _("Saved."))
        return see_other(request, reverse(PAGE))
    current = queries.current_texts()
    context = {
        "rules": rules,
        "texts": texts,
        "current": current,
        "older": PolicyText.objects.exclude(pk__in=[one.pk for one in current.values()]).order_by(
            "-created_at"
        )[:OLDER],
    }
    status = 422 if request.method == "POST" else 200
    return settings_page(request, "policies", "desk/settings/policies.html", context, status=status)


def _save(request: HttpRequest, form: RulesForm) -> bool:
    if not form.is_valid():
        return False
    try:
        actions.update_profile(by=actor_of(request), **form.given())
    except Invalid as problem:
        form.take(problem)
        return False
    return True


def _publish(request: HttpRequest, form: TextsForm) -> bool:
    if not form.is_valid():
        return False
    at, by = now(), actor_of(request)
    try:
        with transaction.atomic():
            for kind in PolicyKind:
                actions.publish_text(kind, form.cleaned_data[kind], by=by, at=at)
    except Invalid as problem:
        form.take(problem)
        return False
    return True


def _texts() -> dict[str, str]:
    """What is in force; a text to begin with where there is none."""
    known = profile()
    suggested = {
        PolicyKind.CANCELLATION_POLICY: CANCELLATION_TEXT.format(hours=known.free_cancel_hours),
        PolicyKind.SERVICE_SMS: SMS_TEXT.format(clinic=known.name),
    }
    current = queries.current_texts()
    return {kind: current[kind].text if kind in current else suggested[kind] for kind in PolicyKind}

"""Settings: what must be there before a treatment, of all services, of a heading, of one service."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actors import actor_of
from accounts.pages import staff_page
from charting import actions
from charting.forms.gate import GateForm, asked
from charting.models import GateMode, GateRule
from core.http import see_other
from practice import access
from practice.models import Service, ServiceCategory
from practice.shell import settings_page

SECTION, PAGE = "gate", "charting:gate"
PERMISSION = "chart.manage"
BOTH = ["GET", "POST"]


@require_http_methods(BOTH)
@staff_page(PERMISSION)
def all_services(request: HttpRequest) -> HttpResponse:
    return _edit(request)


@require_http_methods(BOTH)
@staff_page(PERMISSION)
def category(request: HttpRequest, uid: UUID) -> HttpResponse:
    return _edit(request, category=access.get_category(request.user, uid, to=PERMISSION))


@require_http_methods(BOTH)
@staff_page(PERMISSION)
def service(request: HttpRequest, uid: UUID) -> HttpResponse:
    return _edit(request, service=access.get_service(request.user, uid, to=PERMISSION))


@require_POST
@staff_page(PERMISSION)
def usual(request: HttpRequest) -> HttpResponse:
    """What a careful clinic asks, as a beginning."""
    actions.use_usual_rules(by=actor_of(request))
    messages.success(request, _("The usual rules are in force. Look at those of your services."))
    return see_other(request, reverse(PAGE))


def _edit(
    request: HttpRequest, *, category: ServiceCategory | None = None, service: Service | None = None
) -> HttpResponse:
    rules = {rule.item: rule for rule in GateRule.objects.filter(category=category, service=service)}
    widest = category is None and service is None
    form = GateForm(rules, request.POST if request.method == "POST" else None, widest=widest)
    if form.is_bound and form.is_valid():
        actions.set_gate_rules(form.given(), category=category, service=service, by=actor_of(request))
        messages.success(request, _("Saved. It holds for treatments that begin from now on."))
        return see_other(request, request.path)
    context = {
        "form": form,
        "of": service or category,
        "scopes": _scopes(),
        "here": request.path,
        "nothing_yet": widest and not GateRule.objects.exists(),
    }
    status = 422 if form.is_bound else 200
    return settings_page(request, SECTION, "desk/settings/gate.html", context, status=status)


def _scopes() -> list[dict[str, Any]]:
    """Every scope that can have rules, and what it adds of its own."""
    own: dict[tuple[int | None, int | None], list[GateRule]] = {}
    for rule in GateRule.objects.all():
        if rule.item in asked():
            own.setdefault((rule.category_id, rule.service_id), []).append(rule)
    found = [
        {"name": _("All services"), "href": reverse(PAGE), "level": 0, "says": _says(own.get((None, None)))}
    ]
    services = list(Service.objects.in_use())
    for heading in ServiceCategory.objects.all():
        href = reverse("charting:gate_category", args=[heading.uid])
        says = _says(own.get((heading.pk, None)))
        found.append({"name": heading.name, "href": href, "level": 1, "says": says})
        for one in services:
            if one.category_id == heading.pk:
                href = reverse("charting:gate_service", args=[one.uid])
                found.append(
                    {"name": one.name, "href": href, "level": 2, "says": _says(own.get((None, one.pk)))}
                )
    return found


def _says(rules: list[GateRule] | None) -> dict[str, int]:
    rules = rules or []
    return {
        "blocks": sum(rule.mode == GateMode.BLOCK for rule in rules),
        "warns": sum(rule.mode == GateMode.WARN for rule in rules),
        "off": sum(rule.mode == GateMode.OFF for rule in rules),
    }

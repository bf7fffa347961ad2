"""Which licences the providers hold and who supervises whom: what the gate before a treatment asks."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.actors import actor_of
from accounts.pages import staff_page
from core.clock import local_date, now
from core.http import see_other
from core.problems import Conflict, Invalid
from practice import access, actions
from practice.forms.licenses import LicenseForm, SupervisorForm
from practice.models import License, Provider, Supervision
from practice.profile import clinic_zone
from practice.shell import settings_page

SECTION, LIST = "licenses", "settings:licenses"
PERMISSION = "chart.manage"
BOTH = ["GET", "POST"]


@require_GET
@staff_page(PERMISSION)
def licenses(request: HttpRequest) -> HttpResponse:
    today = local_date(now(), clinic_zone())
    held, over = License.objects.filter(ended_at=None), Supervision.objects.select_related("supervisor")
    rows = [
        {
            "provider": provider,
            "licenses": [one for one in held if one.provider_id == provider.pk],
            "supervisions": [
                one
                for one in over
                if one.provider_id == provider.pk and (one.until is None or one.until >= today)
            ],
        }
        for provider in Provider.objects.in_use()
    ]
    return settings_page(request, SECTION, "desk/settings/licenses.html", {"rows": rows, "today": today})


@require_http_methods(BOTH)
@staff_page(PERMISSION)
def new_license(request: HttpRequest, uid: UUID) -> HttpResponse:
    provider = access.get_provider(request.user, uid, to=PERMISSION)
    form = LicenseForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            actions.add_license(provider, by=actor_of(request), **form.cleaned_data)
        except Invalid as problem:
            form.take(problem)
        else:
            messages.success(request, _("Licence added."))
            return see_other(request, reverse(LIST))
    return _form(request, form, provider, _("Add a licence"))


@require_POST
@staff_page(PERMISSION)
def end_license(request: HttpRequest, uid: UUID) -> HttpResponse:
    actions.end_license(access.get_license(request.user, uid), by=actor_of(request), at=now())
    messages.success(request, _("The licence no longer counts."))
    return see_other(request, reverse(LIST))


@require_http_methods(BOTH)
@staff_page(PERMISSION)
def new_supervisor(request: HttpRequest, uid: UUID) -> HttpResponse:
    provider = access.get_provider(request.user, uid, to=PERMISSION)
    others = list(Provider.objects.in_use().exclude(pk=provider.pk))
    data = request.POST if request.method == "POST" else None
    form = SupervisorForm(others, data, initial={"since": local_date(now(), clinic_zone())})
    if form.is_bound and form.is_valid():
        given = dict(form.cleaned_data)
        supervisor = next(one for one in others if str(one.uid) == given.pop("supervisor"))
        try:
            actions.assign_supervisor(provider, supervisor, by=actor_of(request), **given)
        except Invalid as problem:
            form.take(problem)
        except Conflict as problem:
            form.add_error(None, str(problem.detail))
        else:
            messages.success(request, _("Supervisor assigned."))
            return see_other(request, reverse(LIST))
    return _form(request, form, provider, _("Assign a supervisor"))


@require_POST
@staff_page(PERMISSION)
def end_supervision(request: HttpRequest, uid: UUID) -> HttpResponse:
    row = access.get_supervision(request.user, uid)
    actions.end_supervision(row, on=local_date(now(), clinic_zone()), by=actor_of(request))
    messages.success(request, _("The supervision ends today."))
    return see_other(request, reverse(LIST))


def _form(request: HttpRequest, form: Any, provider: Provider, title: Any) -> HttpResponse:
    context = {"form": form, "provider": provider, "title": title}
    status = 422 if form.is_bound else 200
    return settings_page(request, SECTION, "desk/settings/license.html", context, status=status)

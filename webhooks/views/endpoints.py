"""Endpoints: the list, one, and what can be done with it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.actors import actor_of
from accounts.models import User
from accounts.pages import staff_page
from accounts.step_up import step_up
from core.clock import local_date, now
from core.http import see_other
from core.problems import Conflict, Invalid
from practice.profile import clinic_zone
from practice.shell import settings_page
from webhooks import access, actions, words
from webhooks.access import PERMISSION
from webhooks.forms import EndpointForm, ReplayForm
from webhooks.models import OVERLAP, WebhookEndpoint

SECTION = "webhooks"


@require_GET
@staff_page(PERMISSION)
def endpoints(request: HttpRequest) -> HttpResponse:
    found = [words.endpoint_line(one, now()) for one in access.endpoints(request.user)]
    return settings_page(request, SECTION, "webhooks/endpoints.html", {"found": found})


@require_http_methods(["GET", "POST"])
@never_cache
@staff_page(PERMISSION)
@step_up
def add_endpoint(request: HttpRequest) -> HttpResponse:
    form = EndpointForm.of(None, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        user = request.user
        assert isinstance(user, User)
        try:
            made, secret = actions.add_endpoint(
                **form.cleaned_data, user=user, by=actor_of(request), at=now()
            )
        except Invalid as problem:
            form.take(problem)
        except Conflict as problem:
            form.add_error(None, str(problem.detail))
        else:
            return _secret(request, made, secret, replaced=False)
    status = 422 if form.is_bound else 200
    return settings_page(request, SECTION, "webhooks/edit.html", {"form": form}, status=status)


@require_GET
@staff_page(PERMISSION)
def endpoint(request: HttpRequest, uid: UUID) -> HttpResponse:
    return page_of(request, access.get_endpoint(request.user, uid))


def page_of(
    request: HttpRequest, found: WebhookEndpoint, form: ReplayForm | None = None, *, status: int = 200
) -> HttpResponse:
    at, state = now(), request.GET.get("state", "")
    rows, following = access.deliveries(
        request.user, found, state=state, after=words.read_uid(request.GET.get("after", ""))
    )
    today = local_date(at, clinic_zone())
    context = {
        "endpoint": found,
        "line": words.endpoint_line(found, at),
        "wanted": words.wanted(found),
        "rows": [words.delivery_line(row, clinic_zone()) for row in rows],
        "following": following,
        "first": "after" not in request.GET,
        "states": words.states(state),
        "state": state,
        "form": form or ReplayForm(initial={"since": today, "until": today}),
        "overlap": found.old_secret_until if len(found.secrets_at(at)) > 1 else None,
    }
    return settings_page(request, SECTION, "webhooks/endpoint.html", context, status=status)


@require_http_methods(["GET", "POST"])
@staff_page(PERMISSION)
def edit_endpoint(request: HttpRequest, uid: UUID) -> HttpResponse:
    found = access.get_endpoint(request.user, uid)
    form = EndpointForm.of(found, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            actions.change_endpoint(found, form.cleaned_data, by=actor_of(request), at=now())
        except Invalid as problem:
            form.take(problem)
        else:
            messages.success(request, _("Saved."))
            return _back(request, uid)
    context = {"form": form, "endpoint": found}
    return settings_page(
        request, SECTION, "webhooks/edit.html", context, status=422 if form.is_bound else 200
    )


@require_POST
@never_cache
@staff_page(PERMISSION)
@step_up
def replace_secret(request: HttpRequest, uid: UUID) -> HttpResponse:
    found = access.get_endpoint(request.user, uid)
    secret = actions.replace_secret(found, by=actor_of(request), at=now())
    return _secret(request, found, secret, replaced=True)


@require_POST
@staff_page(PERMISSION)
def send_test(request: HttpRequest, uid: UUID) -> HttpResponse:
    found = access.get_endpoint(request.user, uid)
    try:
        made = actions.send_test(found, by=actor_of(request), at=now())
    except Conflict as problem:
        messages.error(request, str(problem.detail))
        return _back(request, uid)
    messages.success(request, _("The test is on its way."))
    return see_other(request, reverse("webhooks:delivery", args=[made.uid]))


@require_POST
@staff_page(PERMISSION)
def stop(request: HttpRequest, uid: UUID) -> HttpResponse:
    actions.stop(access.get_endpoint(request.user, uid), by=actor_of(request), at=now())
    messages.success(request, _("The endpoint is stopped. It is told nothing until you start it."))
    return _back(request, uid)


@require_POST
@staff_page(PERMISSION)
def start(request: HttpRequest, uid: UUID) -> HttpResponse:
    actions.start(access.get_endpoint(request.user, uid), by=actor_of(request), at=now())
    messages.success(request, _("The endpoint is listening. What it missed can be sent again below."))
    return _back(request, uid)


@require_POST
@staff_page(PERMISSION)
def remove(request: HttpRequest, uid: UUID) -> HttpResponse:
    found = access.get_endpoint(request.user, uid, removed_too=True)
    actions.remove(found, by=actor_of(request), at=now())
    messages.success(request, _("The endpoint is removed."))
    return see_other(request, reverse("webhooks:endpoints"))


def _secret(request: HttpRequest, made: WebhookEndpoint, secret: str, *, replaced: bool) -> HttpResponse:
    """The clear secret is on this answer and nowhere else."""
    context = {
        "endpoint": made,
        "secret": secret,
        "replaced": replaced,
        "hours": int(OVERLAP.total_seconds() // 3600),
    }
    return settings_page(request, SECTION, "webhooks/secret.html", context)


def _back(request: HttpRequest, uid: UUID) -> HttpResponse:
    return see_other(request, reverse("webhooks:endpoint", args=[uid]))

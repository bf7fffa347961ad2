"""Deliveries: one with its tries, and sending again."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.actors import actor_of
from accounts.pages import staff_page
from core.clock import now
from core.http import see_other
from core.problems import Conflict, Invalid
from practice.profile import clinic_zone
from practice.shell import settings_page
from webhooks import access, actions, words
from webhooks.access import PERMISSION
from webhooks.forms import ReplayForm
from webhooks.views.endpoints import SECTION, page_of


@require_GET
@staff_page(PERMISSION)
def delivery(request: HttpRequest, uid: UUID) -> HttpResponse:
    found = access.get_delivery(request.user, uid)
    context = {
        "delivery": found,
        "endpoint": found.endpoint,
        "line": words.delivery_line(found, clinic_zone()),
        "tries": words.tries(found, clinic_zone()),
        "body": words.pretty_body(found),
    }
    return settings_page(request, SECTION, "webhooks/delivery.html", context)


@require_POST
@staff_page(PERMISSION)
def replay(request: HttpRequest, uid: UUID) -> HttpResponse:
    found = access.get_delivery(request.user, uid)
    try:
        actions.replay(found, by=actor_of(request), at=now())
    except Conflict as problem:
        messages.error(request, str(problem.detail))
    else:
        messages.success(request, _("It is on its way again."))
    return see_other(request, reverse("webhooks:delivery", args=[uid]))


@require_POST
@staff_page(PERMISSION)
def replay_range(request: HttpRequest, uid: UUID) -> HttpResponse:
    found = access.get_endpoint(request.user, uid)
    form = ReplayForm(request.POST)
    if form.is_valid():
        since, until = form.span(clinic_zone())
        try:
            count = actions.replay_range(
                found,
                since=since,
                until=until,
                everything=form.cleaned_data["everything"],
                by=actor_of(request),
                at=now(),
            )
        except Invalid as problem:
            form.take(problem)
        except Conflict as problem:
            form.add_error(None, str(problem.detail))
        else:
            said = ngettext("%d event is on its way.", "%d events are on their way.", count) % count
            messages.success(request, said if count else _("There is nothing to send again in these days."))
            return see_other(request, reverse("webhooks:endpoint", args=[uid]))
    return page_of(request, found, form, status=422)

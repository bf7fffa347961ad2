"""Pages of the admin that are of no model: one's own account, and the plans."""

from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts import actions, second_factor
from accounts.access import permissions_of
from accounts.actors import actor_of
from accounts.models import User
from accounts.pages import staff_page
from accounts.roles import PERMISSIONS
from core.clock import now
from support.site import VIEW, site
from tenants.models import Clinic, ClinicState
from tenants.plans import PLANS


@require_GET
@never_cache
@staff_page(VIEW)
def account(request: HttpRequest) -> HttpResponse:
    user = request.user
    assert isinstance(user, User)
    context: dict[str, Any] = {
        **site.each_context(request),
        "title": user.display_name,
        "person": user,
        "rights": [text for name, text in PERMISSIONS.items() if name in permissions_of(user)],
        "codes_left": second_factor.codes_left(user),
        "done": request.GET.get("done", ""),
    }
    return render(request, "admin/account.html", context)


@require_POST
@never_cache
@staff_page(VIEW)
def end_sessions(request: HttpRequest) -> HttpResponse:
    """On every device, this one included: the way to the sign-in is the proof."""
    user = request.user
    assert isinstance(user, User)
    actions.end_sessions(user, by=actor_of(request), at=now())
    return HttpResponseRedirect(reverse("account_login"))


@require_GET
@never_cache
@staff_page(VIEW)
def plans(request: HttpRequest) -> HttpResponse:
    """The plans of the public price page, and how many clinics have each."""
    open_ones = Clinic.objects.exclude(state=ClinicState.CLOSED)
    counts = dict(open_ones.values_list("plan").annotate(count=Count("pk")))
    rows = [(plan, plan.price.format("en"), counts.get(plan.code, 0)) for plan in PLANS]
    return render(request, "admin/plans.html", {**site.each_context(request), "title": "", "rows": rows})

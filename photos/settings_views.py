"""Which angles are taken for which service."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.actors import actor_of
from accounts.pages import staff_page
from core.http import see_other
from photos import actions, queries
from photos.models import Angle
from photos.rules import read_angles, usual_angles
from practice import access as services
from practice.models import Service
from practice.shell import settings_page

SECTION = "photos"


@require_GET
@staff_page("chart.manage")
def protocols(request: HttpRequest) -> HttpResponse:
    own = queries.protocols()
    rows = [
        {
            "service": service,
            "angles": [Angle(each).label for each in own.get(service.pk, usual_angles(service.name))],
            "own": service.pk in own,
        }
        for service in Service.objects.filter(archived_at=None).select_related("category")
    ]
    return settings_page(request, SECTION, "photos/protocols.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@staff_page("chart.manage")
def protocol(request: HttpRequest, uid: UUID) -> HttpResponse:
    service = services.get_service(request.user, uid, to="chart.manage")
    chosen, problem = queries.angles_for(service), ""
    if request.method == "POST":
        given = [each for each in Angle.values if each in request.POST.getlist("angles")]
        try:
            actions.set_protocol(service, read_angles(given), by=actor_of(request))
        except ValueError:
            chosen, problem = [], _("Choose at least one angle.")
        else:
            messages.success(request, _("Saved."))
            return see_other(request, reverse("photos:protocols"))
    context = {
        "service": service,
        "choices": [(value, label, value in chosen) for value, label in Angle.choices],
        "problem": problem,
    }
    page = "photos/protocol.html"
    return settings_page(request, SECTION, page, context, status=422 if problem else 200)

"""The settings' front page, and the clinic's own details."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.actors import actor_of
from accounts.pages import staff_page
from core.http import see_other
from core.problems import Forbidden, Invalid
from practice import actions
from practice.forms.clinic import ClinicForm
from practice.profile import profile
from practice.shell import entries_for, settings_page


@require_GET
@staff_page()
def index(request: HttpRequest) -> HttpResponse:
    """Whatever of the settings the role may open."""
    if not entries_for(request.user):
        raise Forbidden
    return settings_page(request, "", "desk/settings/index.html", {})


@require_http_methods(["GET", "POST"])
@staff_page("settings.manage")
def clinic(request: HttpRequest) -> HttpResponse:
    form = ClinicForm.of(profile(), request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            actions.update_profile(by=actor_of(request), **form.cleaned_data)
        except Invalid as problem:
            form.take(problem)
        else:
            messages.success(request, _("Saved."))
            return see_other(request, reverse("settings:clinic"))
    status = 422 if form.is_bound else 200
    return settings_page(request, "clinic", "desk/settings/clinic.html", {"form": form}, status=status)

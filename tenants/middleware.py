"""The host picks the clinic: schema, role and URL map are set together, and taken away after the answer."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.shortcuts import render
from django.urls import set_urlconf
from django.utils import translation
from django.utils.translation import gettext as _

from core.problems import Unavailable, problem_response
from tenants import directory
from tenants.context import enter, enter_public
from tenants.models import Clinic


class ClinicMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        host = request.META.get("HTTP_HOST", "").rsplit(":", 1)[0].lower().rstrip(".")
        request.clinic = None  # type: ignore[attr-defined]
        try:
            if directory.is_platform(host):
                return self._answer_platform(request)
            clinic = directory.find_by_host(host) if host else None
            if clinic is None:
                return HttpResponseNotFound("Not found\n", content_type="text/plain")
            if clinic.is_suspended:
                return closed(request, clinic)
            request.clinic = clinic  # type: ignore[attr-defined]
            request.urlconf = settings.ROOT_URLCONF
            with enter(clinic):
                return self.get_response(request)
        finally:
            set_urlconf(None)

    def _answer_platform(self, request: HttpRequest) -> HttpResponse:
        request.urlconf = settings.PUBLIC_SCHEMA_URLCONF
        set_urlconf(settings.PUBLIC_SCHEMA_URLCONF)
        with enter_public():
            return self.get_response(request)


def closed(request: HttpRequest, clinic: Clinic) -> HttpResponse:
    """A suspended clinic answers every address alike, and touches nothing that is the clinic's."""
    with translation.override(translation.get_language_from_request(request)):
        if request.path.startswith(("/api/", "/hooks/")):
            problem = Unavailable(_("This clinic is closed for now."), retry_after=3600)
            problem.type = "clinic-suspended"
            return problem_response(problem)
        with enter_public():
            response = render(
                request,
                "suspended.html",
                {"clinic_name": clinic.name, "contact": settings.CONTACT_MAIL},
                status=503,
            )
    response["Retry-After"] = "3600"
    response["Cache-Control"] = "no-store"
    return response

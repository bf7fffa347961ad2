"""The page of W6, and the two applications that serve it."""

import os

from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

TEMPLATE = "<h1>{{ services|length }}</h1><ul>{% for s in services %}<li>{{ s.name }} {{ s.duration_minutes }}</li>{% endfor %}</ul>"


def page(request: HttpRequest) -> HttpResponse:
    from practice.models import Service

    services = Service.objects.order_by("position", "pk").values("name", "duration_minutes")[:10]
    template = engines["django"].from_string(TEMPLATE) if not hasattr(page, "template") else page.template
    page.template = template  # type: ignore[attr-defined]
    return HttpResponse(template.render({"services": services}))


urlpatterns = [path("", page)]


def _application():  # type: ignore[no-untyped-def]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "medspa.settings")
    return get_wsgi_application()


with_tenancy = without_tenancy = _application()

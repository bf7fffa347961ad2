"""Whether a host name is one of ours: the TLS proxy asks before it fetches a certificate for a name."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from core.problems import NotFound
from tenants import directory


@require_GET
def known(request: HttpRequest) -> HttpResponse:
    """200 for the platform's host and for every open clinic's; 404 for any other."""
    host = request.GET.get("domain", "").lower().rstrip(".")
    if host != settings.PLATFORM_HOST and (not host or directory.find_by_host(host) is None):
        raise NotFound
    return HttpResponse("known\n", content_type="text/plain")

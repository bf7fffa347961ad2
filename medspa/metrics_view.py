"""`/metrics` of the platform's host: for a caller on loopback, or with the token; for anybody else it is not there."""

import os
import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from core.problems import NotFound
from medspa.metrics import REGISTRY
from medspa.metrics_shared import SharedCollector

LOOPBACK = {"127.0.0.1", "::1"}
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA")


@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    if not (_from_here(request) or _has_token(request)):
        raise NotFound
    shared = CollectorRegistry()
    shared.register(SharedCollector())
    web = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        web = CollectorRegistry()
        MultiProcessCollector(web)  # type: ignore[no-untyped-call]
    text = generate_latest(web) + generate_latest(shared)
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)


def _from_here(request: HttpRequest) -> bool:
    """Loopback, and not through a proxy that stands on this machine."""
    return request.META.get("REMOTE_ADDR") in LOOPBACK and not any(name in request.META for name in FORWARDED)


def _has_token(request: HttpRequest) -> bool:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    known = settings.METRICS_TOKEN
    return bool(known) and kind == "Bearer" and secrets.compare_digest(token.encode(), known.encode())

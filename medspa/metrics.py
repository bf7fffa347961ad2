"""What the web counts. Labels are route templates and fixed words: never a path, a clinic, or anything of a person.

The web's processes share their counters through files (medspa.gunicorn); elsewhere they are this process's own.
"""

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connections
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from vault.signals import unreachable

REGISTRY = CollectorRegistry()
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
NO_ROUTE = "none"
POOL_EVERY_SECONDS = 2.0

REQUESTS = Counter(
    "medspa_requests", "Requests answered.", ["host", "method", "route", "status"], registry=REGISTRY
)
SECONDS = Histogram(
    "medspa_request_seconds",
    "How long an answer took.",
    ["method", "route"],
    buckets=BUCKETS,
    registry=REGISTRY,
)
UNDER_WAY = Gauge(
    "medspa_requests_under_way",
    "Requests that are being answered.",
    multiprocess_mode="livesum",
    registry=REGISTRY,
)
WEBHOOK_REFUSALS = Counter(
    "medspa_webhook_refusals", "Webhooks refused: unsigned, forged, unknown.", ["provider"], registry=REGISTRY
)
VAULT_UNREACHABLE = Counter(
    "medspa_vault_unreachable", "Times that a page could not reach the vault.", registry=REGISTRY
)
POOL_WAITS = Counter(
    "medspa_pool_waits", "Requests that waited for a connection.", ["database"], registry=REGISTRY
)
POOL_WAIT_SECONDS = Counter(
    "medspa_pool_wait_seconds", "Seconds waited for connections.", ["database"], registry=REGISTRY
)
POOL_ERRORS = Counter(
    "medspa_pool_errors", "Requests that got no connection.", ["database"], registry=REGISTRY
)
POOL_SIZE = Gauge(
    "medspa_pool_connections",
    "Open connections.",
    ["database"],
    multiprocess_mode="livesum",
    registry=REGISTRY,
)


@receiver(unreachable)
def count_unreachable(**kwargs: Any) -> None:
    VAULT_UNREACHABLE.inc()


class RequestMetrics:
    """Outermost, so that what others refuse is counted too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.pools = _Pools()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        UNDER_WAY.inc()
        try:
            response = self.get_response(request)
        finally:
            UNDER_WAY.dec()
        self._count(request, response.status_code, time.perf_counter() - began)
        self.pools.look()
        return response

    def _count(self, request: HttpRequest, status: int, seconds: float) -> None:
        route, method = route_of(request), request.method if request.method in METHODS else "other"
        REQUESTS.labels(_host_of(request), method, route, str(status)).inc()
        SECONDS.labels(method, route).observe(seconds)
        if route.startswith("hooks/") and 400 <= status < 500:
            WEBHOOK_REFUSALS.labels(route.split("/")[1]).inc()


def route_of(request: HttpRequest) -> str:
    """The template of the address, such as desk/visits/<uuid:uid>/; never the address itself."""
    if request.resolver_match is not None:
        return str(request.resolver_match.route) or "/"
    if request.path in settings.PUBLIC_READS or request.path in settings.PLAIN_PATHS:
        return request.path[1:]
    return "static" if request.path.startswith(settings.STATIC_URL) else NO_ROUTE


def _host_of(request: HttpRequest) -> str:
    if getattr(request, "clinic", None) is not None:
        return "clinic"
    return "platform" if getattr(request, "urlconf", "") == settings.PUBLIC_SCHEMA_URLCONF else NO_ROUTE


class _Pools:
    """The connection pools' own counters, looked at every few seconds by whoever answers a request then."""

    def __init__(self) -> None:
        self.next = 0.0
        self.seen: dict[tuple[str, str], float] = {}

    def look(self) -> None:
        if time.monotonic() < self.next:
            return
        self.next = time.monotonic() + POOL_EVERY_SECONDS
        for alias in ("default", "vault"):
            pool = getattr(connections[alias], "pool", None)
            if pool is None:
                continue
            stats = pool.get_stats()
            POOL_SIZE.labels(alias).set(stats.get("pool_size", 0))
            POOL_WAITS.labels(alias).inc(self._since(alias, "requests_queued", stats))
            POOL_WAIT_SECONDS.labels(alias).inc(self._since(alias, "requests_wait_ms", stats) / 1000)
            POOL_ERRORS.labels(alias).inc(self._since(alias, "requests_errors", stats))

    def _since(self, alias: str, name: str, stats: dict[str, int]) -> float:
        now, before = float(stats.get(name, 0)), self.seen.get((alias, name), 0.0)
        self.seen[alias, name] = now
        return max(now - before, 0.0)

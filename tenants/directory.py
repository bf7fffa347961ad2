"""From a host name to a clinic, cached in the process; every process forgets at once when something changed.

The word comes through Redis (tenants.news); where that is away, what is remembered is looked up again after 15 seconds.
"""

import threading
import time

from django.conf import settings

from tenants import news
from tenants.context import enter_public
from tenants.models import Clinic, Domain

_TTL_SECONDS = 15.0
_MISS_TTL_SECONDS = 2.0
_MOST = 10_000
_lock = threading.Lock()
_forgotten = 0  # how often: tells whether something changed during a look-up
_hosts: dict[str, tuple[float, Clinic | None]] = {}


def is_platform(host: str) -> bool:
    return host == settings.PLATFORM_HOST


def find_by_host(host: str) -> Clinic | None:
    """The open or suspended clinic that answers to `host`, or None."""
    _listener.listen()
    now = time.monotonic()
    found = _hosts.get(host)
    if found and found[0] > now:
        return found[1]
    before = _forgotten
    with enter_public():
        domain = Domain.objects.select_related("clinic").filter(host=host).first()
    clinic = domain.clinic if domain and (domain.clinic.is_open or domain.clinic.is_suspended) else None
    with _lock:
        if before != _forgotten:
            return clinic  # something changed while we looked: right for this request, and not to be kept
        if len(_hosts) >= _MOST:
            _hosts.clear()
        _hosts[host] = (now + (_TTL_SECONDS if clinic else _MISS_TTL_SECONDS), clinic)
    return clinic


def forget() -> None:
    """Drop what this process remembers."""
    global _forgotten
    with _lock:
        _forgotten += 1
        _hosts.clear()


def changed() -> None:
    """After the commit that changed a clinic or a host: every process looks it up anew from its next request on."""
    forget()
    news.tell()


_listener = news.Listener(forget)


def find_by_schema(schema: str) -> Clinic | None:
    with enter_public():
        return Clinic.objects.filter(schema_name=schema).first()


def clinic_url(clinic: Clinic | str, path: str = "/") -> str:
    """An absolute address of a clinic, from its primary domain; never from a request's Host header."""
    if isinstance(clinic, str):
        host = clinic
    else:
        with enter_public():
            host = clinic.domains.order_by("-is_primary", "pk").values_list("host", flat=True)[0]
    return site_url(host, path)


def site_url(host: str, path: str = "/") -> str:
    port = f":{settings.SITE_PORT}" if settings.SITE_PORT else ""
    return f"{settings.SITE_SCHEME}://{host}{port}{path}"

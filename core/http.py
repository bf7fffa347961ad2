"""Small questions about a request, and answers that suit a page and its htmx parts alike."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase

NOWHERE = "0.0.0.0"  # noqa: S104 - said of a request that came by a unix socket, nothing binds to it


def client_ip(request: HttpRequest) -> str:
    """Who is calling: the address that the outermost of our own proxies saw.

    Only as many entries of X-Forwarded-For are believed as there are proxies; the rest is the caller's word.
    """
    hops = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    hops.append(request.META.get("REMOTE_ADDR", ""))
    trusted: int = getattr(settings, "TRUSTED_PROXIES", 0)
    return _plain_ip(hops[max(0, len(hops) - 1 - trusted)]) or _plain_ip(hops[-1]) or NOWHERE


def _plain_ip(text: str) -> str:
    if text.count(":") == 1:  # IPv4 with a port
        text = text.partition(":")[0]
    try:
        address = ip_address(text.strip("[]"))
    except ValueError:
        return ""
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)


def is_htmx(request: HttpRequest) -> bool:
    """Asked by htmx for a part; a page that htmx restores from history is asked for whole."""
    return (
        request.headers.get("HX-Request") == "true"
        and request.headers.get("HX-History-Restore-Request") != "true"
    )


def template_for(request: HttpRequest, page: str, part: str) -> str:
    """One view, page or part: the same context feeds both."""
    return part if is_htmx(request) else page


def see_other(request: HttpRequest, url: str) -> HttpResponse:
    """Go on to `url` after a write: by 303 for a page, by HX-Redirect for htmx."""
    if is_htmx(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponse(status=303, headers={"Location": url})


def vary_on_htmx(response: HttpResponseBase) -> HttpResponseBase:
    """Keep caches from serving a part where the page was asked for."""
    known = [each.strip() for each in response.get("Vary", "").split(",") if each.strip()]
    if "HX-Request" not in known:
        response["Vary"] = ", ".join([*known, "HX-Request"])
    return response

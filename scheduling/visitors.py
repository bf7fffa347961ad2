"""Who asks without signing in: a browser by its cookie, an address; both kept only as keyed hashes."""

import hmac
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from core.context import require_clinic
from core.http import client_ip

COOKIE = "__Host-booking" if settings.SITE_SCHEME == "https" else "booking"
COOKIE_AGE = 12 * 60 * 60
LONGEST = 64


@dataclass(frozen=True)
class Visitor:
    """Enough to tell visitors apart, too little to find them."""

    browser_hash: bytes
    ip_hash: bytes


def visitor_of(request: HttpRequest) -> Visitor:
    """By the cookie where there is one; a program without is its address and the name it gives itself."""
    address = client_ip(request)
    nonce = _nonce(request)
    browser = (
        f"browser {nonce}" if nonce else f"program {address} {request.headers.get('User-Agent', '')[:200]}"
    )
    return Visitor(_hash(browser), _hash(f"address {address}"))


def remember(request: HttpRequest, response: HttpResponse) -> None:
    """Give the browser a nonce of its own, for as long as booking takes."""
    if _nonce(request):
        return
    response.set_cookie(
        COOKIE,
        secrets.token_urlsafe(24),
        max_age=COOKIE_AGE,
        secure=settings.SITE_SCHEME == "https",
        httponly=True,
        samesite="Lax",
    )


def _nonce(request: HttpRequest) -> str:
    nonce = request.COOKIES.get(COOKIE, "")
    return nonce if 16 <= len(nonce) <= LONGEST else ""


def _hash(text: str) -> bytes:
    key = settings.SECRET_KEY.encode() + require_clinic().uid.bytes
    return hmac.digest(key, f"scheduling.visitor {text}".encode(), "sha256")[:16]

"""Browsers that a person has signed in from before, told by a signed cookie; a new one is worth a mail."""

import hmac
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from accounts.models import User
from core.context import current_clinic

COOKIE: Final = "device"
SALT: Final = "accounts.devices"
DAYS: Final = 400
MOST: Final = 10


def is_known(request: HttpRequest, user: User) -> bool:
    mark = _mark(user)
    return any(hmac.compare_digest(mark, each) for each in _marks(request))


def remember(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Add the person to the browser's cookie; it holds keyed hashes only, never an id or an address."""
    mark = _mark(user)
    marks = [*(each for each in _marks(request) if each != mark), mark][-MOST:]
    response.set_cookie(
        _cookie_name(),
        signing.dumps(marks, salt=SALT),
        max_age=DAYS * 24 * 60 * 60,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _marks(request: HttpRequest) -> list[str]:
    try:
        found: Any = signing.loads(
            request.COOKIES.get(_cookie_name(), ""), salt=SALT, max_age=DAYS * 24 * 60 * 60
        )
    except signing.BadSignature:
        return []
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []


def _mark(user: User) -> str:
    clinic = current_clinic.get()
    house = clinic.uid if clinic else UUID(int=0)
    return salted_hmac(SALT, f"{house}|{user.pk}", algorithm="sha256").hexdigest()[:32]


def _cookie_name() -> str:
    return f"__Host-{COOKIE}" if settings.SITE_SCHEME == "https" else COOKIE

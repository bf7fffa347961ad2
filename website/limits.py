"""How often strangers may do what costs us something: exact, counted in the database for all processes."""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import throttle
from accounts.throttle import Limit
from core.http import client_ip
from core.problems import TooMany

HOUR: Final = timedelta(hours=1)
# kind: (from one address, from everywhere)
LIMITS: Final = {
    "sign_up": (Limit(5, HOUR), Limit(120, HOUR)),
    "sign_up_retry": (Limit(20, HOUR), Limit(600, HOUR)),
    "lead": (Limit(5, HOUR), Limit(200, HOUR)),
    "slug": (Limit(300, HOUR), Limit(20_000, HOUR)),
}


def check(kind: str, request: HttpRequest, *, at: datetime) -> None:
    """Count one; TooMany beyond the limit."""
    if not settings.PUBLIC_RATE_LIMIT:
        return
    attempt = throttle.take_public(kind, client_ip(request), *LIMITS[kind], at=at)
    if not attempt.allowed:
        raise TooMany(
            _("There were many of these from your network. Please wait a while, or write to us."),
            retry_after=attempt.retry_after,
        )

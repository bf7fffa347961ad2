"""What every page of the staff knows of who looks at it: `rights` in the templates."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from accounts import hints, sessions
from accounts.access import permissions_of
from accounts.models import User
from accounts.pages import HOME
from core.clock import now
from core.logoff import Logoff
from tenants import agreements


def staff(request: HttpRequest) -> dict[str, Any]:
    """Asked only where a template asks, since error pages are dressed by it too."""
    if not request.path.startswith(HOME):
        return {}
    page = request.resolver_match.view_name if request.resolver_match else ""
    return {
        "rights": SimpleLazyObject(lambda: permissions_of(getattr(request, "user", None))),
        "baa_missing": SimpleLazyObject(lambda: not agreements.is_signed()),
        "logoff": SimpleLazyObject(lambda: _logoff(request)),
        "hint_page": page,
        "hint": SimpleLazyObject(lambda: hints.next_for(getattr(request, "user", None), page)),
    }


def _logoff(request: HttpRequest) -> Logoff | None:
    """When the session ends, for the warning before it; nothing where nobody is signed in."""
    if not isinstance(getattr(request, "user", None), User):
        return None
    left, absolute = sessions.seconds_left(request.session, now())
    return Logoff(
        left=left,
        absolute=absolute,
        stay=reverse("accounts_stay"),
        out=reverse("account_logout"),
        sign_in=reverse("account_login"),
        channel="medspa-session",
    )

"""Who may open a page: the decorators of every page below /desk/ (on the platform: /admin/), and the way to the sign-in and back.

`accounts.middleware.SecondFactor` turns away everybody without a good session before a view below /desk/ runs, so a
page that forgets its decorator is shut, not open. The decorator adds the right that the page needs.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts import sessions
from accounts.access import may, names_one, require, require_object
from accounts.models import User
from accounts.roles import known
from accounts.sessions import Standing
from core.clock import now
from core.context import PLATFORM, current_holder
from core.http import is_htmx
from core.problems import NotSignedIn, problem_response

View = Callable[..., HttpResponseBase]
HOME: Final = "/desk/"
PLATFORM_HOME: Final = "/admin/"
OPEN: Final = "open_before_sign_in"


def home() -> str:
    """Below this nobody gets without signing in: a clinic's desk, or the platform's own pages."""
    return PLATFORM_HOME if current_holder() is PLATFORM else HOME


def staff_page(permission: str = "") -> Callable[[View], View]:
    """A page for staff; with a permission, for those whose role holds it (others: 403, or 404 for one object)."""
    if permission:
        known(permission)

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            standing = sessions.admit(request, at=now())
            if standing is not Standing.GOOD:
                return turn_away(request, standing)
            if permission:
                (require_object if names_one(kwargs) else require)(request.user, permission)
            return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


def open_page(view: View) -> View:
    """A page of the sign-in itself, open to people who have not finished signing in."""
    setattr(view, OPEN, True)
    return view


def turn_away(request: HttpRequest, standing: Standing) -> HttpResponse:
    """To the sign-in, the set-up or the code, and back here afterwards; 401 for programs and htmx parts."""
    names = {Standing.NEEDS_SET_UP: "mfa_activate_totp", Standing.NEEDS_CODE: "mfa_authenticate"}
    names[Standing.HANDED_OVER] = "accounts_take_back"
    target = reverse(names.get(standing, "account_login"))
    query = {"next": return_path(request)}
    if getattr(request, "session_ended", False):
        query["ended"] = "1"
    url = f"{target}?{urlencode(query)}"
    if is_htmx(request) or request.path.startswith("/api/"):
        return problem_response(NotSignedIn(headers={"HX-Redirect": url}))
    return HttpResponseRedirect(url)


def return_path(request: HttpRequest) -> str:
    """The page to come back to: this one if it can be asked for again, else the one it was asked from."""
    if is_htmx(request):
        shown = urlsplit(request.headers.get("HX-Current-URL", ""))
        return safe_next(shown.path + (f"?{shown.query}" if shown.query else ""))
    return safe_next(request.get_full_path() if request.method == "GET" else home())


def first_page(user: User) -> str:
    """Where somebody begins: the day, or their own page where the role has no calendar."""
    return (
        home() if may(user, "appointments.view") or home() == PLATFORM_HOME else reverse("accounts_profile")
    )


def safe_next(text: str | None) -> str:
    """`text` if it is a plain path below the home of this host's staff; the home itself for everything else."""
    if not text or not text.startswith(home()) or "\\" in text or not text.isprintable():
        return home()
    return text if url_has_allowed_host_and_scheme(text, allowed_hosts=None) else home()

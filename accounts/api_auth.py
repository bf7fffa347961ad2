"""The API's door: who calls, and whether that may be called. Nothing opens that does not say for whom.

Every view names `Anyone` or `Needs("…")`; `Closed` is the default.
"""

from functools import cache
from typing import TYPE_CHECKING, Final

from django.http import HttpRequest
from rest_framework.authentication import BaseAuthentication, SessionAuthentication, get_authorization_header
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from accounts import actions, sessions, throttle, tokens
from accounts.access import names_one, require, require_object
from accounts.models import ApiToken, User
from accounts.roles import known
from accounts.sessions import Standing
from core.clock import now
from core.http import client_ip
from core.problems import Forbidden, NotSignedIn, TooMany

if TYPE_CHECKING:
    from rest_framework.views import APIView  # imports this module for its defaults

KEYWORD: Final = "bearer"


class BearerAuthentication(BaseAuthentication):
    """`Authorization: Bearer …`. Issued under a second factor, so none is asked for here."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != KEYWORD.encode():
            return None
        at = now()
        token = tokens.find(b" ".join(words[1:]).decode("latin-1"), at=at)
        if token is None:
            self._refuse(request)
            return None
        actions.note_token_use(token, at=at)
        token.user.token = token
        # Pages' helpers and the trail ask Django's request, not DRF's.
        request._request.user = token.user
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"

    def _refuse(self, request: Request) -> None:
        attempt = throttle.take_wrong_token(client_ip(request._request), at=now())
        if not attempt.allowed:
            raise TooMany(retry_after=attempt.retry_after)
        raise NotSignedIn


class StaffSessionAuthentication(SessionAuthentication):
    """The desk's own session, with its second factor shown; unsafe methods carry the CSRF token."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        plain: HttpRequest = request._request
        if sessions.admit(plain, at=now()) is not Standing.GOOD or not isinstance(plain.user, User):
            return None
        self.enforce_csrf(request)
        return plain.user, None

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class Closed(BasePermission):
    """What nobody has opened."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        if isinstance(request.user, User):
            raise Forbidden
        raise NotSignedIn


class Anyone(BasePermission):
    """Open to the public: what a booking page shows."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        return True


class Needed(BasePermission):
    """401 without somebody; for a role that may never do this 403, or 404 where the address names one object."""

    read = ""
    write = ""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        wanted = self.read if request.method in SAFE_METHODS else self.write
        (require_object if names_one(view.kwargs) else require)(request.user, wanted)
        return True


@cache
def Needs(read: str, *, write: str = "") -> type[Needed]:  # noqa: N802 - stands where a class is named
    """`permission_classes = [Needs("appointments.view", write="appointments.manage")]`"""
    known(read)
    known(write or read)
    return type(f"Needs {read}", (Needed,), {"read": read, "write": write or read})

"""The second factor, the idle logoff and the default deny for everything below /desk/, on the platform /admin/."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse

from accounts import sessions
from accounts.pages import OPEN, home, turn_away
from accounts.sessions import Standing
from core.clock import now

API = "/api/"


class SecondFactor:
    """Below /desk/, and on the platform below /admin/, nobody gets past without a live session that has shown its second factor.

    In the API a session that is not good counts as none: public parts answer, the others say 401.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(API) and sessions.admit(request, at=now()) is not Standing.GOOD:
            request.user = AnonymousUser()
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if not request.path.startswith(home()) or getattr(view, OPEN, False):
            return None
        standing = sessions.admit(request, at=now())
        return None if standing is Standing.GOOD else turn_away(request, standing)

"""Answers that several of the pages give."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.pages import PLATFORM_HOME, home, safe_next
from accounts.throttle import Attempt

UNREADABLE = 422


def page(request: HttpRequest, name: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A page with the way back: `next` is checked anew each time it is written or read."""
    return render(request, _templates(name), {"next": next_of(request), **context}, status=status)


def _templates(name: str) -> list[str]:
    """The platform's own staff has pages of its own where there are fewer ways in, or other words."""
    own = [f"admin/accounts/{name}.html"] if home() == PLATFORM_HOME else []
    return [*own, f"accounts/{name}.html"]


def next_of(request: HttpRequest) -> str:
    return safe_next(request.POST.get("next") or request.GET.get("next"))


def too_many(request: HttpRequest, attempt: Attempt) -> HttpResponse:
    """The same bytes for a right and a wrong secret, for a known and an unknown account: no form, no address."""
    response = render(request, _templates("too_many"), status=429)
    response["Retry-After"] = str(attempt.retry_after)
    return response

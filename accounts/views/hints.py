"""First-run hints: put one away, have none, have them again. Forms that work without a script."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts import actions, hints
from accounts.actors import actor_of
from accounts.models import User
from accounts.pages import staff_page
from accounts.views.answers import next_of
from core.http import is_htmx, see_other
from core.problems import NotFound


@require_POST
@never_cache
@staff_page()
def put_away(request: HttpRequest) -> HttpResponse:
    """This one; the page's next takes its place."""
    key = request.POST.get("key", "")
    if key not in hints.declared():
        raise NotFound
    user = _user(request)
    actions.put_hint_away(user, key, by=actor_of(request))
    return _answer(request, hints.next_for(user, request.POST.get("page", "")))


@require_POST
@never_cache
@staff_page()
def turn_off(request: HttpRequest) -> HttpResponse:
    """From the hint itself, or from one's own page."""
    actions.turn_hints_off(_user(request), by=actor_of(request))
    return _answer(request, None)


@require_POST
@never_cache
@staff_page()
def show_again(request: HttpRequest) -> HttpResponse:
    actions.show_hints_again(_user(request), by=actor_of(request))
    return HttpResponseRedirect(f"{reverse('accounts_profile')}?done=hints")


def _answer(request: HttpRequest, following: hints.Hint | None) -> HttpResponse:
    if not is_htmx(request):
        return see_other(request, next_of(request))
    context = {"hint": following, "hint_page": request.POST.get("page", ""), "answered": True}
    return render(request, "accounts/_hint.html", context)


def _user(request: HttpRequest) -> User:
    user = request.user
    assert isinstance(user, User)
    return user

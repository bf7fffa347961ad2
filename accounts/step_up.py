"""“Confirm it's you”: sensitive acts ask for a passkey, the password or a code if none was shown within a quarter of an hour.

What was being sent is not lost: the question carries it along and sends it again with the answer.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts import actions, ceremonies, passwords, second_factor, sessions, throttle
from accounts.forms import ConfirmForm
from accounts.models import User
from accounts.pages import View, return_path
from accounts.views.answers import UNREADABLE, page, too_many
from core.clock import now
from core.http import client_ip, is_htmx
from core.problems import Forbidden

SECRET: Final = "step_up_secret"  # noqa: S105 - the name of a field
PASSKEY: Final = "step_up_passkey"
OWN_FIELDS: Final = frozenset({SECRET, PASSKEY, "csrfmiddlewaretoken"})
ASKED = 403


class ConfirmFirst(Forbidden):
    type = "confirm-its-you"
    title = _("Confirm that it is you")


def step_up(view: View, *, unkept: frozenset[str] = frozenset()) -> View:
    """For what a stranger at an open screen must not do. Stands below `staff_page`, which knows the person.

    `unkept` are fields that the question does not carry along, because no page repeats what was typed there.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method in SAFE_METHODS or sessions.is_confirmed(request.session, now()):
            return view(request, *args, **kwargs)
        if is_htmx(request):
            query = urlencode({"next": return_path(request)})
            return HttpResponse(status=204, headers={"HX-Redirect": f"{reverse('accounts_confirm')}?{query}"})
        if SECRET not in request.POST and PASSKEY not in request.POST:
            return ask(request, ConfirmForm(), status=ASKED, unkept=unkept)
        return settle(request, lambda: view(request, *args, **kwargs), unkept=unkept)

    return guarded


def settle(
    request: HttpRequest, go_on: Callable[[], HttpResponseBase], *, unkept: frozenset[str] = frozenset()
) -> HttpResponseBase:
    """With the right answer in the request, go on; else ask again."""
    user, at = request.user, now()
    assert isinstance(user, User)
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        return ask(request, form, status=UNREADABLE, unkept=unkept)
    attempt = throttle.take(throttle.SECOND_FACTOR, str(user.pk), client_ip(request), at=at)
    if not attempt.allowed:
        return too_many(request, attempt)
    if not _is_right(request, user, form, at):
        actions.note_failed_sign_in(user, "step_up.refused", at=at, locked=attempt.just_locked)
        if form.cleaned_data[PASSKEY]:
            form.add_error(None, _("This passkey was not taken. Try again, or use your password."))
        else:
            form.add_error(SECRET, _("This is neither your password nor a current code."))
        return ask(request, form, status=UNREADABLE, unkept=unkept)
    attempt.forgive()
    sessions.confirm(request.session, at)
    return go_on()


def _is_right(request: HttpRequest, user: User, form: ConfirmForm, at: datetime) -> bool:
    """By passkey where the browser answered with one, else by what was typed."""
    if form.cleaned_data[PASSKEY]:
        try:
            ceremonies.shown(request, user, form.cleaned_data[PASSKEY], at=at)
        except ceremonies.Refused:
            return False
        return True
    secret = form.cleaned_data[SECRET]
    if _is_code(secret) and second_factor.spend(user, secret, at=at) is not None:
        return True
    return passwords.verify(user, secret, at=at)


def ask(
    request: HttpRequest, form: ConfirmForm, *, status: int = 200, unkept: frozenset[str] = frozenset()
) -> HttpResponse:
    """The question, with what was being sent as hidden fields."""
    left_out = OWN_FIELDS | unkept
    kept = [
        (name, value) for name, values in request.POST.lists() if name not in left_out for value in values
    ]
    user = request.user
    assert isinstance(user, User)
    form.offer_passkey(ceremonies.is_possible(request, user))
    return page(request, "confirm", {"form": form, "kept": kept}, status=status)


def confirm_first(request: HttpRequest) -> HttpResponse:
    """For a page that must not even be looked at unconfirmed: ask, then back to it."""
    query = urlencode({"next": request.path})
    return HttpResponseRedirect(f"{reverse('accounts_confirm')}?{query}")


def answered(request: HttpRequest, then: str) -> HttpResponseBase:
    """The page by itself, for parts of pages: afterwards back to where one was."""
    if request.method in SAFE_METHODS:
        return ask(request, ConfirmForm())
    return settle(request, lambda: HttpResponseRedirect(then))


def _is_code(text: str) -> bool:
    return text.strip().replace(" ", "").isdigit()


class Confirmed(BasePermission):
    """The same for the API: a session must have been confirmed lately. A token was, when it was issued for this."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        user: User | AbstractBaseUser | Any = request.user
        if request.method in SAFE_METHODS or not isinstance(user, User) or user.token is not None:
            return True
        if not sessions.is_confirmed(request._request.session, now()):
            raise ConfirmFirst(_("Confirm it at /desk/confirm/ and send this again."))
        return True

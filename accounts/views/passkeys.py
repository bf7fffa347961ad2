"""Passkeys: what a browser needs to make or show one; adding, renaming and removing one's own."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import actions, ceremonies, passkeys, second_factor, sessions
from accounts.actors import actor_for, actor_of
from accounts.forms import PasskeyForm, PasskeyNameForm
from accounts.models import User
from accounts.pages import open_page, staff_page, turn_away
from accounts.sessions import Standing
from accounts.step_up import ConfirmFirst, confirm_first, step_up
from accounts.views import two_factor
from accounts.views.answers import UNREADABLE, page
from core.clock import now
from core.problems import Conflict, Invalid, NotSignedIn, problem_response

ADDERS = (Standing.NEEDS_SET_UP, Standing.GOOD)


@open_page
@require_POST
@never_cache
def challenge(request: HttpRequest) -> HttpResponse:
    """What the browser needs to show a passkey: in the second step, or to confirm that it is you."""
    at = now()
    user = two_factor.who(request, at)
    # Also of somebody whose screen a patient holds: it is how they take it back.
    showers = (Standing.GOOD, Standing.HANDED_OVER)
    if user is None and sessions.admit(request, at=at) in showers and isinstance(request.user, User):
        user = request.user
    if user is None:
        return problem_response(NotSignedIn())
    options = ceremonies.begin_showing(request, user, at=at)
    if options is None:
        return problem_response(Conflict(_("You have no passkey here.")))
    return JsonResponse(options)


@open_page
@require_POST
@never_cache
def new_challenge(request: HttpRequest) -> HttpResponse:
    """What the browser needs to make one."""
    at = now()
    if sessions.admit(request, at=at) not in ADDERS or not isinstance(request.user, User):
        return problem_response(NotSignedIn())
    if must_confirm(request, request.user, at):
        return problem_response(ConfirmFirst())
    return JsonResponse(ceremonies.begin_adding(request, request.user, at=at))


@open_page
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def add(request: HttpRequest) -> HttpResponseBase:
    """One more passkey; the first second factor is set up here too, and gets its recovery codes."""
    at = now()
    standing = sessions.admit(request, at=at)
    if standing not in ADDERS or not isinstance(request.user, User):
        return turn_away(request, standing)
    user = request.user
    if must_confirm(request, user, at):
        return confirm_first(request)
    if request.method != "POST":
        return _add_page(request, PasskeyForm(initial={"name": two_factor.suggested_name(request)}))
    form = PasskeyForm(request.POST)
    if not form.is_valid():
        return _add_page(request, form, status=UNREADABLE)
    try:
        codes = _add(request, user, form, at)
    except ceremonies.Refused:
        form.add_error(None, _("Your browser’s answer did not fit, or took too long. Try again."))
    except Invalid as problem:
        form.take(problem)
    except Conflict as problem:
        form.add_error(None, str(problem.detail))
    else:
        if not codes:
            return HttpResponseRedirect(f"{reverse('accounts_profile')}?done=passkey")
        two_factor.go_on_verified(request, user, at)
        return page(request, "recovery_codes", {"codes": codes})
    return _add_page(request, form, status=UNREADABLE)


def _add(request: HttpRequest, user: User, form: PasskeyForm, at: datetime) -> list[str]:
    made = ceremonies.made(request, user, form.cleaned_data["passkey"], at=at)
    name, host = form.cleaned_data["name"], ceremonies.host_of(request)
    return actions.add_passkey(user, made, name=name, host=host, by=actor_for(user), at=at)


def must_confirm(request: HttpRequest, user: User, at: datetime) -> bool:
    """Who has a second factor shows once more that it is them; who sets up the first one has just signed in."""
    return second_factor.is_enrolled(user) and not sessions.is_confirmed(request.session, at)


def _add_page(request: HttpRequest, form: PasskeyForm, *, status: int = 200) -> HttpResponse:
    first = sessions.admit(request, at=now()) is Standing.NEEDS_SET_UP
    return page(request, "add_passkey", {"passkey_form": form, "first": first}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_page()
def one(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One of one's own: its name to change, and the way to remove it."""
    user = request.user
    assert isinstance(user, User)
    row = passkeys.get_own(user, uid)
    shown = passkeys.as_line(row, host=ceremonies.host_of(request))
    form = PasskeyNameForm(request.POST if request.method == "POST" else None, initial={"name": shown.name})
    if request.method == "POST" and form.is_valid():
        try:
            actions.rename_passkey(user, uid, form.cleaned_data["name"], by=actor_of(request), at=now())
        except Invalid as problem:
            form.take(problem)
        else:
            return HttpResponseRedirect(f"{reverse('accounts_profile')}?done=passkey_renamed")
    return _one_page(request, shown, form, status=UNREADABLE if form.errors else 200)


@require_POST
@never_cache
@staff_page()
@step_up
def remove(request: HttpRequest, uid: UUID) -> HttpResponse:
    """It opens nothing any more, and everywhere else one is signed out."""
    user, at = request.user, now()
    assert isinstance(user, User)
    shown = passkeys.as_line(passkeys.get_own(user, uid), host=ceremonies.host_of(request))
    demanded = not sessions.second_factor_is_optional(request)
    kept = sessions.sign_in_of(request.session)
    try:
        actions.remove_passkey(user, uid, demanded=demanded, by=actor_of(request), at=at, keep=kept)
    except Conflict as problem:
        form = PasskeyNameForm(initial={"name": shown.name})
        return _one_page(request, shown, form, trouble=str(problem.detail), status=409)
    user.refresh_from_db(fields=["session_epoch"])
    sessions.stay(request, user)
    return HttpResponseRedirect(f"{reverse('accounts_profile')}?done=passkey_removed")


def _one_page(
    request: HttpRequest,
    shown: passkeys.Passkey,
    form: PasskeyNameForm,
    *,
    trouble: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {"passkey": shown, "form": form, "trouble": trouble}
    return render(request, "accounts/passkey.html", context, status=status)

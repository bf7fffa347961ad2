"""One's own account: password, second factor, tokens for programs."""

from uuid import UUID

from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import (
    actions,
    ceremonies,
    codes,
    passkeys,
    passwords,
    second_factor,
    sessions,
    throttle,
    tokens,
)
from accounts.access import may, permissions_of
from accounts.actors import actor_of
from accounts.forms import DetailsForm, PasswordForm, TokenForm
from accounts.models import User
from accounts.pages import staff_page
from accounts.step_up import step_up
from accounts.views.answers import UNREADABLE, page, too_many
from accounts.views.issuing import issued
from core.clock import now
from core.http import client_ip
from core.problems import Invalid

FEW_CODES = 3


@require_GET
@never_cache
@staff_page()
def profile(request: HttpRequest) -> HttpResponse:
    return _profile(request, TokenForm(user=_user(request)))


@require_POST
@never_cache
@staff_page()
def change_details(request: HttpRequest) -> HttpResponse:
    """Name, job title and phone: one's own to correct at any time."""
    user = _user(request)
    form = DetailsForm(request.POST, of=user)
    if form.is_valid():
        try:
            actions.update_details(user, by=actor_of(request), at=now(), **form.cleaned_data)
        except Invalid as problem:
            form.take(problem)
        else:
            return HttpResponseRedirect(f"{reverse('accounts_profile')}?done=details")
    return _profile(request, TokenForm(user=user), details=form, status=UNREADABLE)


def _profile(
    request: HttpRequest,
    form: TokenForm,
    *,
    details: DetailsForm | None = None,
    shown_once: str = "",
    status: int = 200,
) -> HttpResponse:
    user = _user(request)
    enrolled = second_factor.is_enrolled(user)
    left = second_factor.codes_left(user) if enrolled else 0
    context = {
        "form": form,
        "shown_once": shown_once,
        "person": user,
        "rights": permissions_of(user),
        "details": details or DetailsForm(of=User.objects.get(pk=user.pk)),
        "enrolled": enrolled,
        "has_app": second_factor.has_app(user),
        "passkeys": passkeys.listed(user, host=ceremonies.host_of(request)),
        "codes_low": enrolled and left <= FEW_CODES,
        "codes_left": left,
        "may_issue": may(user, "tokens.manage"),
        "tokens": tokens.live_of(user, at=now()),
        "done": request.GET.get("done", ""),
    }
    return render(request, "accounts/profile.html", context, status=status)


@require_POST
@never_cache
@staff_page("tokens.manage")
@step_up
def issue_token(request: HttpRequest) -> HttpResponse:
    """The clear token is on this answer and nowhere else."""
    user = _user(request)
    form = TokenForm(request.POST, user=user)
    if clear := issued(request, user, form, at=now()):
        return _profile(request, TokenForm(user=user), shown_once=clear)
    return _profile(request, form, status=UNREADABLE)


@require_POST
@staff_page("tokens.manage")
def revoke_token(request: HttpRequest, uid: UUID) -> HttpResponse:
    token = tokens.get_own(_user(request), uid)
    actions.revoke_token(token, by=actor_of(request), at=now())
    return HttpResponseRedirect(f"{reverse('accounts_profile')}?done=revoked")


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("current", "new", "repeated")
@never_cache
@staff_page()
def change_password(request: HttpRequest) -> HttpResponseBase:
    """The old password once, the new one twice; all other sessions end.

    Who forgot it signs in by mail: for a quarter of an hour that code stands in for the old password.
    """
    user = _user(request)
    at = now()
    asks = user.has_usable_password() and not codes.was_shown_lately(request, user, at=at)
    form = PasswordForm(request.POST if request.method == "POST" else None, asks_current=asks)
    if request.method != "POST" or not form.is_valid():
        return page(request, "password", {"form": form}, status=UNREADABLE if form.errors else 200)
    if asks:
        attempt = throttle.take(throttle.PASSWORD, user.email, client_ip(request), at=at)
        if not attempt.allowed:
            return too_many(request, attempt)
        if not passwords.verify(user, form.cleaned_data["current"], at=at):
            actions.note_failed_sign_in(user, "sign_in.failed", at=at, locked=attempt.just_locked)
            form.add_error("current", _("This is not the password you use now."))
            return page(request, "password", {"form": form}, status=UNREADABLE)
        attempt.forgive()
    try:
        kept = sessions.sign_in_of(request.session)
        actions.set_password(
            user, form.cleaned_data["new"], by=actor_of(request), at=at, field="new", keep=kept
        )
    except Invalid as problem:
        form.take(problem)
        return page(request, "password", {"form": form}, status=UNREADABLE)
    update_session_auth_hash(request, user)
    return HttpResponseRedirect(f"{reverse('accounts_profile')}?done=password")


def _user(request: HttpRequest) -> User:
    user = request.user
    assert isinstance(user, User)
    return user

"""The second factor: showing it at sign-in, setting up an authenticator app, and the recovery codes."""

import base64
from datetime import datetime

from allauth.account.stages import LoginStage, LoginStageController
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import actions, agents, ceremonies, passkeys, second_factor, sessions, throttle
from accounts.actors import actor_for, actor_of
from accounts.adapter import SecondFactorAdapter
from accounts.forms import CodeForm, PasskeyForm, SetUpForm, StepForm
from accounts.models import User
from accounts.pages import open_page, staff_page, turn_away
from accounts.sessions import Standing
from accounts.step_up import confirm_first
from accounts.throttle import Attempt
from accounts.views.answers import UNREADABLE, next_of, page, too_many
from core.clock import now
from core.http import client_ip

DRAFT = "staff.totp_draft"


@open_page
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def two_factor(request: HttpRequest) -> HttpResponseBase:
    """A passkey, a code of the app or a recovery code, in the middle of a sign-in or in a session that has shown none."""
    at = now()
    user = who(request, at)
    if user is None:
        return HttpResponseRedirect(reverse("account_login"))
    if request.method != "POST":
        return _step_page(request, user, StepForm())
    form = StepForm(request.POST)
    if not form.is_valid():
        return _step_page(request, user, form, status=UNREADABLE)
    attempt = _take(request, user, at)
    if not attempt.allowed:
        return too_many(request, attempt)
    used = _spent(request, user, form, at)
    if used is None:
        _refuse(form, "code", user, at, attempt)
        return _step_page(request, user, form, status=UNREADABLE)
    attempt.forgive()
    post_authentication(request, used)
    stage = _stage(request)
    if stage is not None:
        response: HttpResponse = stage.exit()
        return response
    sessions.mark_verified(request.session, at)
    request.session.cycle_key()
    return HttpResponseRedirect(next_of(request))


def _step_page(request: HttpRequest, user: User, form: StepForm, *, status: int = 200) -> HttpResponse:
    form.offer_passkey(ceremonies.is_possible(request, user))
    return page(request, "two_factor", {"form": form, "has_app": second_factor.has_app(user)}, status=status)


def _spent(request: HttpRequest, user: User, form: StepForm, at: datetime) -> Authenticator | None:
    """What was shown, if it was right: the passkey's answer, where there is one, or the code."""
    if not form.cleaned_data["passkey"]:
        return second_factor.spend(user, form.cleaned_data["code"], at=at)
    try:
        return ceremonies.shown(request, user, form.cleaned_data["passkey"], at=at)
    except ceremonies.Refused:
        return None


def _stage(request: HttpRequest) -> LoginStage | None:
    found: LoginStage | None = LoginStageController.enter(request, AuthenticateStage.key)
    return found


def who(request: HttpRequest, at: datetime) -> User | None:
    """Whose second factor we ask for; None where there is nothing to ask."""
    stage = _stage(request)
    if stage is not None:
        user = stage.login.user
        return user if isinstance(user, User) and user.has_access(at) else None
    if sessions.admit(request, at=at) is Standing.NEEDS_CODE and isinstance(request.user, User):
        return request.user
    return None


@open_page
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def set_up(request: HttpRequest) -> HttpResponseBase:
    """Enrol an authenticator app; with one enrolled already, replace it by showing a code of it."""
    at = now()
    standing = sessions.admit(request, at=at)
    if standing in (Standing.NOBODY, Standing.NEEDS_CODE) or not isinstance(request.user, User):
        return turn_away(request, standing)
    user, replacing = request.user, second_factor.has_app(request.user)
    beside = not replacing and second_factor.is_enrolled(user)
    if beside and not sessions.is_confirmed(request.session, at):
        return confirm_first(request)
    secret = _draft(request, user)
    if request.method != "POST":
        return _set_up_page(request, user, SetUpForm(replacing=replacing), secret)
    form = SetUpForm(request.POST, replacing=replacing)
    if not form.is_valid():
        return _set_up_page(request, user, form, secret, status=UNREADABLE)
    attempt = _take(request, user, at)
    if not attempt.allowed:
        return too_many(request, attempt)
    step = second_factor.step_of(secret, form.cleaned_data["code"], at=at)
    if step is None:
        _refuse(form, "code", user, at, attempt)
    elif replacing and second_factor.spend(user, form.cleaned_data["current"], at=at) is None:
        _refuse(form, "current", user, at, attempt)
    if form.errors or step is None:
        return _set_up_page(request, user, form, secret, status=UNREADABLE)
    attempt.forgive()
    codes = actions.enrol_second_factor(user, secret, by=actor_for(user), at=at, last_step=step)
    if replacing:
        kept = sessions.sign_in_of(request.session)
        actions.end_sessions(user, by=actor_for(user), at=at, keep=kept)
    go_on_verified(request, user, at)
    return page(request, "recovery_codes", {"codes": codes})


def go_on_verified(request: HttpRequest, user: User, at: datetime) -> None:
    """This session stays, under a new key; it has shown the factor just now."""
    request.session.pop(DRAFT, None)
    update_session_auth_hash(request, user)
    sessions.mark_verified(request.session, at)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_page()
def recovery_codes(request: HttpRequest) -> HttpResponseBase:
    """How many recovery codes are left; a passkey or a current code makes ten new ones, shown once."""
    user = request.user
    assert isinstance(user, User)
    if not second_factor.is_enrolled(user):
        return HttpResponseRedirect(reverse("mfa_activate_totp"))
    form = StepForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        at = now()
        attempt = _take(request, user, at)
        if not attempt.allowed:
            return too_many(request, attempt)
        if _spent(request, user, form, at) is not None:
            attempt.forgive()
            codes = actions.renew_recovery_codes(user, by=actor_of(request), at=at)
            return page(request, "recovery_codes", {"codes": codes})
        _refuse(form, "code", user, at, attempt)
    form.offer_passkey(ceremonies.is_possible(request, user))
    context = {"form": form, "left": second_factor.codes_left(user), "has_app": second_factor.has_app(user)}
    return page(request, "renew_codes", context, status=UNREADABLE if form.errors else 200)


def _take(request: HttpRequest, user: User, at: datetime) -> Attempt:
    return throttle.take(throttle.SECOND_FACTOR, str(user.pk), client_ip(request), at=at)


def _refuse(form: CodeForm, field: str, user: User, at: datetime, attempt: Attempt) -> None:
    actions.note_failed_sign_in(user, "second_factor.refused", at=at, locked=attempt.just_locked)
    if form.cleaned_data.get("passkey"):
        form.add_error(None, _("This passkey was not taken. Try again, or use a code."))
        return
    form.add_error(
        field, _("This code is not right, or was used before. Wait for the next one and try again.")
    )


def _draft(request: HttpRequest, user: User) -> str:
    """The secret of this set-up, the same on every look at the page; sealed in the session until confirmed."""
    if DRAFT not in request.session:
        request.session[DRAFT] = second_factor.draft(user, second_factor.new_secret())
    return second_factor.open_draft(user, request.session[DRAFT])


def suggested_name(request: HttpRequest) -> str:
    """What a passkey made here may be called."""
    return str(agents.described(request.headers.get("User-Agent", "")))[: passkeys.NAME_LENGTH]


def _set_up_page(
    request: HttpRequest, user: User, form: SetUpForm, secret: str, *, status: int = 200
) -> HttpResponse:
    adapter = SecondFactorAdapter()
    drawing = adapter.build_totp_svg(adapter.build_totp_url(user, secret))
    picture = base64.b64encode(drawing.encode()).decode()
    groups = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    offers_passkey = not second_factor.is_enrolled(user)
    if offers_passkey:
        form.fields["code"].widget.attrs.pop("data-focus", None)  # the passkey stands above it
    context = {
        "form": form,
        "picture": f"data:image/svg+xml;base64,{picture}",
        "secret": secret,
        "groups": groups,
        "replacing": "current" in form.fields,
        "passkey_form": PasskeyForm(initial={"name": suggested_name(request)}),
        "offers_passkey": offers_passkey,
    }
    return page(request, "set_up", context, status=status)

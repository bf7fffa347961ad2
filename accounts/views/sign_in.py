"""Signing in by password, and out."""

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from accounts import actions, demo, passwords, sessions, throttle
from accounts.actors import actor_of
from accounts.adapter import StaffAdapter
from accounts.forms import SignInForm
from accounts.models import SignIn, User
from accounts.pages import open_page
from accounts.sessions import Standing
from accounts.views.answers import UNREADABLE, next_of, page, too_many
from audit.trail import record
from core.clock import now
from core.http import client_ip

CLEAR = '"cache", "storage"'


@open_page
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password")
@sensitive_variables("password", "form")
@never_cache
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """Email and password. A wrong pair is shown on the page again (422), too many are refused (429)."""
    if request.method != "POST":
        if sessions.admit(request, at=now()) is Standing.GOOD:
            return HttpResponseRedirect(next_of(request))
        return _page(request, SignInForm())
    form = SignInForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=UNREADABLE)
    at = now()
    email, password = form.cleaned_data["email"], form.cleaned_data["password"]
    attempt = throttle.take(throttle.PASSWORD, email, client_ip(request), at=at)
    if not attempt.allowed:
        return too_many(request, attempt)
    user = User.objects.by_email(email)
    if not passwords.verify(user, password, at=at) or user is None:
        actions.note_failed_sign_in(user, "sign_in.failed", at=at, locked=attempt.just_locked)
        form.add_error(None, _("Email and password do not go together. Check both and try again."))
        return _page(request, form, status=UNREADABLE)
    attempt.forgive()
    sessions.forget(request)
    return enter(request, user, next_of(request))


def enter(request: HttpRequest, user: User, target: str) -> HttpResponse:
    """A session for somebody who has just shown the password; allauth asks for the second factor if there is one."""
    login = Login(user=user, email=user.email, redirect_url=target)
    response: HttpResponse = perform_password_login(request, {"email": user.email}, login)
    return response


def _page(request: HttpRequest, form: SignInForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "ended": "ended" in request.GET, "demo_staff": demo.help_for(request)}
    return page(request, "sign_in", context, status=status)


@open_page
@require_POST
@never_cache
def sign_out(request: HttpRequest) -> HttpResponse:
    """The session ends here and now; the browser forgets what it kept of it."""
    if isinstance(request.user, User):
        with transaction.atomic():
            sessions.close(request.session, SignIn.End.SIGNED_OUT, now())
            record("sign_out", by=actor_of(request), on=request.user)
    StaffAdapter(request).logout(request)
    response = HttpResponseRedirect(reverse("account_login"))
    response["Clear-Site-Data"] = CLEAR
    return response

"""Signing in by a code that comes by mail."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import actions, sessions, throttle
from accounts.codes import StaffCode
from accounts.forms import CodeForm, EmailForm
from accounts.models import User
from accounts.pages import open_page
from accounts.timing import even
from accounts.views.answers import UNREADABLE, next_of, page, too_many
from core.clock import now
from core.http import client_ip

STEADY_SECONDS = 0.25


@open_page
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def request_code(request: HttpRequest) -> HttpResponseBase:
    """Ask for a code. Known and unknown addresses get the same screen at the same moment; one gets a mail."""
    if request.method != "POST":
        return page(request, "request_code", {"form": EmailForm()})
    form = EmailForm(request.POST)
    if not form.is_valid():
        return page(request, "request_code", {"form": form}, status=UNREADABLE)
    at, email = now(), form.cleaned_data["email"]
    attempt = throttle.take_code_mail(email, client_ip(request), at=at)
    if not attempt.allowed:
        return too_many(request, attempt)
    sessions.forget(request)
    with even(STEADY_SECONDS):
        user = User.objects.by_email(email)
        known = user if user is not None and user.has_access(at) else None
        StaffCode.begin(request, user=known, email=email, next_url=next_of(request))
    return HttpResponseRedirect(reverse("account_confirm_login_code"))


@open_page
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def enter_code(request: HttpRequest) -> HttpResponseBase:
    """Spend the code. Looking at the page spends nothing."""
    process = StaffCode.pending(request)
    if process is None:
        return HttpResponseRedirect(f"{reverse('account_request_login_code')}?{urlencode({'late': 1})}")
    if request.method != "POST":
        return page(request, "enter_code", {"form": CodeForm(), "email": process.email})
    form = CodeForm(request.POST)
    if not form.is_valid():
        return page(request, "enter_code", {"form": form, "email": process.email}, status=UNREADABLE)
    at = now()
    attempt = throttle.take(throttle.CODE, process.email, client_ip(request), at=at)
    if not attempt.allowed:
        return too_many(request, attempt)
    if process.is_right(form.cleaned_data["code"]):
        attempt.forgive()
        response: HttpResponse = process.finish(process.next_url)
        return response
    user = User.objects.by_email(process.email)
    actions.note_failed_sign_in(user, "sign_in.code_refused", at=at, locked=attempt.just_locked)
    return _wrong(request, process, form)


def _wrong(request: HttpRequest, process: StaffCode, form: CodeForm) -> HttpResponse:
    email = process.email
    if process.record_invalid_attempt():
        form.add_error("code", _("This is not the code we sent. Check the newest mail."))
        return page(request, "enter_code", {"form": form, "email": email}, status=UNREADABLE)
    again = EmailForm({"email": email})
    again.add_error(None, _("That code was tried too often and is void. Ask for a new one."))
    return page(request, "request_code", {"form": again}, status=UNREADABLE)

"""allauth's hooks in our terms: no mail of its own, no flash messages, our redirects, our seal on secrets."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from accounts import actions, devices, notices, second_factor, sessions, signals
from accounts.actors import actor_for
from accounts.models import SignIn, User
from accounts.pages import first_page, home, safe_next
from audit.trail import record
from core.clock import now
from core.http import client_ip

LOGIN_CODE = "account/email/login_code"


class StaffAdapter(DefaultAccountAdapter):
    """Staff are invited, never signed up; what they are told goes out by `accounts.signals.notice_wanted`."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str) -> bool:
        return safe_next(url) == url

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return first_page(request.user) if isinstance(request.user, User) else home()

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_ip(request)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """The pages say themselves what happened; a flash message would put an address into a cookie."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Every mail leaves by the outbox. An address that nobody here has gets none."""
        user = User.objects.by_email(email)
        if user is None or template_prefix != LOGIN_CODE:
            return
        notices.send_code(user, str(context["code"]), at=now())

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Our own actions send the alerts, in the transaction of what they tell of."""

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        return HttpResponseRedirect(reverse("account_login"))

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        request.first_sign_in = user.last_login is None  # type: ignore[attr-defined]
        super().login(request, user)

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse:
        """The session is new and signed in: stamp it, write the trail, tell of a browser not seen before."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if not isinstance(user, User):
            raise TypeError("only staff sign in here")
        at = now()
        methods = [entry.get("method") for entry in get_authentication_records(request, user)]
        sessions.begin(request.session, at=at, verified="mfa" in methods)
        known = devices.is_known(request, user) or getattr(request, "first_sign_in", False)
        with transaction.atomic():
            record("sign_in.succeeded", by=actor_for(user), on=user)
            kept = actions.note_sign_in(
                user,
                outcome=SignIn.Outcome.SUCCEEDED,
                method=next((each for each in methods if each and each != "mfa"), "password"),
                at=at,
                session_key=request.session.session_key or "",
            )
        sessions.belong_to(request.session, kept)
        if not known:
            notices.alert_if_possible(user, signals.NEW_DEVICE, at=at)
        devices.remember(request, response, user)
        return response


class SecondFactorAdapter(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        return second_factor.seal_text(text)

    def decrypt(self, encrypted_text: str) -> str:
        return second_factor.open_text(encrypted_text)

    def get_totp_label(self, user: AbstractBaseUser | AnonymousUser) -> str:
        return user.email if isinstance(user, User) else ""

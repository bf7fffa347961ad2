"""Signing in by a code that was mailed: allauth's process, with the code kept as a keyed hash.

The code lives in the session that asked for it, so it works in that browser only, for ten minutes, three tries.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.models import Login
from allauth.account.stages import LoginByCodeStage, LoginStageController
from allauth.core.internal.cryptokit import normalize_user_code
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import User

STAGE: Final = LoginByCodeStage.key
METHOD: Final = "code"
LATELY: Final = timedelta(minutes=15)


class StaffCode(LoginCodeVerificationProcess):
    """One code on its way. `user` is None for an address that nobody has; the screens are the same."""

    def send_by_email(self, email: str, skip_enumeration_mails: bool = False) -> None:
        code: str = get_adapter().generate_login_code()
        self.state["code"] = fingerprint(code)
        if self.user:
            get_adapter().send_mail(
                "account/email/login_code", email, {"request": self.request, "code": code}
            )

    def is_right(self, code: str) -> bool:
        right = constant_time_compare(fingerprint(code), self.code)
        return right and self.user is not None

    @classmethod
    def begin(cls, request: HttpRequest, *, user: User | None, email: str, next_url: str) -> "StaffCode":
        state: dict[str, Any] = cls.initial_state(user=user, email=email)
        state["initiated_by_user"] = True
        login = Login(user=user, email=email, redirect_url=next_url)
        login.state["stages"] = {"current": STAGE}
        stage = LoginByCodeStage(LoginStageController(request, login), request, login)
        stage.state.update(state)
        process = cls(stage=stage)
        process.send()
        process.persist()
        return process

    @classmethod
    def pending(cls, request: HttpRequest) -> "StaffCode | None":
        """The code this browser is waiting for, if it has not run out."""
        stage = LoginStageController.enter(request, STAGE)
        if stage is None or not stage.state:
            return None
        process = cls(stage=stage)
        found: StaffCode | None = process.abort_if_invalid()
        return found

    @property
    def email(self) -> str:
        return str(self.state["email"])

    @property
    def next_url(self) -> str:
        return self.stage.login.redirect_url or ""


def was_shown_lately(request: HttpRequest, user: User, *, at: datetime) -> bool:
    """Whether this session began with a mailed code a short while ago."""
    return any(
        entry.get("method") == METHOD and at.timestamp() - entry["at"] < LATELY.total_seconds()
        for entry in get_authentication_records(request, user)
    )


def fingerprint(code: str) -> str:
    """Keyed, so that whoever reads the session's row still has every code to try."""
    return salted_hmac("accounts.codes", normalize_user_code(code), algorithm="sha256").hexdigest()

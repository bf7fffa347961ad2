"""Passwords, second factors and sessions change; wrong secrets are noted."""

from datetime import datetime
from uuid import UUID

from django.contrib.sessions.models import Session
from django.db import transaction

from accounts import agents, notices, passwords, second_factor, signals
from accounts.models import SignIn, User
from audit.actors import VISITOR, Actor
from audit.buffer import current
from audit.trail import record

# What was shown and refused, for the history.
METHODS = {
    "sign_in.failed": "password",
    "sign_in.code_refused": "code",
    "second_factor.refused": "second_factor",
    "step_up.refused": "confirmation",
}


@transaction.atomic
def set_password(
    user: User,
    password: str,
    *,
    by: Actor,
    at: datetime,
    field: str = "password",
    keep: UUID | None = None,
) -> None:
    """A new password; every session of the person ends with the old one, but for `keep`, which goes on."""
    passwords.check(password, user, field=field)
    user.password = passwords.hash_of(password)
    user.save(update_fields=["password"])
    close_sessions(user, SignIn.End.ENDED, at=at, keep=keep)
    record("user.password_changed", by=by, on=user, at=at)
    notices.alert(user, signals.PASSWORD_CHANGED, at=at)


@transaction.atomic
def end_sessions(user: User, *, by: Actor, at: datetime, keep: UUID | None = None) -> None:
    """Every session of the person, on every device; `keep` is the sign-in of the browser that asks and goes on."""
    user.session_epoch += 1
    user.save(update_fields=["session_epoch"])
    close_sessions(user, SignIn.End.ENDED, at=at, keep=keep)
    record("user.sessions_ended", by=by, on=user, at=at)


@transaction.atomic
def end_session(sign_in: SignIn, *, by: Actor, at: datetime) -> None:
    """One session of one device, from its next request on."""
    close_sessions(sign_in.user, SignIn.End.ENDED, at=at, only=sign_in.uid)
    record("user.session_ended", by=by, on=sign_in, at=at)


def close_sessions(
    user: User | None, how: str, *, at: datetime, keep: UUID | None = None, only: UUID | None = None
) -> None:
    """Mark the sign-ins as over and delete what the server kept of their sessions."""
    living = SignIn.objects.filter(user=user, outcome=SignIn.Outcome.SUCCEEDED, ended_at=None)
    living = living.filter(uid=only) if only else living.exclude(uid=keep) if keep else living
    keys = [key for key in living.values_list("session_key", flat=True) if key]
    living.update(ended_at=at, end=how, session_key="")
    Session.objects.filter(session_key__in=keys).delete()


def note_sign_in(
    user: User | None, *, outcome: str, method: str, at: datetime, session_key: str = ""
) -> SignIn:
    """One line of the person's sign-in history, with the address and the browser of the request."""
    request = current.get()
    return SignIn.objects.create(
        user=user,
        outcome=outcome,
        method=method,
        at=at,
        seen_at=at,
        session_key=session_key,
        ip=request.ip if request else None,
        agent=agents.known(request.agent) if request else "",
    )


@transaction.atomic
def enrol_second_factor(
    user: User, secret: str, *, by: Actor, at: datetime, last_step: int | None = None
) -> list[str]:
    """A TOTP secret, in place of any former one; returns the recovery codes, to be shown once."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    replaced, first = second_factor.has_app(user), not second_factor.is_enrolled(user)
    codes = second_factor.store(user, secret, last_step=last_step)
    verb = "user.second_factor_replaced" if replaced else "user.second_factor_enrolled"
    record(verb, by=by, on=user, at=at)
    event = signals.SECOND_FACTOR_CHANGED if replaced else signals.SECOND_FACTOR_ADDED
    notices.alert(user, event, at=at, owners_too=not first)
    return codes


@transaction.atomic
def renew_recovery_codes(user: User, *, by: Actor, at: datetime) -> list[str]:
    """Ten new recovery codes; the old ones open nothing any more."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    codes = second_factor.renew_codes(user)
    record("user.recovery_codes_renewed", by=by, on=user, at=at)
    notices.alert(user, signals.RECOVERY_CODES_RENEWED, at=at)
    return codes


@transaction.atomic
def note_failed_sign_in(user: User | None, verb: str, *, at: datetime, locked: bool) -> None:
    """The trail of a wrong secret; with the try that locks the account, word to its person and the owners."""
    subject = ("accounts.user", str(user.pk) if user else "")
    record(verb, by=VISITOR, on=subject, at=at)
    outcome = SignIn.Outcome.LOCKED if locked else SignIn.Outcome.REFUSED
    note_sign_in(user, outcome=outcome, method=METHODS.get(verb, ""), at=at)
    if locked:
        record("sign_in.locked", by=VISITOR, on=subject, at=at)
        if user is not None:
            notices.alert_if_possible(user, signals.LOCKED, at=at)

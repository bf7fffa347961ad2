"""Whether somebody has a second factor; TOTP and recovery codes: allauth's algorithms and tables, sealed under the clinic's key and bound to one person."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from uuid import UUID, uuid5

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.db import transaction

from accounts.models import User
from vault.secrets import open_secret, seal_secret

TAG = "accounts.mfa.secret/1"
LAST_STEP = "last_step"
MOST_CHARACTERS = 40
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
WITH_CODES = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)

# allauth's hooks know only the text; the row that the token is bound to comes from here.
_row: ContextVar[UUID | None] = ContextVar("second_factor_row", default=None)


def seal_text(text: str) -> str:
    return base64.b64encode(seal_secret(TAG, _current_row(), text)).decode()


def open_text(sealed: str) -> str:
    return open_secret(TAG, _current_row(), base64.b64decode(sealed))


@contextmanager
def secret_of(user: User, kind: str) -> Iterator[None]:
    """Within, allauth seals and opens this person's secret of this kind; another's does not open."""
    token = _row.set(uuid5(user.pk, kind))
    try:
        yield
    finally:
        _row.reset(token)


def _current_row() -> UUID:
    row = _row.get()
    if row is None:
        raise RuntimeError("a second factor's secret is sealed and opened within secret_of(user, kind)")
    return row


def is_enrolled(user: User) -> bool:
    """Whether there is an authenticator app or a passkey; recovery codes stand in for one and are none."""
    return bool(Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exists())


def has_app(user: User) -> bool:
    return bool(Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).exists())


def new_secret() -> str:
    return str(generate_totp_secret())


def draft(user: User, secret: str) -> str:
    """The secret as the session may hold it until it is confirmed."""
    with secret_of(user, "draft"):
        return seal_text(secret)


def open_draft(user: User, sealed: str) -> str:
    with secret_of(user, "draft"):
        return open_text(sealed)


def step_of(secret: str, code: str, *, at: datetime) -> int | None:
    """The 30-second step whose code this is, one step of clock error allowed either way."""
    now = int(at.timestamp()) // app_settings.TOTP_PERIOD
    tolerance = app_settings.TOTP_TOLERANCE
    found = None
    for step in range(now - tolerance, now + tolerance + 1):
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step))):
            found = step
    return found


def code_at(secret: str, at: datetime) -> str:
    """What an authenticator app would show; for tests and the demo."""
    return str(format_hotp_value(hotp_value(secret, int(at.timestamp()) // app_settings.TOTP_PERIOD)))


def store(user: User, secret: str, *, last_step: int | None = None) -> list[str]:
    """Put a new TOTP secret and new recovery codes in place of any old ones; the codes, to be shown once.

    Passkeys stay: they are other ways in, with a life of their own.
    """
    Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).delete()
    with secret_of(user, Authenticator.Type.TOTP):
        totp = TOTP.activate(user, secret).instance
    if last_step is not None:
        totp.data[LAST_STEP] = last_step
        totp.save(update_fields=["data"])
    return renew_codes(user)


def drop_codes(user: User) -> None:
    Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.RECOVERY_CODES).delete()


def renew_codes(user: User) -> list[str]:
    drop_codes(user)
    with secret_of(user, Authenticator.Type.RECOVERY_CODES):
        codes: list[str] = RecoveryCodes.activate(user).generate_codes()
    return codes


def codes_left(user: User) -> int:
    kept = Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.RECOVERY_CODES).first()
    if kept is None:
        return 0
    return int(app_settings.RECOVERY_CODE_COUNT) - bin(kept.data["used_mask"]).count("1")


@transaction.atomic
def spend(user: User, code: str, *, at: datetime) -> Authenticator | None:
    """The app or the recovery codes that the code is of, if it is right and was never used before.

    The person's row is locked first, so that of two parallel tries with one code only one gets through.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    code = code.strip()[:MOST_CHARACTERS]
    for kept in Authenticator.objects.filter(user_id=user.pk, type__in=WITH_CODES).order_by("-type"):
        with secret_of(user, kept.type):
            right = (
                _spend_totp(kept, code, at)
                if kept.type == Authenticator.Type.TOTP
                else _spend_code(kept, code)
            )
        if right:
            return kept
    return None


def _spend_totp(kept: Authenticator, code: str, at: datetime) -> bool:
    step = step_of(open_text(kept.data["secret"]), code, at=at)
    if step is None or step <= kept.data.get(LAST_STEP, 0):
        return False
    kept.data[LAST_STEP] = step
    kept.save(update_fields=["data"])
    return True


def _spend_code(kept: Authenticator, code: str) -> bool:
    return bool(RecoveryCodes(kept).validate_code(code))

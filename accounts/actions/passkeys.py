"""Passkeys come, are renamed and go."""

from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from fido2.webauthn import AuthenticatorData

from accounts import notices, passkeys, second_factor, signals
from accounts.actions.signing_in import end_sessions
from accounts.models import User
from audit.actors import Actor
from audit.trail import record
from core.problems import Conflict, Invalid, failure
from core.text import TextProblem, clean_text


@transaction.atomic
def add_passkey(
    user: User, made: AuthenticatorData, *, name: str, host: str, by: Actor, at: datetime
) -> list[str]:
    """One more passkey. With the first second factor come recovery codes, returned to be shown once; else none do."""
    _lock(user)
    first = not second_factor.is_enrolled(user)
    credential = made.credential_data
    if credential is None or passkeys.is_known(credential.credential_id):
        raise Conflict(_("This passkey is in use here already."))
    if len(passkeys.rows_of(user)) >= passkeys.MOST:
        raise Conflict(_("You have as many passkeys as one can have. Remove one first."))
    passkeys.new_row(user, made, name=_name(name), host=host, at=at).save(force_insert=True)
    record("user.passkey_added", by=by, on=user, at=at)
    notices.alert(user, signals.PASSKEY_ADDED, at=at, owners_too=not first)
    return second_factor.renew_codes(user) if first else []


@transaction.atomic
def rename_passkey(user: User, uid: UUID, name: str, *, by: Actor, at: datetime) -> None:
    _lock(user)
    row = passkeys.get_own(user, uid)
    row.data[passkeys.NAME] = _name(name)
    row.save(update_fields=["data"])
    record("user.passkey_renamed", by=by, on=user, at=at)


@transaction.atomic
def remove_passkey(
    user: User, uid: UUID, *, demanded: bool, by: Actor, at: datetime, keep: UUID | None = None
) -> None:
    """It opens nothing any more; every session of the person ends but for `keep`.

    Conflict where a second factor is `demanded` and this is the last one.
    """
    _lock(user)
    row: Authenticator = passkeys.get_own(user, uid)
    row.delete()
    if not second_factor.is_enrolled(user):
        if demanded:
            raise Conflict(_("This is your only second step. Add another passkey or an app first."))
        second_factor.drop_codes(user)
    record("user.passkey_removed", by=by, on=user, at=at)
    notices.alert(user, signals.PASSKEY_REMOVED, at=at, owners_too=True)
    end_sessions(user, by=by, at=at, keep=keep)


def _lock(user: User) -> None:
    User.objects.select_for_update(no_key=True).get(pk=user.pk)


def _name(text: str) -> str:
    try:
        name = clean_text(text, passkeys.NAME_LENGTH)
    except TextProblem as problem:
        raise Invalid(errors=[failure("name", problem.code, problem.message)]) from None
    if not name:
        raise Invalid(errors=[failure("name", "missing", _("Give the passkey a name."))])
    return name

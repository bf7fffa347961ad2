"""The passkeys somebody has: rows of allauth's table, written and read in our own form.

A public key is no secret. It is sealed all the same, bound to its person and its row: one that was written or moved
past the application opens nothing.
"""

import base64
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

from allauth.mfa.models import Authenticator
from fido2.webauthn import AttestedCredentialData, AuthenticatorData

from accounts.models import User
from core.ids import uuid7
from core.problems import NotFound
from vault.secrets import open_secret, seal_secret

TAG: Final = "accounts.passkey/1"
MOST: Final = 20
NAME_LENGTH: Final = 60

# What the row's JSON holds.
UID, NAME, HOST = "uid", "name", "host"
ID, KEY = "id", "key"  # the credential's id, to tell browsers; the credential, sealed
COUNT: Final = "count"  # how often the authenticator says it has signed
SPENT: Final = "spent"  # the challenge it answered last


@dataclass(frozen=True)
class Passkey:
    """One line of the list. `elsewhere` is the host it works at, where that is not this one."""

    uid: UUID
    name: str
    added: datetime
    last_used: datetime | None
    elsewhere: str


def rows_of(user: User) -> list[Authenticator]:
    """Oldest first."""
    rows = Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.WEBAUTHN)
    return list(rows.order_by("pk"))


def listed(user: User, *, host: str) -> list[Passkey]:
    return [as_line(row, host=host) for row in rows_of(user)]


def as_line(row: Authenticator, *, host: str) -> Passkey:
    return Passkey(
        uid=UUID(row.data[UID]),
        name=row.data[NAME],
        added=row.created_at,
        last_used=row.last_used_at,
        elsewhere="" if row.data[HOST] == host else row.data[HOST],
    )


def usable_at(user: User, host: str) -> list[Authenticator]:
    """Those that the browser can answer with here: a passkey belongs to the host it was made at."""
    return [row for row in rows_of(user) if row.data[HOST] == host]


def get_own(user: User, uid: UUID) -> Authenticator:
    found = Authenticator.objects.filter(
        user_id=user.pk, type=Authenticator.Type.WEBAUTHN, data__uid=str(uid)
    ).first()
    if found is None:
        raise NotFound
    return found


def is_known(credential_id: bytes) -> bool:
    """Whether anybody here has it already."""
    kept = Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN, data__id=encode(credential_id))
    return bool(kept.exists())


def new_row(user: User, made: AuthenticatorData, *, name: str, host: str, at: datetime) -> Authenticator:
    """As the browser made it, not saved."""
    credential = made.credential_data
    assert credential is not None
    uid = uuid7()
    data: dict[str, Any] = {
        UID: str(uid),
        NAME: name,
        HOST: host,
        ID: encode(credential.credential_id),
        KEY: encode(seal_secret(TAG, _binding(user.pk, uid), encode(credential))),
        COUNT: made.counter,
        SPENT: "",
    }
    return Authenticator(user_id=user.pk, type=Authenticator.Type.WEBAUTHN, data=data, created_at=at)


def credential_of(row: Authenticator) -> AttestedCredentialData:
    """Raises vault.errors.Damaged where the row is not what we wrote for this person."""
    sealed = decode(row.data[KEY])
    return AttestedCredentialData(
        decode(open_secret(TAG, _binding(row.user_id, UUID(row.data[UID])), sealed))
    )


def encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _binding(user_pk: UUID, uid: UUID) -> UUID:
    return uuid5(user_pk, str(uid))

"""A clinic's own account with a provider. Another clinic's can neither be seen, nor opened, nor used."""

from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection

from core.context import require_clinic
from core.ids import uuid7
from tenants.context import enter, enter_public
from tenants.models import Clinic, ProviderAccount
from vault.secrets import open_secret, seal_secret

TWILIO = "twilio"
SECRET_TAG = "tenants.provider_account.secret/1"  # noqa: S105 - the name of a field


class NoAccount(LookupError):
    """The clinic has no account with this provider."""


class ForeignAccount(PermissionError):
    """The account belongs to another clinic than the one we are in."""


@dataclass(frozen=True)
class Account:
    """Of whom, and where from; the token is opened only to be used."""

    uid: UUID
    clinic: UUID
    account_id: str
    address: str
    sealed: bytes = field(repr=False)

    def token(self) -> str:
        """The account's secret; ForeignAccount in another clinic's context."""
        if self.clinic != require_clinic().uid:
            raise ForeignAccount("this account is another clinic's")
        return open_secret(SECRET_TAG, self.uid, self.sealed)


def own_account(provider: str) -> Account:
    """The account of the clinic we are in; row-level security shows no other."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT uid, clinic_id, account_id, address, secret FROM public.tenants_provideraccount"
            " WHERE provider = %s ORDER BY id",
            [provider],
        )
        rows = cursor.fetchall()
    if not rows:
        raise NoAccount(f"no {provider} account")
    uid, clinic, account_id, address, secret = rows[0]
    account = Account(uid, clinic, account_id, address, bytes(secret or b""))
    if account.clinic != require_clinic().uid:
        raise ForeignAccount("this account is another clinic's")
    return account


def account_for_webhook(provider: str, account_id: str) -> tuple[Clinic, Account] | None:
    """Whose account it is, asked on the platform; None for an unknown one or a clinic that is gone.

    A suspended clinic still hears: a STOP counts whether or not the clinic pays.
    """
    row = (
        ProviderAccount.objects.select_related("clinic")
        .filter(provider=provider, account_id=account_id)
        .first()
    )
    if row is None or not row.clinic.hears_vendors:
        return None
    account = Account(row.uid, row.clinic.uid, row.account_id, row.address, bytes(row.secret or b""))
    return row.clinic, account


def connect(clinic: Clinic, *, provider: str, account_id: str, token: str, address: str) -> ProviderAccount:
    """Give the clinic its account, or new credentials for it. Call it outside any clinic.

    Sealed under the clinic's key, inside the clinic; the row itself is the platform's.
    """
    with enter_public():
        known = ProviderAccount.objects.filter(provider=provider, account_id=account_id).first()
        if known is not None and known.clinic_id != clinic.uid:
            raise ForeignAccount("this account is another clinic's")
    uid = known.uid if known else uuid7()
    with enter(clinic):
        sealed = seal_secret(SECRET_TAG, uid, token)
    with enter_public():
        row, _ = ProviderAccount.objects.update_or_create(
            provider=provider,
            account_id=account_id,
            defaults={"uid": uid, "clinic_id": clinic.uid, "secret": sealed, "address": address},
        )
    return row

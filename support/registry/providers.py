"""Clinics' accounts at providers. Their secrets go in and are never shown."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from support import actions
from support.acts import Act, Asked
from support.forms import AccountForm, SecretForm
from support.pages import Page
from support.site import site
from tenants.models import ProviderAccount


def _connect(asked: Asked) -> ProviderAccount:
    return actions.connect_account(**asked.data, by=asked.by, at=asked.at)


def _renew(asked: Asked) -> None:
    row: ProviderAccount = asked.row
    actions.connect_account(
        row.clinic, provider=row.provider, account_id=row.account_id, **asked.data, by=asked.by, at=asked.at
    )


@admin.register(ProviderAccount, site=site)
class ProviderAccounts(Page):
    label = _("Provider accounts")
    none_yet = _("Until a clinic has an account at a provider, it sends no texts.")
    list_display = ("account_id", "provider", "clinic", "address", "has_secret")
    list_filter = ("provider",)
    list_select_related = ("clinic",)
    search_fields = ("account_id", "address", "clinic__slug")
    ordering = ("provider", "account_id")
    fields = readonly_fields = ("provider", "account_id", "clinic", "address", "has_secret")
    acts = (
        Act(
            "add",
            "platform.manage",
            _("Connect an account"),
            _("Messages of the clinic leave by this account from the next one on."),
            _("Connect the account"),
            _connect,
            _("The account is connected."),
            form=AccountForm,
            of_one=False,
        ),
        Act(
            "renew",
            "platform.manage",
            _("Replace the secret"),
            _("The old secret is overwritten. Messages that leave from now on use the new one."),
            _("Replace it"),
            _renew,
            _("The secret is replaced."),
            form=SecretForm,
        ),
    )

    def title_of(self, row: ProviderAccount) -> str:
        return f"{row.provider.title()} {row.account_id}"

    @admin.display(description=_("secret"))
    def has_secret(self, row: ProviderAccount) -> str:
        return str(_("stored, sealed") if row.secret else _("missing"))

"""What is typed on the pages of the admin."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import EmailForm
from accounts.roles import PLATFORM_ROLES, Role
from core.forms import ProblemForm
from support.actions import PROVIDERS
from tenants.models import Clinic, ClinicState
from tenants.plans import PLANS


class ReasonForm(ProblemForm):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("For us: it is kept in the trail and shown to nobody at the clinic."),
        error_messages={"required": _("Say why the clinic is suspended.")},
    )


class PlanForm(ProblemForm):
    plan = forms.ChoiceField(label=_("Plan"), error_messages={"required": _("Choose a plan.")})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["plan"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (
                plan.code,
                _("%(name)s, %(price)s a month") % {"name": plan.name, "price": plan.price.format("en")},
            )
            for plan in PLANS
        ]


class ClinicForm(ProblemForm):
    clinic = forms.ModelChoiceField(
        label=_("Clinic"),
        queryset=Clinic.objects.none(),
        error_messages={"required": _("Choose the clinic.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["clinic"]
        assert isinstance(field, forms.ModelChoiceField)
        shut = (ClinicState.REQUESTED, ClinicState.CLOSED)
        field.queryset = Clinic.objects.exclude(state__in=shut).order_by("slug")


class DomainForm(ClinicForm):
    host = forms.CharField(
        label=_("Host name"),
        max_length=300,
        help_text=_("Such as book.example.com."),
        error_messages={"required": _("Enter the host name.")},
        widget=forms.TextInput(
            attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}
        ),
    )


class SecretForm(ProblemForm):
    address = forms.CharField(
        label=_("Number or sender"),
        max_length=80,
        help_text=_("What messages come from, such as +15125550100."),
        error_messages={"required": _("Enter what messages come from.")},
    )
    secret = forms.CharField(
        label=_("Secret"),
        max_length=200,
        strip=True,
        help_text=_(
            "Sealed under the clinic's key when it is saved. Nobody can see it again, only replace it."
        ),
        error_messages={"required": _("Enter the account's secret.")},
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "off"}),
    )


class AccountForm(ClinicForm, SecretForm):
    provider = forms.ChoiceField(label=_("Provider"), choices=[(name, name.title()) for name in PROVIDERS])
    account_id = forms.CharField(
        label=_("Account number"),
        max_length=80,
        error_messages={"required": _("Enter the account's number at the provider.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    field_order = ("clinic", "provider", "account_id", "address", "secret")


def _roles() -> list[tuple[str, Any]]:
    return [(role.value, role.label) for role in Role if role in PLATFORM_ROLES]


class RoleForm(ProblemForm):
    role = forms.ChoiceField(label=_("Role"), choices=_roles)


class InviteForm(EmailForm):
    display_name = forms.CharField(
        label=_("Name"), max_length=120, error_messages={"required": _("Enter a name.")}
    )
    role = forms.ChoiceField(label=_("Role"), choices=_roles)

"""A licence of a provider, and the assignment of a supervisor."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import ProblemForm
from practice.forms.fields import choice, text
from practice.models import LicenseKind, Provider


def day(label: Any, *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        error_messages=dict.fromkeys(("required", "invalid"), _("Give a date.")),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class LicenseForm(ProblemForm):
    kind = choice(_("Kind"), LicenseKind.choices)
    number = text(_("Number"), missing=_("Give the number of the licence."))
    state = text(_("State"), missing=_("Give the state that issued it."))
    valid_until = day(_("Valid until"))


class SupervisorForm(ProblemForm):
    since = day(_("From"))
    until = day(_("Until"), required=False)

    def __init__(self, others: list[Provider], data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        names = [("", _("Choose")), *((str(one.uid), one.name) for one in others)]
        self.fields["supervisor"] = choice(_("Supervisor"), names)
        self.order_fields(["supervisor", "since", "until"])

"""The clinic's own details."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.forms import ProblemForm
from practice.forms.fields import choice, text
from practice.models import ClinicProfile
from practice.rules import CURRENCIES, REGIONS


class ClinicForm(ProblemForm):
    name = text(_("Name"), missing=_("Enter the name patients know you by."), autocomplete="organization")
    legal_name = text(
        _("Legal name"), hint=_("Stands in agreements and notices. Leave it out if it is the same.")
    )
    phone = text(_("Phone"), kind="tel", hint=_("Patients call this number when a page cannot help them."))
    email = text(_("Email"), kind="email")
    website = text(_("Website"), kind="url", placeholder="https://")
    locale = choice(_("Language"), settings.LANGUAGES, hint=_("Of messages, dates and amounts."))
    region = choice(_("Country"), REGIONS, hint=_("How phone numbers without a country code are read."))
    currency = choice(
        _("Currency"), CURRENCIES, hint=_("Prices of your services keep their figures when it changes.")
    )

    @classmethod
    def of(cls, profile: ClinicProfile, data: Any = None) -> "ClinicForm":
        return cls(data, initial={name: getattr(profile, name) for name in cls.base_fields})

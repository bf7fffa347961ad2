"""What visitors type: parsed, and every trouble told at once."""

from typing import Any, Final
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from core.emails import EmailProblem, normalise_email
from core.forms import ProblemForm
from core.phones import PhoneProblem, parse_phone
from core.text import TextProblem, clean_text
from practice.models import ClinicKind
from tenants import hostnames, plans
from website import legal, zones
from website.actions import Wish
from website.models import LeadTopic

LONGEST_TYPED: Final = 5_000
KINDS: Final = (
    (ClinicKind.MEDSPA, _("Medical spa")),
    (ClinicKind.TATTOO_REMOVAL, _("Tattoo removal clinic")),
    (ClinicKind.AESTHETIC, _("Aesthetic practice")),
)


class LineField(forms.CharField):
    """One line of text, made safe to store."""

    def __init__(self, *, longest: int, missing: Any = "", **kwargs: Any) -> None:
        attrs = kwargs.pop("attrs", {})
        self.longest, self.many = longest, kwargs.pop("many", False)
        kwargs.setdefault("widget", forms.TextInput(attrs=attrs))
        errors = {"required": missing} if missing else None
        super().__init__(required=bool(missing), max_length=LONGEST_TYPED, error_messages=errors, **kwargs)

    def clean(self, value: Any) -> str:
        try:
            return clean_text(super().clean(value), self.longest, multiline=self.many)
        except TextProblem as problem:
            raise ValidationError(str(problem), code=problem.code) from None


class EmailField(LineField):
    def clean(self, value: Any) -> str:
        try:
            return normalise_email(super().clean(value))
        except EmailProblem as problem:
            raise ValidationError(str(problem), code=problem.code) from None


class PhoneField(LineField):
    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        try:
            return parse_phone(text)
        except PhoneProblem as problem:
            raise ValidationError(str(problem), code=problem.code) from None


class TrapForm(ProblemForm):
    """With a field that people do not see and programs fill in."""

    second_name = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        max_length=LONGEST_TYPED,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def clean_second_name(self) -> str:
        if self.cleaned_data["second_name"]:
            raise ValidationError(_("Please leave this field empty."), code="trap")
        return ""


class SignUpForm(TrapForm):
    clinic_name = LineField(
        label=_("Clinic's name"),
        longest=120,
        missing=_("Enter the clinic's name."),
        attrs={"autocomplete": "organization", "data-slug-from": "id_slug"},
    )
    kind = forms.ChoiceField(
        label=_("Kind of clinic"),
        choices=KINDS,
        help_text=_("You begin with rooms, hours and treatments of that kind, and change what you like."),
        error_messages={"required": _("Choose the kind of clinic.")},
    )
    website = LineField(
        label=_("Website"),
        longest=200,
        attrs={"autocomplete": "url", "inputmode": "url", "placeholder": "glow.com"},
    )
    phone = PhoneField(
        label=_("Clinic's phone"),
        longest=60,
        missing=_("Enter the number that patients call."),
        attrs={"type": "tel", "autocomplete": "tel"},
    )
    address_1 = LineField(
        label=_("Street and number"),
        longest=120,
        missing=_("Enter street and number."),
        attrs={"autocomplete": "address-line1"},
    )
    address_2 = LineField(label=_("Suite or floor"), longest=120, attrs={"autocomplete": "address-line2"})
    city = LineField(
        label=_("City"), longest=80, missing=_("Enter the city."), attrs={"autocomplete": "address-level2"}
    )
    region = forms.ChoiceField(
        label=_("State"),
        choices=[("", _("Choose …")), *zones.STATES],
        error_messages={"required": _("Choose the state.")},
        widget=forms.Select(attrs={"autocomplete": "address-level1"}),
    )
    postal_code = LineField(
        label=_("ZIP code"),
        longest=10,
        missing=_("Enter the ZIP code."),
        attrs={"autocomplete": "postal-code", "inputmode": "numeric"},
    )
    timezone = forms.ChoiceField(
        label=_("Time zone"), required=False, choices=[("", _("By the address")), *zones.CHOICES]
    )
    slug = forms.CharField(
        label=_("Your address on the web"),
        error_messages={"required": _("Choose the name that your address begins with.")},
        max_length=LONGEST_TYPED,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "data-slug": ""}
        ),
    )
    owner_name = LineField(
        label=_("Your name"), longest=120, missing=_("Enter your name."), attrs={"autocomplete": "name"}
    )
    owner_email = EmailField(
        label=_("Your email"),
        longest=254,
        missing=_("Enter your email address."),
        help_text=_("We send a link there to set your password."),
        attrs={"type": "email", "autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"},
    )
    plan = forms.ChoiceField(
        label=_("Plan"),
        choices=[(plan.code, plan.name) for plan in plans.PLANS],
        error_messages={"required": _("Choose a plan.")},
    )
    terms = forms.BooleanField(
        label=_("I accept the terms of service, and may do so for the clinic."),
        error_messages={"required": _("Without the terms accepted we cannot open a clinic.")},
    )

    def clean_website(self) -> str:
        text: str = self.cleaned_data["website"]
        if not text:
            return ""
        address = text if "://" in text else f"https://{text}"
        try:
            URLValidator(schemes=["http", "https"])(address)
        except ValidationError:
            raise ValidationError(_("This is no web address, such as glow.com."), code="invalid") from None
        if urlsplit(address).username:
            raise ValidationError(_("Leave name and password out of the address."), code="invalid")
        return address

    def clean_postal_code(self) -> str:
        text: str = self.cleaned_data["postal_code"]
        digits = text.replace("-", "")
        if not (digits.isascii() and digits.isdigit() and len(digits) in (5, 9)):
            raise ValidationError(_("A ZIP code has 5 digits, such as 60614."), code="invalid")
        return text

    def clean_slug(self) -> str:
        slug = hostnames.tidy(self.cleaned_data["slug"])
        if why := hostnames.refusal(slug):
            raise ValidationError(str(why.message), code=why.code)
        return slug

    def wish(self) -> Wish:
        """After `is_valid`."""
        said = self.cleaned_data
        names = ("clinic_name", "kind", "website", "phone", "address_1", "address_2", "city", "region")
        more = ("postal_code", "owner_name", "owner_email", "slug", "plan")
        return Wish(
            timezone=said["timezone"] or zones.zone_for(said["region"], said["postal_code"]),
            terms_version=legal.PAGES["terms"].version,
            **{name: str(said[name]) for name in (*names, *more)},
        )


class LeadForm(TrapForm):
    name = LineField(
        label=_("Your name"), longest=120, missing=_("Enter your name."), attrs={"autocomplete": "name"}
    )
    email = EmailField(
        label=_("Email"),
        longest=254,
        missing=_("Enter your email address."),
        attrs={"type": "email", "autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"},
    )
    phone = PhoneField(label=_("Phone"), longest=60, attrs={"type": "tel", "autocomplete": "tel"})
    clinic = LineField(label=_("Clinic"), longest=120, attrs={"autocomplete": "organization"})
    kind = forms.ChoiceField(label=_("Kind of clinic"), required=False, choices=(("", _("Not said")), *KINDS))
    topic = forms.ChoiceField(
        label=_("What is it about?"),
        choices=LeadTopic.choices,
        error_messages={"required": _("Choose what it is about.")},
    )
    message = LineField(
        label=_("What would you like to know?"),
        longest=2_000,
        many=True,
        help_text=_("Please write nothing about patients."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    consent = forms.BooleanField(
        label=legal.CONTACT_CONSENT,
        error_messages={"required": _("We write back only if you agree to it.")},
    )

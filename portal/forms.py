"""What patients type into the portal: parsed, and complained about in their words."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from core.emails import EmailProblem, normalise_email
from core.forms import ProblemForm
from core.ids import uuid7
from core.phones import PhoneProblem, parse_phone
from patients.models import ContactKind
from portal.codes import DIGITS, Contact
from scheduling.patient_pages.birth_date import BirthDateProblem, example, month_first, read_birth_date


class ContactForm(ProblemForm):
    """Either way to reach somebody, in one field."""

    contact = forms.CharField(
        label=_("Email or mobile number"),
        max_length=254,
        error_messages={"required": _("Enter your email address or your mobile number.")},
        widget=forms.TextInput(
            attrs={
                "autocomplete": "username",
                "autocapitalize": "none",
                "spellcheck": "false",
                "inputmode": "email",
            }
        ),
    )

    def __init__(self, *args: Any, region: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.region = region

    def clean_contact(self) -> Contact:
        text = str(self.cleaned_data["contact"])
        try:
            if "@" in text:
                return Contact(ContactKind.EMAIL, normalise_email(text))
            return Contact(ContactKind.PHONE, parse_phone(text, self.region))
        except (EmailProblem, PhoneProblem) as problem:
            raise forms.ValidationError(str(problem), code=problem.code) from None


class NewContactForm(ProblemForm):
    """A number, or an address, to replace the one that is there."""

    value = forms.CharField(max_length=254, error_messages={"required": _("Fill this in.")})

    def __init__(self, *args: Any, kind: str, region: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.region = kind, region
        field = self.fields["value"]
        if kind == ContactKind.EMAIL:
            field.label = _("New email")
            field.error_messages["required"] = _("Enter the new email address.")
            field.widget = forms.TextInput(
                attrs={
                    "type": "email",
                    "autocomplete": "email",
                    "autocapitalize": "none",
                    "spellcheck": "false",
                }
            )
        else:
            field.label = _("New mobile number")
            field.error_messages["required"] = _("Enter the new mobile number.")
            field.widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})

    def clean_value(self) -> Contact:
        text = str(self.cleaned_data["value"])
        try:
            if self.kind == ContactKind.EMAIL:
                return Contact(self.kind, normalise_email(text))
            return Contact(self.kind, parse_phone(text, self.region))
        except (EmailProblem, PhoneProblem) as problem:
            raise forms.ValidationError(str(problem), code=problem.code) from None


class CodeForm(ProblemForm):
    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        error_messages={"required": _("Enter the code.")},
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "spellcheck": "false",
                "class": "code",
                "data-focus": "",
            }
        ),
    )

    def clean_code(self) -> str:
        """People copy spaces and dashes along."""
        digits = "".join(
            each for each in str(self.cleaned_data["code"]) if each.isdecimal() and each.isascii()
        )
        if len(digits) != DIGITS:
            raise forms.ValidationError(
                _("The code has %(count)d digits.") % {"count": DIGITS}, code="length"
            )
        return digits


class BirthDateForm(ProblemForm):
    date_of_birth = forms.CharField(
        label=_("Date of birth"),
        max_length=60,
        error_messages={"required": _("Enter your date of birth.")},
        widget=forms.TextInput(attrs={"autocomplete": "bday", "spellcheck": "false", "data-focus": ""}),
    )

    def __init__(self, *args: Any, region: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.region = region
        order = (
            _("Month, day, year: %(example)s") if month_first(region) else _("Day, month, year: %(example)s")
        )
        self.fields["date_of_birth"].help_text = order % {"example": example(region)}

    def clean_date_of_birth(self) -> date:
        try:
            return read_birth_date(str(self.cleaned_data["date_of_birth"]), region=self.region)
        except BirthDateProblem as problem:
            raise forms.ValidationError(str(problem), code=problem.code) from None


class LetterForm(ProblemForm):
    """A message to the clinic. `once` is of this page, so that a second press sends nothing twice."""

    body = forms.CharField(
        label=_("Your message"),
        max_length=20_000,
        error_messages={"required": _("Write a message.")},
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    once = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput, initial=uuid7)

    def clean_once(self) -> UUID:
        try:
            return UUID(self.cleaned_data["once"])
        except ValueError:
            return uuid7()


class CorrectionForm(ProblemForm):
    text = forms.CharField(
        label=_("What is wrong, and what is right?"),
        max_length=20_000,
        error_messages={"required": _("Write what is wrong and what is right.")},
        widget=forms.Textarea(attrs={"rows": 4}),
    )

"""What patients type: parsed, and complained about all at once. Rules stay where they are; this only asks them."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from core.problems import Failure, Invalid, failure
from patients.rules import Entry, read_details
from practice.models import PolicyKind, PolicyText
from scheduling.patient_pages.birth_date import BirthDateProblem, example, month_first, read_birth_date
from scheduling.request import OUTDATED, read_note

PATIENT: Final = ("first_name", "last_name", "phone", "email", "date_of_birth")
LONGEST_TYPED: Final = (
    20_000  # beyond this it is not typing; what is too long for a field is told by its rule
)


def _text(label: Any, missing: Any, *, autocomplete: str, kind: str = "text", **more: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": autocomplete, "type": kind, **more.pop("attrs", {})})
    return forms.CharField(
        label=label, error_messages={"required": missing}, widget=widget, max_length=LONGEST_TYPED, **more
    )


class DetailsForm(forms.Form):
    """Who comes, how to reach them, and what they agree to."""

    first_name = _text(_("First name"), _("Enter your first name."), autocomplete="given-name")
    last_name = _text(_("Last name"), _("Enter your last name."), autocomplete="family-name")
    phone = _text(
        _("Mobile"),
        _("Enter your mobile number."),
        autocomplete="tel",
        kind="tel",
        help_text=_("For calls and texts about this visit, nothing else."),
    )
    email = _text(
        _("Email"),
        _("Enter your email address."),
        autocomplete="email",
        kind="email",
        help_text=_("Your confirmation goes here."),
        attrs={"autocapitalize": "none", "spellcheck": "false"},
    )
    date_of_birth = _text(
        _("Date of birth"),
        _("Enter your date of birth."),
        autocomplete="bday",
        attrs={"spellcheck": "false"},
    )
    notes = forms.CharField(
        label=_("Anything we should know?"),
        required=False,
        max_length=LONGEST_TYPED,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    service_sms = forms.BooleanField(label="", required=False)
    text_version = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    policy_version = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    timezone = forms.CharField(
        required=False,
        max_length=64,
        widget=forms.HiddenInput(attrs={"data-zone-input": ""}),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        texts: dict[str, PolicyText],
        region: str,
        today: date,
        language: str,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data.copy() if data is not None else None, initial=dict(initial or {}))
        self.texts, self.region, self.today, self.language = texts, region, today, language
        order = (
            _("Month, day, year: %(example)s") if month_first(region) else _("Day, month, year: %(example)s")
        )
        self.fields["date_of_birth"].help_text = order % {"example": example(region)}
        sms, policy = texts.get(PolicyKind.SERVICE_SMS), texts.get(PolicyKind.CANCELLATION_POLICY)
        self.fields["service_sms"].label = sms.text if sms else ""
        self.outdated = [
            *self._show(sms, version="text_version", agreed="service_sms"),
            *self._show(policy, version="policy_version", agreed="policy_version"),
        ]

    def _show(self, text: PolicyText | None, *, version: str, agreed: str) -> list[str]:
        """The text as it stands now; the field that agreed to another one, if it did."""
        current = text.version if text else ""
        changed = False
        for typed in (self.data, self.initial) if self.is_bound else (self.initial,):
            counts = bool(typed.get(agreed)) or (typed is self.data and agreed == version)
            if counts and typed.get(version, "") != current:
                typed.pop(agreed, None)  # type: ignore[attr-defined]
                changed = changed or typed is self.data
            typed[version] = current  # type: ignore[index]
        return [agreed] if changed else []

    def clean_date_of_birth(self) -> date:
        try:
            return read_birth_date(self.cleaned_data["date_of_birth"], region=self.region)
        except BirthDateProblem as problem:
            raise forms.ValidationError(str(problem), code=problem.code) from None

    def clean(self) -> dict[str, Any]:
        """The patient's own rules, so that everything wrong is said together with what could not be parsed."""
        given = {name: self.cleaned_data.get(name, "") for name in PATIENT}
        try:
            read_details(given, on=self.today, entry=Entry.SELF, region=self.region)
        except Invalid as problem:
            self._tell([each for each in problem.errors if each["field"] not in self.errors])
        failures: list[Failure] = []
        read_note(self.cleaned_data.get("notes", ""), failures)
        self._tell([*failures, *(failure(name, "outdated", OUTDATED) for name in self.outdated)])
        return self.cleaned_data

    def patient(self) -> dict[str, Any]:
        """As `actions.book` takes it."""
        details = {name: self.cleaned_data[name] for name in PATIENT}
        return {**details, "language": self.language, "timezone": self.cleaned_data["timezone"]}

    def consents(self) -> dict[str, Any] | None:
        if not self.cleaned_data.get("service_sms"):
            return None
        return {"service_sms": True, "text_version": self.cleaned_data["text_version"]}

    def take(self, problem: Invalid) -> None:
        """What the action refused, at the fields it came from."""
        self._tell(problem.errors)

    def _tell(self, failures: list[Failure]) -> None:
        for each in failures:
            name = FIELD_OF.get(each["field"], each["field"])
            known = name if name in self.fields else None
            self.add_error(known, forms.ValidationError(each["message"], code=each["code"]))


class KnownForm(DetailsForm):
    """The same for a patient who has signed in: who they are is known."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in PATIENT:
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        failures: list[Failure] = []
        read_note(self.cleaned_data.get("notes", ""), failures)
        self._tell([*failures, *(failure(name, "outdated", OUTDATED) for name in self.outdated)])
        return self.cleaned_data


FIELD_OF: Final = {
    **{f"patient.{name}": name for name in PATIENT},
    "consents.service_sms": "service_sms",
    "consents.text_version": "service_sms",
    "accepted_policy": "policy_version",
}
KEPT: Final = (*PATIENT, "notes", "service_sms", "text_version", "policy_version", "timezone")


class CancelForm(forms.Form):
    """Why, if the patient wants to say."""

    reason = forms.CharField(
        label=_("Would you tell us why?"),
        required=False,
        max_length=LONGEST_TYPED,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def take(self, problem: Invalid) -> None:
        for each in problem.errors:
            known = each["field"] if each["field"] in self.fields else None
            self.add_error(known, forms.ValidationError(each["message"], code=each["code"]))

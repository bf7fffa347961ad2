"""What the staff types: parsed and complained about all at once. The rules stay on the floors below."""

from datetime import date, time
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.forms import ProblemForm
from core.problems import Invalid
from patients.rules import Details, Entry, read_details
from practice.models import Location, Provider, Service
from scheduling.patient_pages import words

LONGEST_TYPED: Final = 20_000  # what is too long for a field is told by its rule
ANYBODY: Final = "any"
NAMES: Final = ("first_name", "last_name")
DETAILS: Final = ("first_name", "last_name", "date_of_birth", "phone", "email")


def text(
    label: Any, *, kind: str = "text", required: bool = False, missing: Any = "", **attrs: str
) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=LONGEST_TYPED,
        error_messages={"required": missing} if missing else None,
        widget=forms.TextInput(attrs={"type": kind, "autocomplete": "off", **attrs}),
    )


def long_text(label: Any, *, missing: Any = "", rows: int = 2, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=bool(missing),
        max_length=LONGEST_TYPED,
        error_messages={"required": missing} if missing else None,
        widget=forms.Textarea(attrs={"rows": rows}),
        **more,
    )


class CancelForm(ProblemForm):
    reason = long_text(
        _("Reason"),
        missing=_("Say why, so that the desk can answer when asked."),
        help_text=_("For the clinic's record. The patient does not see it."),
    )
    tell_patient = forms.BooleanField(label=_("Tell the patient"), required=False, initial=True)


class DetailsForm(ProblemForm):
    """A person as the staff writes one down; patients.rules reads it."""

    first_name = text(_("First name"), required=True, missing=_("Enter the first name."))
    last_name = text(_("Last name"), required=True, missing=_("Enter the last name."))
    date_of_birth = text(_("Date of birth"), kind="date")
    phone = text(_("Mobile"), kind="tel")
    email = text(_("Email"), kind="email", autocapitalize="none", spellcheck="false")
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=[("", _("As the clinic")), ("en", "English"), ("es", "Español")],
    )
    new_anyway = forms.BooleanField(label=_("This is somebody else, add as a new patient"), required=False)

    def given(self) -> dict[str, Any]:
        """What was typed, for the rules."""
        return {name: self.cleaned_data.get(name, "") for name in (*DETAILS, "language")}


class WhenForm(ProblemForm):
    """Provider, day and time: one of the free starts, or any time that is typed."""

    provider = forms.ChoiceField(label=_("Provider"), error_messages={"required": _("Choose a provider.")})
    day = forms.DateField(
        label=_("Day"),
        error_messages={"required": _("Choose a day."), "invalid": _("Write the day as year-month-day.")},
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "autocomplete": "off"}),
    )
    start = forms.CharField(required=False, max_length=100)
    time = forms.TimeField(
        label=_("Time"),
        required=False,
        error_messages={"invalid": _("Write the time as 14:30.")},
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "autocomplete": "off"}),
    )
    time_was = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    override = forms.BooleanField(label=_("Book over this conflict"), required=False)
    override_reason = long_text(_("Reason for booking over it"))

    def __init__(self, *args: Any, providers: list[Provider], may_override: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asks_override = False
        self.fields["provider"].error_messages["invalid_choice"] = _(
            "Choose somebody who gives this service."
        )
        self.offer(providers)
        if not may_override:
            del self.fields["override"], self.fields["override_reason"]

    def offer(self, providers: list[Provider]) -> None:
        """Who may be chosen."""
        self.providers = {str(one.uid): one for one in providers}
        choices = [(ANYBODY, _("Whoever is free")), *((uid, one.name) for uid, one in self.providers.items())]
        self.fields["provider"].choices = choices  # type: ignore[attr-defined]

    def chosen_provider(self) -> Provider | None:
        return self.providers.get(self.value("provider"))

    def value(self, name: str) -> str:
        """As it stands in the form now, valid or not."""
        found = self.data.get(name) if self.is_bound else self.initial.get(name)
        if isinstance(found, date):
            return found.isoformat()
        if isinstance(found, time):
            return found.strftime("%H:%M")
        return str(found or "")

    def chosen_day(self) -> date | None:
        try:
            return date.fromisoformat(self.value("day"))
        except ValueError:
            return None

    def typed_time(self) -> str:
        """The typed time, unless a free start was chosen after it: then it stands there from before."""
        typed = self.value("time")[:5]
        return "" if self.value("start") and typed == self.value("time_was")[:5] else typed

    def show_time(self, typed: str) -> None:
        """What stands in the field for a typed time when the form is shown again."""
        if isinstance(self.data, QueryDict):
            data = self.data.copy()
            data["time"] = data["time_was"] = typed
            self.data = data
        else:
            self.initial["time"] = self.initial["time_was"] = typed

    def ask_override(self) -> None:
        """Something stands in the way: whoever may can let it stand there, and says why."""
        if "override" in self.fields:
            self.asks_override = True
            self.fields["override_reason"].required = True

    def override_reason_given(self) -> str:
        """Blank unless the box was ticked: without it nothing is booked over anything."""
        return str(self.cleaned_data.get("override_reason", "")) if self.cleaned_data.get("override") else ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("override") and not str(cleaned.get("override_reason", "")).strip():
            self.add_error("override_reason", _("Say why it may be booked over the conflict."))
            self.ask_override()
        return cleaned


class MoveForm(WhenForm):
    """A new time, length, provider; from the calendar a room or device as well, and what stood there."""

    minutes = forms.IntegerField(
        label=_("Minutes"),
        required=False,
        error_messages={"invalid": _("Write the length in minutes, as 45.")},
        widget=forms.NumberInput(attrs={"min": 5, "max": 720, "step": 5, "inputmode": "numeric"}),
    )
    room = forms.UUIDField(required=False, widget=forms.HiddenInput)
    device = forms.UUIDField(required=False, widget=forms.HiddenInput)
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)
    tell_patient = forms.BooleanField(label=_("Tell the patient the new time"), required=False, initial=True)

    @property
    def is_drop(self) -> bool:
        """It came from the calendar itself, which wants no panel for an answer."""
        return bool(self.data.get("drop"))


class VisitForm(WhenForm):
    """A new visit: for whom, what, by whom, when."""

    q = text(_("Patient"))
    person = forms.UUIDField(required=False, widget=forms.HiddenInput)
    new = forms.BooleanField(required=False, widget=forms.HiddenInput)
    new_anyway = forms.BooleanField(label=_("This is somebody else, add as a new patient"), required=False)
    first_name = text(_("First name"), missing=_("Enter the first name."))
    last_name = text(_("Last name"), missing=_("Enter the last name."))
    date_of_birth = text(_("Date of birth"), kind="date")
    phone = text(_("Mobile"), kind="tel")
    email = text(_("Email"), kind="email", autocapitalize="none", spellcheck="false")
    service = forms.ChoiceField(
        label=_("Service"),
        error_messages={
            "required": _("Choose a service."),
            "invalid_choice": _("This service is not offered."),
        },
    )
    location = forms.ChoiceField(
        label=_("Location"), error_messages={"invalid_choice": _("There is no such location.")}
    )
    notes = long_text(_("Note"))
    service_sms = forms.BooleanField(label=_("Agreed to texts about this visit"), required=False)
    tell_patient = forms.BooleanField(label=_("Send a confirmation"), required=False, initial=True)

    def __init__(self, *args: Any, services: list[Service], locations: list[Location], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.services = {str(one.uid): one for one in services}
        self.locations = {str(one.uid): one for one in locations}
        self.fields["service"].choices = _service_choices(services)  # type: ignore[attr-defined]
        self.fields["location"].choices = [  # type: ignore[attr-defined]
            (uid, one.name) for uid, one in self.locations.items()
        ]
        self.details: Details | None = None
        for name in NAMES if self.is_new else ():
            self.fields[name].required = True

    @property
    def is_new(self) -> bool:
        return bool(self.value("new"))

    def chosen_service(self) -> Service | None:
        return self.services.get(self.value("service"))

    def read_person(self, *, on: date, region: str) -> None:
        """A new patient's details by the rules of the house, every failure beside its field."""
        given = {name: self.cleaned_data.get(name, "") for name in DETAILS}
        try:
            self.details = read_details(given, on=on, entry=Entry.STAFF, region=region)
        except Invalid as problem:
            self.take(problem)

    def take(self, problem: Invalid) -> None:
        """Failures of the actions, whose fields are called as programs call them."""
        known = {"start": "time", "patient": "q", "person": "q"}
        for each in problem.errors:
            name = each["field"].removeprefix("patient.")
            each["field"] = known.get(name, name)
        problem.errors = [each for each in problem.errors if each["field"] not in self.errors]
        super().take(problem)


def _service_choices(services: list[Service]) -> list[Any]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for one in services:
        label = f"{one.name} · {words.minutes(one.duration_minutes)} · {words.price(one.price)}"
        groups.setdefault(one.category.name, []).append((str(one.uid), label))
    return [("", _("Choose a service")), *groups.items()]


class WriteForm(ProblemForm):
    """A message in one's own words, by a channel that reaches the person."""

    channel = forms.ChoiceField(
        label=_("By"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose text, email or portal."),
            "invalid_choice": _("This does not reach the patient."),
        },
    )
    subject_line = text(_("Subject"))
    body = long_text(_("Message"), missing=_("Write a message."), rows=3)

    def __init__(self, *args: Any, channels: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channel"].choices = channels  # type: ignore[attr-defined]
        if channels and not self.is_bound:
            offered = [value for value, _label in channels]
            if self.initial.get("channel") not in offered:
                self.initial["channel"] = offered[0]

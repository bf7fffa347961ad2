"""What is typed about people: parsed here, decided on the floors below."""

from collections.abc import Iterable
from datetime import date, time
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import EmailForm
from accounts.models import User
from accounts.people import roles_to_give
from core.forms import ProblemForm
from practice.actions.hours import Week
from practice.models import Location, Provider, Service, WorkingHours
from practice.models.places import Weekday

TIME = {"type": "time", "autocomplete": "off"}
STRETCHES: Final = ("", "2")


def role_field(by: User) -> forms.ChoiceField:
    choices = [(role.value, str(role.label).capitalize()) for role in roles_to_give(by)]
    return forms.ChoiceField(
        label=_("Role"), choices=choices, error_messages={"invalid_choice": _("Choose a role of the list.")}
    )


class Places(forms.MultipleChoiceField):
    """Some of the clinic's open locations, by their outer ids."""

    def __init__(self, rows: list[Location], **more: Any) -> None:
        self.rows = {str(row.uid): row for row in rows}
        super().__init__(
            label=_("Locations"),
            choices=[(uid, row.name) for uid, row in self.rows.items()],
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": _("Choose at least one location.")},
            **more,
        )

    def clean(self, value: Any) -> Any:
        return [self.rows[uid] for uid in super().clean(value)]


class Offer(forms.MultipleChoiceField):
    """Some of the clinic's services."""

    def __init__(self, rows: Iterable[Service], **more: Any) -> None:
        self.rows = {str(row.uid): row for row in rows}
        super().__init__(
            label=_("Services they give"),
            required=False,
            choices=[(uid, row.name) for uid, row in self.rows.items()],
            widget=forms.CheckboxSelectMultiple,
            **more,
        )

    def clean(self, value: Any) -> Any:
        return [self.rows[uid] for uid in super().clean(value)]


class InviteForm(EmailForm):
    display_name = forms.CharField(
        label=_("Name"), required=False, max_length=120, help_text=_("They can change it when they join.")
    )
    treats = forms.BooleanField(
        label=_("Treats patients"),
        required=False,
        help_text=_("Gets a column in the calendar and can be booked."),
    )
    credentials = forms.CharField(
        label=_("Title behind the name"), required=False, max_length=60, help_text=_("Such as RN or NP.")
    )

    def __init__(
        self, *args: Any, by: User, places: list[Location], services: list[Service], **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.fields["email"].widget.attrs["autocomplete"] = "off"
        self.fields["role"] = role_field(by)
        self.fields["role"].initial = "front_desk"
        self.fields["locations"] = Places(
            places, required=bool(places), initial=[str(places[0].uid)] if len(places) == 1 else []
        )
        self.fields["services"] = Offer(services)
        self.order_fields(["email", "display_name", "role", "locations", "treats", "credentials", "services"])


class RoleForm(ProblemForm):
    def __init__(self, data: Any = None, *, by: User, of: User) -> None:
        super().__init__(data, initial={"role": of.role})
        self.fields["role"] = role_field(by)


class PlacesForm(ProblemForm):
    def __init__(
        self, *args: Any, places: list[Location], held: Iterable[Location] = (), **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.fields["locations"] = Places(places, initial=[str(one.uid) for one in held])


class ProviderForm(ProblemForm):
    display_name = forms.CharField(
        label=_("Name patients see"),
        max_length=100,
        error_messages={"required": _("Enter the name patients see.")},
    )
    credentials = forms.CharField(label=_("Title behind the name"), required=False, max_length=60)
    languages = forms.CharField(
        label=_("Languages"), required=False, max_length=120, help_text=_("Such as en, es.")
    )
    bio = forms.CharField(
        label=_("About them"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )
    bookable_online = forms.BooleanField(label=_("Patients may choose them online"), required=False)

    def __init__(
        self, data: Any = None, *, of: User, provider: Provider | None, services: list[Service]
    ) -> None:
        initial: dict[str, Any] = {"display_name": of.display_name, "bookable_online": True}
        if provider is not None:
            initial = {name: getattr(provider, name) for name in self.base_fields}
            initial["services"] = [str(one.uid) for one in provider.services.all()]
        super().__init__(data, initial=initial)
        self.fields["services"] = Offer(services)


class HoursForm(ProblemForm):
    """A week at one location: up to two stretches a day, empty where nobody works."""

    def __init__(self, data: Any = None, *, hours: Iterable[WorkingHours], today: date) -> None:
        self.today = today
        initial: dict[str, Any] = {}
        for weekday in Weekday.values:
            for mark, row in zip(STRETCHES, [one for one in hours if one.weekday == weekday], strict=False):
                initial[f"from{mark}_{weekday}"], initial[f"to{mark}_{weekday}"] = row.starts, row.ends
        super().__init__(data, initial=initial)
        for weekday, label in Weekday.choices:
            for mark in STRETCHES:
                for end, words in (("from", _("%(day)s, from")), ("to", _("%(day)s, to"))):
                    self.fields[f"{end}{mark}_{weekday}"] = forms.TimeField(
                        required=False,
                        label=words % {"day": label},
                        error_messages={"invalid": _("Enter a time such as 09:00.")},
                        widget=forms.TimeInput(format="%H:%M", attrs=TIME),
                    )
        self.fields["valid_from"] = forms.DateField(
            required=False,
            label=_("From"),
            help_text=_("Leave it empty for at once. Until that day the hours stay as they are."),
            error_messages={"invalid": _("Enter a date.")},
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        )

    def rows(self) -> list[tuple[str, list[tuple[Any, Any]]]]:
        """For the template: the day's name and its pairs of fields."""
        return [
            (
                str(label),
                [(self[f"from{mark}_{weekday}"], self[f"to{mark}_{weekday}"]) for mark in STRETCHES],
            )
            for weekday, label in Weekday.choices
        ]

    def clean(self) -> dict[str, Any]:
        for weekday in Weekday.values:
            for mark in STRETCHES:
                start, end = self._pair(mark, weekday)
                name = f"to{mark}_{weekday}"
                if (start is None) != (end is None) and not self.errors.keys() & {
                    name,
                    f"from{mark}_{weekday}",
                }:
                    self.add_error(name, _("Give both times, or neither."))
                elif start and end and start >= end:
                    self.add_error(name, _("The end must come after the start."))
            first, second = (self._pair(mark, weekday) for mark in STRETCHES)
            if (
                first[0]
                and first[1]
                and second[0]
                and second[1]
                and first[0] < second[1]
                and second[0] < first[1]
            ):
                self.add_error(f"from2_{weekday}", _("These hours overlap the others of this day."))
        starts = self.cleaned_data.get("valid_from")
        if starts and starts < self.today:
            self.add_error("valid_from", _("Choose today or a day to come."))
        return self.cleaned_data

    def _pair(self, mark: str, weekday: int) -> tuple[time | None, time | None]:
        data = self.cleaned_data
        return data.get(f"from{mark}_{weekday}"), data.get(f"to{mark}_{weekday}")

    def week(self) -> list[Week]:
        found = []
        for weekday in Weekday.values:
            for mark in STRETCHES:
                start, end = self._pair(mark, weekday)
                if start and end:
                    found.append(Week(weekday, start, end))
        return found

"""Locations, their week, the days they are closed, and what stands in them."""

from collections.abc import Iterable
from datetime import time
from decimal import Decimal
from functools import cache
from typing import Any, Final
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import ProblemForm
from core.problems import Invalid
from practice.actions.hours import Week
from practice.forms.fields import choice, text
from practice.models import Location, OpeningHours
from practice.models.places import Weekday
from practice.rules import REGIONS

USUAL: Final = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Puerto_Rico",
)
SPANS: Final = 2  # stretches a day the page offers at least
TIME_FORMATS: Final = ["%H:%M", "%H:%M:%S"]
BASIS: Final = Decimal(100)


@cache
def zones() -> list[Any]:
    """The zones of the United States first, then all that name a place."""
    rest = sorted(
        name
        for name in available_timezones()
        if "/" in name and not name.startswith(("Etc/", "posix/", "right/", "SystemV/"))
    )
    return [
        ("", _("Choose a time zone")),
        (_("United States"), [(name, name.replace("_", " ")) for name in USUAL]),
        (
            _("Everywhere"),
            [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in rest if name not in USUAL)],
        ),
    ]


class LocationForm(ProblemForm):
    name = text(_("Name"), missing=_("Enter a name, such as the street or the part of town."))
    timezone = choice(_("Time zone"), zones, hint=_("Days and opening hours are reckoned in it."))
    address_1 = text(_("Address"), autocomplete="address-line1")
    address_2 = text(_("Suite, floor"), autocomplete="address-line2")
    city = text(_("City"), autocomplete="address-level2")
    state = text(
        _("State"),
        autocomplete="address-level1",
        hint=_("Two letters in the United States; it decides about quiet hours."),
    )
    postal_code = text(_("ZIP code"), autocomplete="postal-code")
    country = choice(_("Country"), REGIONS, initial="US")
    phone = text(_("Phone"), kind="tel")
    tax_percent = forms.DecimalField(
        label=_("Sales tax, %"),
        required=False,
        min_value=0,
        max_value=100,
        decimal_places=2,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value", "max_digits", "max_decimal_places", "max_whole_digits"),
            _("Give a percentage from 0 to 100 with at most two decimals, such as 8.25."),
        ),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )

    @classmethod
    def of(cls, location: Location | None, data: Any = None) -> "LocationForm":
        initial: dict[str, Any] = {}
        if location is not None:
            initial = {name: getattr(location, name) for name in cls.base_fields if name != "tax_percent"}
            initial["tax_percent"] = f"{Decimal(location.tax_rate_bp) / BASIS:.2f}"
        return cls(data, initial=initial)

    def given(self) -> dict[str, Any]:
        fields = dict(self.cleaned_data)
        fields["tax_rate_bp"] = int((fields.pop("tax_percent") or 0) * BASIS)
        return fields

    def take(self, problem: Invalid) -> None:
        for one in problem.errors:
            if one["field"] == "tax_rate_bp":
                one["field"] = "tax_percent"
        super().take(problem)


class WeekForm(ProblemForm):
    """Every weekday with its stretches; an empty one is no stretch."""

    def __init__(self, data: Any = None, *, hours: Iterable[OpeningHours] = ()) -> None:
        self.spans = SPANS
        initial: dict[str, time] = {}
        counts = dict.fromkeys(range(7), 0)
        for row in hours:
            place = counts[row.weekday]
            initial |= {
                f"d{row.weekday}_{place}_opens": row.opens,
                f"d{row.weekday}_{place}_closes": row.closes,
            }
            counts[row.weekday] += 1
        self.spans = min(6, max(SPANS, max(counts.values()) + (max(counts.values()) >= SPANS)))
        super().__init__(data, initial=initial)
        for weekday, place in self._places():
            for end in ("opens", "closes"):
                self.fields[f"d{weekday}_{place}_{end}"] = self._field(weekday, end)

    def rows(self) -> list[dict[str, Any]]:
        """For the page: a weekday with its pairs of fields."""
        return [
            {
                "label": Weekday(weekday).label,
                "pairs": [
                    (self[f"d{weekday}_{place}_opens"], self[f"d{weekday}_{place}_closes"])
                    for place in range(self.spans)
                ],
            }
            for weekday in range(7)
        ]

    def week(self) -> list[Week]:
        self.asked = [
            (weekday, place)
            for weekday, place in self._places()
            if self.cleaned_data.get(f"d{weekday}_{place}_opens") is not None
        ]
        return [
            Week(
                weekday,
                self.cleaned_data[f"d{weekday}_{place}_opens"],
                self.cleaned_data[f"d{weekday}_{place}_closes"],
            )
            for weekday, place in self.asked
        ]

    def clean(self) -> None:
        for weekday, place in self._places():
            opens, closes = f"d{weekday}_{place}_opens", f"d{weekday}_{place}_closes"
            given = {name: self.cleaned_data.get(name) for name in (opens, closes)}
            if set(given) & set(self.errors) or bool(given[opens]) == bool(given[closes]):
                continue
            self.add_error(
                closes if given[opens] else opens,
                _("Give both times, or leave both empty when closed."),
            )

    def take(self, problem: Invalid) -> None:
        for one in problem.errors:
            number = one["field"].removeprefix("hours.")
            if number.isdigit() and int(number) < len(self.asked):
                weekday, place = self.asked[int(number)]
                one["field"] = f"d{weekday}_{place}_closes"
        super().take(problem)

    def monday_everywhere(self) -> dict[str, Any]:
        """What was typed, with Monday's stretches on Tuesday to Friday too."""
        typed = {name: self.data.get(name, "") for name in self.fields}
        for weekday in range(1, 5):
            for place in range(self.spans):
                for end in ("opens", "closes"):
                    typed[f"d{weekday}_{place}_{end}"] = typed[f"d0_{place}_{end}"]
        return typed

    def _places(self) -> list[tuple[int, int]]:
        return [(weekday, place) for weekday in range(7) for place in range(self.spans)]

    def _field(self, weekday: int, end: str) -> forms.TimeField:
        day = Weekday(weekday).label
        label = _("%(day)s, opens") if end == "opens" else _("%(day)s, closes")
        return forms.TimeField(
            label=label % {"day": day},
            required=False,
            input_formats=TIME_FORMATS,
            error_messages={"invalid": _("Give a time such as 09:00.")},
            widget=forms.TimeInput(attrs={"type": "time", "step": "300"}, format="%H:%M"),
        )


class ClosureForm(ProblemForm):
    starts_on = forms.DateField(
        label=_("First day"),
        error_messages=dict.fromkeys(("required", "invalid"), _("Choose the first day.")),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    ends_on = forms.DateField(
        label=_("Last day"),
        required=False,
        help_text=_("Leave it out for one day."),
        error_messages={"invalid": _("Choose the last day.")},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    reason = text(_("Reason"), hint=_("For the staff."))
    anyway = forms.BooleanField(label=_("Close all the same; we will move these visits"), required=False)


class PlacedForm(ProblemForm):
    """A room or a device."""

    name = text(_("Name"), missing=_("Enter a name, such as Room 1."))
    kind = text(
        _("Kind"),
        missing=_("Enter a kind, such as treatment or laser."),
        hint=_("Services ask for a kind, and any of that kind will do."),
        list="kinds",
    )
    location = choice(_("Location"), ())

    def __init__(self, data: Any = None, *, locations: Iterable[Location], **more: Any) -> None:
        super().__init__(data, **more)
        self.locations = {str(one.uid): one for one in locations}
        self.fields["location"] = choice(
            _("Location"), [(uid, one.name) for uid, one in self.locations.items()]
        )

    def given(self) -> dict[str, Any]:
        return {**self.cleaned_data, "location": self.locations[self.cleaned_data["location"]]}

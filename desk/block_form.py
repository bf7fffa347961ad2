"""Blocks and time off as the desk types them: whom, from when to when, and each week until when."""

from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.clock import Zone, days_span, resolve_local
from core.forms import ProblemForm
from core.spans import Span
from desk.forms import long_text
from practice import queries
from practice.models import Device, Location, Provider, Room
from scheduling.actions.time_off import MOST_WEEKS

WEEK: Final = timedelta(days=7)
Who = Provider | Room | Device


def _day(label: Any, *, required: bool = False) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        error_messages={"required": _("Choose a day."), "invalid": _("Write the day as year-month-day.")},
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "autocomplete": "off"}),
    )


def _time(label: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=False,
        error_messages={"invalid": _("Write the time as 14:30.")},
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "autocomplete": "off"}),
    )


class BlockForm(ProblemForm):
    who = forms.ChoiceField(
        label=_("Who or what"),
        error_messages={
            "required": _("Choose whom or what to block."),
            "invalid_choice": _("Choose somebody or something of this location."),
        },
    )
    day = _day(_("Day"), required=True)
    last_day = _day(_("Last day"))
    all_day = forms.BooleanField(label=_("All day"), required=False)
    starts = _time(_("From"))
    ends = _time(_("To"))
    reason = long_text(_("Reason"), help_text=_("The staff sees it in the calendar; patients never do."))
    weekly_until = _day(_("Each week until"))
    beside = forms.BooleanField(label=_("Block it anyway; the visits stay"), required=False)

    def __init__(self, *args: Any, location: Location, repeats: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.location, self.asks_beside = location, False
        groups = (
            (_t("Providers"), queries.providers_at(location)),
            (_t("Rooms"), Room.objects.in_use().filter(location=location)),
            (_t("Devices"), Device.objects.in_use().filter(location=location)),
        )
        self.everybody: dict[str, Who] = {str(one.uid): one for _name, rows in groups for one in rows}
        choices = [(name, [(str(one.uid), one.name) for one in rows]) for name, rows in groups if rows]
        self.fields["who"].choices = [("", _("Choose")), *choices]  # type: ignore[attr-defined]
        if not repeats:
            del self.fields["weekly_until"]

    @property
    def whom(self) -> Who:
        return self.everybody[self.cleaned_data["who"]]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("all_day"):
            for name in ("starts", "ends"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("Enter the time, or tick All day."))
        day, last = cleaned.get("day"), cleaned.get("last_day")
        if day and last and last < day:
            self.add_error("last_day", _("This is before the first day."))
        until = cleaned.get("weekly_until")
        if day and until and until < day:
            self.add_error("weekly_until", _("This is before the first day."))
        if day and until and (until - day) // WEEK >= MOST_WEEKS:
            self.add_error("weekly_until", _("Repeat it for a year at most."))
        if not self.errors and any(span is None for span in self._each()):
            self.add_error("ends", _("This is not after the start."))
        return cleaned

    def spans(self) -> list[Span]:
        return [span for span in self._each() if span is not None]

    def _each(self) -> list[Span | None]:
        """The stretch itself, and the same wall times in each week after it."""
        given = self.cleaned_data
        first, last = given["day"], given.get("last_day") or given["day"]
        until = given.get("weekly_until") or first
        count = (until - first) // WEEK + 1
        return [self._span(first + n * WEEK, last + n * WEEK) for n in range(count)]

    def _span(self, first: date, last: date) -> Span | None:
        zone: Zone = self.location.zone
        given = self.cleaned_data
        if given.get("all_day"):
            return days_span(first, last, zone)
        start = resolve_local(first, given["starts"], zone)
        end = resolve_local(last, given["ends"], zone)
        if given["ends"] == time(0) and last == first:
            end = days_span(first, first, zone).end
        return Span(start, end) if start < end else None


def initial_of(start: datetime, end: datetime) -> dict[str, Any]:
    """A stretch in wall time as the form shows it; whole days as whole days."""
    whole = start.time() == time(0) and end.time() == time(0)
    last = end.date() - timedelta(days=1) if whole else end.date()
    return {
        "day": start.date(),
        "last_day": last if last != start.date() else None,
        "all_day": whole,
        "starts": None if whole else start.time(),
        "ends": None if whole else end.time(),
    }

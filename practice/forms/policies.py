"""The rules patients book by, reminders, and the texts they agree to."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import ProblemForm
from practice.forms.fields import choice, long_text, whole_number
from practice.models import ClinicProfile
from practice.offer import MOST, STEPS

REMINDERS: Final = 3
RULES: Final = ("slot_minutes", "min_notice_minutes", "horizon_days", "hold_minutes", "free_cancel_hours")


class RulesForm(ProblemForm):
    slot_minutes = forms.TypedChoiceField(
        label=_("Starts every"),
        coerce=int,
        choices=[(step, _("%(step)d minutes") % {"step": step}) for step in STEPS],
        help_text=_("The grid of times that patients see."),
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose one of the list.")),
    )
    min_notice_minutes = whole_number(
        _("Shortest notice, minutes"),
        most=MOST["min_notice_minutes"],
        hint=_("120 is two hours before the visit."),
    )
    horizon_days = whole_number(_("How far ahead, days"), least=1, most=MOST["horizon_days"])
    hold_minutes = whole_number(
        _("A time is held for, minutes"),
        least=1,
        most=MOST["hold_minutes"],
        hint=_("While somebody fills in the details."),
    )
    free_cancel_hours = whole_number(
        _("Free cancellation until, hours before"), most=MOST["free_cancel_hours"]
    )

    def __init__(self, profile: ClinicProfile, data: Any = None) -> None:
        initial = {name: getattr(profile, name) for name in RULES}
        for place, one in enumerate(profile.reminder_offsets_hours[:REMINDERS]):
            initial |= {
                f"reminder_{place}_hours": one["hours"],
                f"reminder_{place}_by": "+".join(sorted(one["channels"])),
            }
        super().__init__(data, initial=initial)
        for place in range(REMINDERS):
            hours = whole_number(_("Hours before"), least=1, most=336)
            hours.required = False
            self.fields[f"reminder_{place}_hours"] = hours
            self.fields[f"reminder_{place}_by"] = choice(
                _("By"),
                [("email", _("Email")), ("sms", _("Text message")), ("email+sms", _("Both"))],
                required=False,
            )

    def reminders(self) -> list[Any]:
        """For the page: pairs of fields."""
        return [(self[f"reminder_{place}_hours"], self[f"reminder_{place}_by"]) for place in range(REMINDERS)]

    def given(self) -> dict[str, Any]:
        fields = {name: self.cleaned_data[name] for name in RULES}
        kept: dict[int, list[str]] = {}
        for place in range(REMINDERS):
            hours = self.cleaned_data.get(f"reminder_{place}_hours")
            if hours:
                kept[hours] = (self.cleaned_data[f"reminder_{place}_by"] or "email").split("+")
        offsets = [{"hours": hours, "channels": kept[hours]} for hours in sorted(kept, reverse=True)]
        return fields | {"reminder_offsets_hours": offsets}


class TextsForm(ProblemForm):
    cancellation_policy = long_text(
        _("Cancellation policy"),
        rows=4,
        missing=_("Write the text that patients agree to."),
        hint=_("Shown before booking and kept with each booking in the version that was agreed to."),
    )
    service_sms = long_text(
        _("Consent to text messages"),
        rows=4,
        missing=_("Write the text that patients agree to."),
        hint=_("It must say that replying STOP ends the messages."),
    )

"""Parsing what is typed about an endpoint, and which span is to be sent again. The rules stay in the actions."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.clock import Zone, day_span
from core.forms import ProblemForm
from webhooks.events import EVENTS
from webhooks.models import WebhookEndpoint


class EndpointForm(ProblemForm):
    url = forms.CharField(
        label=_("Address"),
        max_length=2000,
        help_text=_("Where your program listens. It must be public and begin with https://."),
        error_messages={"required": _("Enter the address your program listens on.")},
        widget=forms.TextInput(
            attrs={"type": "url", "autocomplete": "off", "placeholder": "https://", "spellcheck": "false"}
        ),
    )
    description = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=2000,
        help_text=_("What it is for, such as “Call centre calendar”."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    events = forms.MultipleChoiceField(
        label=_("Tell it when"),
        choices=list(EVENTS.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one event.")},
    )

    @classmethod
    def of(cls, endpoint: WebhookEndpoint | None, data: Any = None) -> "EndpointForm":
        if endpoint is None:
            return cls(data, initial={"events": list(EVENTS)})
        fields = ("url", "description", "events")
        return cls(data, initial={name: getattr(endpoint, name) for name in fields})


class ReplayForm(ProblemForm):
    """A span on the clinic's wall; both days are included."""

    since = forms.DateField(
        label=_("From"),
        error_messages=dict.fromkeys(("required", "invalid"), _("Choose the first day.")),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    until = forms.DateField(
        label=_("To"),
        error_messages=dict.fromkeys(("required", "invalid"), _("Choose the last day.")),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    everything = forms.BooleanField(
        label=_("Also what was delivered"),
        required=False,
        help_text=_("It comes under the same id, so a careful receiver does nothing twice."),
    )

    def span(self, zone: Zone) -> tuple[datetime, datetime]:
        first, last = self.cleaned_data["since"], self.cleaned_data["until"]
        return day_span(first, zone).start, day_span(max(first, last), zone).end

    def clean(self) -> dict[str, object]:
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day must not come before the first."))
        if since and until and until - since > timedelta(days=31):
            self.add_error("until", _("Choose a month at most."))
        return self.cleaned_data

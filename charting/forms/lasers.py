"""Parsing a series and a session; what the figures mean is decided in charting/lasers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from charting.lasers import kirby_desai
from charting.lasers.parameters import COOLING, ENDPOINTS, FIGURES, INKS, UNITS, Parameters
from charting.models import LaserSeries, SeriesStatus
from core.forms import ProblemForm
from core.problems import Invalid
from practice.forms.fields import choice, long_text, text, whole_number
from practice.models import Service

QUESTIONS = {
    "skin": _("Skin type (Fitzpatrick)"),
    "place": _("Where it is"),
    "colours": _("Colours"),
    "ink": _("Amount of ink"),
    "scarring": _("Scarring"),
    "layering": _("Layering"),
}
# Weeks that are usual: hair grows back sooner than ink is carried away.
USUAL = {"planned": 8, "least_days": 42, "ideal_days": 56, "most_days": 120}


class SeriesForm(ProblemForm):
    title = text(
        _("Area or tattoo"),
        missing=_("Say which area, or which tattoo."),
        hint=_("For example: left forearm."),
    )
    planned = whole_number(_("Sessions planned"), least=1, most=60)
    least_days = whole_number(_("Days between, at least"), least=1, most=730)
    ideal_days = whole_number(_("Days between, best"), least=1, most=730)
    most_days = whole_number(_("Days between, at most"), least=1, most=730)

    def __init__(
        self, data: Any = None, *, services: list[Service], series: LaserSeries | None = None
    ) -> None:
        initial: dict[str, Any] = dict(USUAL)
        if series is not None:
            initial = {name: getattr(series, name) for name in ("title", "status", *USUAL)} | series.facts
            initial["version"] = series.version
        super().__init__(data, initial=initial)
        if series is None:
            offered = [(str(one.uid), one.name) for one in services]
            self.fields["service"] = choice(_("Service"), [("", _("Choose")), *offered])
            self.order_fields(["service"])
        else:
            self.fields["status"] = choice(_("Status"), SeriesStatus.choices)
            self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput)
        for name, label in QUESTIONS.items():
            options = [("", _("Not known")), *kirby_desai.choices(name)]
            self.fields[name] = choice(label, options, required=False)

    @property
    def plan(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in QUESTIONS and name != "version"]

    @property
    def tattoo(self) -> list[forms.BoundField]:
        return [self[name] for name in QUESTIONS]


class SessionForm(ProblemForm):
    """Numbers come as they are typed: the rule reads them, so that a page and a program are told the same."""

    endpoint = choice(_("Endpoint"), [("", _("Not noted")), *ENDPOINTS], required=False)
    inks = forms.MultipleChoiceField(
        label=_("Ink colours treated"), choices=INKS, required=False, widget=forms.CheckboxSelectMultiple
    )
    cooling = choice(_("Cooling"), COOLING, required=False)
    is_test = forms.BooleanField(label=_("This is a test spot"), required=False)
    notes = long_text(_("Notes"), rows=3)
    reason = long_text(_("Reason for the jump"), rows=2)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, begins_with: Parameters | None, **initial: Any) -> None:
        super().__init__(data, initial=_initial(begins_with) | initial)
        for name, figure in FIGURES.items():
            label = f"{figure.label} ({figure.unit})" if figure.unit else figure.label
            field = text(label, inputmode="decimal")
            field.required = figure.required
            field.error_messages["required"] = _("Enter a number.")
            self.fields[name] = field
        self.fields["pulse_unit"] = choice(_("Unit of the pulse"), UNITS)

    def take(self, problem: Invalid) -> None:
        """Which figures jumped stands above them; at the reason only that it is wanted."""
        said = [each for each in problem.errors if not each["code"].startswith("jump_")]
        self.fields["reason"].required = any(each["code"] == "jump" for each in said)
        super().take(Invalid(errors=said))

    @property
    def figures(self) -> list[forms.BoundField]:
        names = ("wavelength", "spot", "fluence", "pulse", "pulse_unit", "frequency", "passes", "surface")
        return [self[name] for name in names]


def _initial(begins_with: Parameters | None) -> dict[str, Any]:
    if begins_with is None:
        return {"pulse_unit": "ns", "passes": "1"}
    typed = {name: begins_with.typed(name) for name in FIGURES}
    chosen = {"pulse_unit": begins_with.pulse_unit, "inks": list(begins_with.inks)}
    # What was seen last time is not seen yet this time.
    return typed | chosen | {"cooling": begins_with.cooling}

"""The form of one line of a history: the parts that its kind has."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from charting.history import codes, facts
from charting.models import HistoryKind, Nature
from core.forms import ProblemForm

LONGEST_TYPED: Final = 5000  # what is too long is told by the rule
NOTHING: Final = ("", _("Not said"))
LABELS: Final = {
    "reaction": _("Reaction"),
    "since": _("Since"),
    "dose": _("Dose and how often"),
    "until": _("Until"),
    "tested_on": _("Tested on"),
    "note": _("Note"),
}
WHAT: Final = {
    HistoryKind.ALLERGY: _("Substance"),
    HistoryKind.MEDICATION: _("Name"),
    HistoryKind.CONDITION: _("Condition"),
}
HINTS: Final = {
    "since": _("A year is enough: 2019, or 2019-04-23."),
    "text": _("In your own words, where the list has nothing."),
    "against": _("It stands in the way of those treatments, until the day below where one is given."),
}


class HistoryForm(ProblemForm):
    """Fields as `facts.PARTS` names them; the rule says what is missing."""

    def __init__(self, kind: str, data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.kind = kind
        for name in facts.PARTS[kind]:
            self.fields[name] = self._field(name)
        self.order_fields(["code"])  # first the list, then the words for what it lacks

    def _field(self, name: str) -> forms.Field:
        choices = self._choices(name)
        if choices:
            label = self._label(name)
            return forms.ChoiceField(
                label=label,
                choices=choices,
                required=name in facts.NEEDED.get(self.kind, ()),
                help_text=HINTS.get(name, "") if self.kind == HistoryKind.CONDITION else "",
                error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose one of the list.")),
            )
        widget: forms.Widget = forms.TextInput(attrs={"autocomplete": "off"})
        if name in ("until", "tested_on"):
            widget = forms.DateInput(attrs={"type": "date"})
        elif name == "note":
            widget = forms.Textarea(attrs={"rows": 3})
        return forms.CharField(
            label=self._label(name),
            required=name in facts.NEEDED.get(self.kind, ()),
            max_length=LONGEST_TYPED,
            help_text=HINTS.get(name, ""),
            widget=widget,
            error_messages={"required": _("Give this too.")},
        )

    def _label(self, name: str) -> Any:
        if name == "code":
            return WHAT[HistoryKind(self.kind)]
        if name == "text":
            return _("Or another")
        words = {
            "severity": _("Severity"),
            "against": _("Speaks against"),
            "skin_type": _("Fitzpatrick type"),
        }
        if self.kind == HistoryKind.PATCH_TEST and name == "against":
            return _("For")
        return LABELS.get(name) or words.get(name) or _("Result")

    def _choices(self, name: str) -> list[tuple[str, Any]]:
        if name == "code":
            return [("", _("Choose")), *((one.key, one.label) for one in codes.of_kind(self.kind))]
        if name == "against":
            first = NOTHING if self.kind == HistoryKind.CONDITION else ("", _("Choose"))
            return [first, *Nature.choices]
        known: dict[str, Any] = {
            "severity": facts.SEVERITIES,
            "skin_type": facts.SKIN_TYPES,
            "result": facts.RESULTS,
        }
        return (
            [NOTHING if name == "severity" else ("", _("Choose")), *known[name].items()]
            if name in known
            else []
        )


class EndForm(ProblemForm):
    reason = forms.CharField(
        label=_("Why"),
        required=False,
        max_length=LONGEST_TYPED,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    mistake = forms.BooleanField(
        label=_("It was never true"), required=False, help_text=_("Entered in error, not ended.")
    )
    number = forms.IntegerField(widget=forms.HiddenInput)

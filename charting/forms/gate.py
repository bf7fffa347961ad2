"""The clinic's rules before a treatment, and the result of an exam."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from charting import gate_reading
from charting.actions.rules import Rule
from charting.models import ExamOutcome, GateItem, GateMode, GateRule, Nature
from core.forms import ProblemForm
from practice.models import Service

LONGEST_TYPED: Final = 5000
MOST_MONTHS: Final = 60
WITH_MONTHS: Final = (GateItem.EXAM, GateItem.PATCH_TEST)
WITH_NATURE: Final = (GateItem.CONTRAINDICATIONS, GateItem.PATCH_TEST)
HINTS: Final[dict[str, Any]] = {
    GateItem.CONSENT: _("Every form of the service signed, in its last version, and not run out."),
    GateItem.EXAM: _("Cleared for the service by whoever may examine, and not run out."),
    GateItem.CONTRAINDICATIONS: _("No medication or condition in the history speaks against it."),
    GateItem.INTAKE: _("The health forms attached to the service are filled in."),
    GateItem.PATCH_TEST: _("Done, without a reaction, not too long ago."),
    GateItem.LICENSE: _("Whoever treats holds a licence that is valid on the day."),
    GateItem.SUPERVISOR: _("For all but physicians: assigned, and licensed."),
    GateItem.LOT: _("There is something of the service’s products that has not run out."),
}


def asked() -> list[GateItem]:
    """The items that something checks."""
    return [item for item in GateItem if item in gate_reading.CHECKS]


class GateForm(ProblemForm):
    """One row an item: how it is asked, how long it counts, against what."""

    def __init__(self, rules: Mapping[str, GateRule], data: Any = None, *, widest: bool = False) -> None:
        super().__init__(data)
        first = ("", _("Not asked")) if widest else ("", _("As for all"))
        modes = [first, *((mode, mode.label) for mode in GateMode if not (widest and mode == GateMode.OFF))]
        for item in asked():
            rule = rules.get(item)
            self.fields[f"{item}_mode"] = forms.ChoiceField(
                label=item.label,
                choices=modes,
                required=False,
                initial="" if rule is None or (widest and rule.mode == GateMode.OFF) else rule.mode,
                error_messages={"invalid_choice": _("Choose one of the list.")},
            )
            if item in WITH_MONTHS:
                self.fields[f"{item}_months"] = forms.IntegerField(
                    label=_("Counts for, months"),
                    min_value=1,
                    max_value=MOST_MONTHS,
                    initial=rule.months if rule else 12,
                    error_messages=dict.fromkeys(
                        ("required", "invalid", "min_value", "max_value"),
                        _("Give a whole number from 1 to 60."),
                    ),
                )
            if item in WITH_NATURE:
                self.fields[f"{item}_nature"] = forms.ChoiceField(
                    label=_("Sort of treatment"),
                    choices=Nature.choices,
                    initial=rule.nature if rule else Nature.ANY,
                    error_messages={"invalid_choice": _("Choose one of the list.")},
                )

    def rows(self) -> list[dict[str, Any]]:
        return [
            {
                "label": item.label,
                "hint": HINTS[item],
                "fields": [
                    self[f"{item}_{part}"]
                    for part in ("mode", "months", "nature")
                    if f"{item}_{part}" in self.fields
                ],
            }
            for item in asked()
        ]

    def given(self) -> dict[str, Rule]:
        cleaned = self.cleaned_data
        return {
            str(item): Rule(
                cleaned[f"{item}_mode"],
                cleaned.get(f"{item}_months", 12),
                cleaned.get(f"{item}_nature", Nature.ANY),
            )
            for item in asked()
        }


def _services(services: list[Service]) -> list[tuple[str, str]]:
    return [(str(one.uid), one.name) for one in services]


class NewExamForm(ProblemForm):
    join_link = forms.CharField(
        label=_("Link of the video call"),
        required=False,
        max_length=LONGEST_TYPED,
        help_text=_("By telehealth only. The patient finds it in the portal."),
        widget=forms.TextInput(attrs={"type": "url", "autocomplete": "off"}),
    )

    def __init__(self, services: list[Service], data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["service"] = forms.ChoiceField(
            label=_("Before which treatment"),
            choices=[("", _("Several")), *_services(services)],
            required=False,
            error_messages={"invalid_choice": _("Choose one of the list.")},
        )
        self.order_fields(["service", "join_link"])


class LinkForm(ProblemForm):
    join_link = forms.CharField(
        label=_("Link of the video call"),
        required=False,
        max_length=LONGEST_TYPED,
        widget=forms.TextInput(attrs={"type": "url", "autocomplete": "off"}),
    )


class ExamForm(ProblemForm):
    outcome = forms.ChoiceField(
        label=_("Result"),
        choices=ExamOutcome.choices,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose a result.")),
    )
    limits = forms.CharField(
        label=_("Limits, or why not"),
        required=False,
        max_length=LONGEST_TYPED,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, services: list[Service], data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["services"] = forms.MultipleChoiceField(
            label=_("For"),
            choices=_services(services),
            widget=forms.CheckboxSelectMultiple,
            error_messages={
                "required": _("Choose what the exam is for."),
                "invalid_choice": _("Choose of the list."),
            },
        )
        self.order_fields(["services", "outcome", "limits"])

"""Parsing of note templates, macros and the rules of co-signing."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from charting.models import PART_LABELS, PARTS, FieldKind, Macro, NoteTemplate, SamplingRule
from core.forms import ProblemForm
from core.problems import Invalid
from practice.forms.fields import long_text, text, whole_number
from practice.models import Service

SPARE: Final = 3
MOST: Final = 43


def services_field(label: Any, hint: Any) -> forms.MultipleChoiceField:
    choices = [(str(one.uid), one.name) for one in Service.objects.in_use()]
    return forms.MultipleChoiceField(
        label=label,
        choices=choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=hint,
        error_messages={"invalid_choice": _("Choose from the list.")},
    )


class TemplateForm(ProblemForm):
    """The name, the services, what is required of the four parts with their hints; then rows of fields."""

    name = text(_("Name"), missing=_("Give the template a name."))

    def __init__(self, row: NoteTemplate | None, data: Any = None) -> None:
        super().__init__(data, initial=_template_initial(row))
        self.fields["services"] = services_field(
            _("For"),
            _("Chosen by itself for these services; with none ticked, for all that have no own one."),
        )
        for part in PARTS:
            self.fields[f"required_{part}"] = forms.BooleanField(label=_("Required"), required=False)
            self.fields[f"hint_{part}"] = text(
                PART_LABELS[part], hint=_("What stands in it while it is empty.")
            )
        rows = len(row.fields) if row else 0
        self.count = min(max(rows, _count(data)) + (0 if data else SPARE), MOST)
        for place in range(self.count):
            self._add_row(place)

    def _add_row(self, place: int) -> None:
        self.fields[f"key_{place}"] = forms.CharField(required=False, widget=forms.HiddenInput)
        self.fields[f"label_{place}"] = text(_("Label"))
        self.fields[f"kind_{place}"] = forms.ChoiceField(
            label=_("Kind"), choices=[("", "—"), *FieldKind.choices], required=False
        )
        self.fields[f"unit_{place}"] = text(_("Unit"))
        self.fields[f"options_{place}"] = text(_("Options, with commas between"))
        self.fields[f"must_{place}"] = forms.BooleanField(label=_("Required"), required=False)

    def parts(self) -> list[Any]:
        return [(self[f"hint_{part}"], self[f"required_{part}"]) for part in PARTS]

    def rows(self) -> list[Any]:
        names = ("label", "kind", "unit", "options", "must", "key")
        return [[self[f"{name}_{place}"] for name in names] for place in range(self.count)]

    def given(self) -> dict[str, Any]:
        said = self.cleaned_data
        fields = [
            {
                "key": said[f"key_{place}"],
                "label": said[f"label_{place}"],
                "kind": said[f"kind_{place}"],
                "unit": said[f"unit_{place}"],
                "options": [one.strip() for one in said[f"options_{place}"].split(",")],
                "required": said[f"must_{place}"],
                "place": place,
            }
            for place in range(self.count)
            if said[f"label_{place}"] or said[f"kind_{place}"]
        ]
        self.places = [one.pop("place") for one in fields]
        return {
            "name": said["name"],
            "services": [one.uid for one in Service.objects.filter(uid__in=said["services"])],
            "definition": {
                "required": [part for part in PARTS if said[f"required_{part}"]],
                "hints": {part: said[f"hint_{part}"] for part in PARTS},
                "fields": fields,
            },
        }

    def take(self, problem: Invalid) -> None:
        """A failure of the third field belongs to the row that it was typed in."""
        for each in problem.errors:
            name = each["field"]
            if name.startswith("fields."):
                each["field"] = f"label_{self.places[int(name.removeprefix('fields.'))]}"
            elif name in PARTS:
                each["field"] = f"hint_{name}"
        super().take(problem)


def _template_initial(row: NoteTemplate | None) -> dict[str, Any]:
    if row is None:
        return {f"required_{part}": True for part in PARTS}
    found: dict[str, Any] = {"name": row.name, "services": [str(uid) for uid in row.services]}
    for part in PARTS:
        found |= {f"required_{part}": part in row.required, f"hint_{part}": row.hints.get(part, "")}
    for place, one in enumerate(row.fields):
        found |= {
            f"key_{place}": one["key"],
            f"label_{place}": one["label"],
            f"kind_{place}": one["kind"],
            f"unit_{place}": one.get("unit", ""),
            f"options_{place}": ", ".join(one.get("options", [])),
            f"must_{place}": one.get("required", False),
        }
    return found


def _count(data: Any) -> int:
    places = [name.removeprefix("label_") for name in data or {} if name.startswith("label_")]
    return max(
        (int(one) + 1 for one in places if one.isascii() and one.isdigit() and len(one) < 4), default=0
    )


class MacroForm(ProblemForm):
    shortcut = text(
        _("Shortcut"), missing=_("Give it a shortcut."), hint=_("Typed as /shortcut and a blank.")
    )
    text = long_text(_("Text"), missing=_("Write what it stands for."), rows=3)
    for_all = forms.BooleanField(label=_("For everybody at the clinic"), required=False)

    def __init__(self, row: Macro | None, data: Any = None, *, manages: bool) -> None:
        initial = {"shortcut": row.shortcut, "text": row.text} if row else None
        super().__init__(data, initial=initial)
        if row is not None or not manages:
            del self.fields["for_all"]


class RuleForm(ProblemForm):
    percent = whole_number(
        _("Percent of signed notes"), most=100, hint=_("Drawn by the note’s id: 10 is every tenth.")
    )
    days = whole_number(_("To be co-signed within, days"), least=1, most=90)
    first_months = whole_number(_("All notes of the first, months"), most=60, hint=_("0 for no such time."))
    since = forms.DateField(
        label=_("Counted from"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": _("Give a date.")},
    )

    def __init__(self, row: SamplingRule | None, data: Any = None) -> None:
        initial = {"percent": 10, "days": 7, "first_months": 0}
        if row is not None:
            initial = {
                "percent": row.percent,
                "days": row.days,
                "first_months": row.first_months,
                "since": row.since,  # type: ignore[dict-item]
                "services": [str(uid) for uid in row.services],  # type: ignore[dict-item]
            }
        super().__init__(data, initial=initial)
        self.fields["services"] = services_field(_("Every note of"), "")

    def given(self) -> dict[str, Any]:
        said = dict(self.cleaned_data)
        return said | {"services": [one.uid for one in Service.objects.filter(uid__in=said["services"])]}

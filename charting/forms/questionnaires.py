"""A questionnaire as a clinic edits it: one row a question, in their order."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from charting import questions
from charting.history import codes
from charting.models import HistoryKind
from core.forms import ProblemForm
from core.ids import uuid7
from practice.models import Service

LONGEST: Final = 300
LONG: Final = 2000
KIND_WORDS: Final = {
    questions.YES_NO: _("Yes or no"),
    questions.CHOICE: _("One of a list"),
    questions.MULTI: _("Several of a list"),
    questions.TEXT: _("Text"),
    questions.NUMBER: _("Number"),
    questions.DATE: _("Date"),
}
BETWEEN: Final = " | "  # English | Spanish


def leads() -> list[tuple[str, Any]]:
    """What an answer may propose for the history."""
    found: list[tuple[str, Any]] = [("", _("Nothing"))]
    for kind in (HistoryKind.ALLERGY, HistoryKind.MEDICATION, HistoryKind.CONDITION):
        found.append((f"{kind}:", _("%(kind)s, in the patient’s words") % {"kind": kind.label}))
        found += [(f"{kind}:{one.key}", f"{kind.label}: {one.label}") for one in codes.of_kind(kind)]
    return [*found, (f"{HistoryKind.SKIN_TYPE}:", HistoryKind.SKIN_TYPE.label)]


def line(label: Any, *, required: bool = False, rows: int = 0, hint: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(
        label=label,
        required=required,
        max_length=LONG if rows else LONGEST,
        help_text=hint,
        widget=widget,
        error_messages={"required": _("Write something here.")},
    )


class QuestionnaireForm(ProblemForm):
    title = line(_("Name"), required=True)
    title_es = line(_("Name in Spanish"))
    valid_months = forms.IntegerField(
        label=_("Asked again after, months"),
        min_value=1,
        max_value=60,
        initial=12,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), _("Give a whole number from 1 to 60.")
        ),
    )
    number = forms.IntegerField(widget=forms.HiddenInput, initial=0)

    def __init__(self, services: list[Service], data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["services"] = forms.MultipleChoiceField(
            label=_("Asked before"),
            choices=[(str(one.uid), one.name) for one in services],
            required=False,
            widget=forms.CheckboxSelectMultiple,
            error_messages={"invalid_choice": _("Choose of the list.")},
        )


class QuestionForm(forms.Form):
    """One question. It begins a section where it names one."""

    key = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    section = line(_("Begins the section"), hint=_("English | Spanish. Empty: in the section before."))
    label = line(_("Question"), required=True)
    label_es = line(_("In Spanish"))
    kind = forms.ChoiceField(label=_("Answer"), choices=list(KIND_WORDS.items()))
    required = forms.BooleanField(label=_("Must be answered"), required=False)
    options = line(_("The list"), rows=3, hint=_("One a line: English | Spanish."))
    asks = line(_("Only if question no."), hint=_("The number of one above."))
    wants = line(_("was answered"), hint=_("yes, no, or lines of its list, with commas between."))
    leads_to = forms.ChoiceField(label=_("Proposes for the history"), choices=leads, required=False)


Rows = forms.formset_factory(QuestionForm, extra=2, can_delete=True, can_order=True, max_num=120)


def rows_of(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A version as rows of the form."""
    found: list[dict[str, Any]] = []
    known = {one.key: one for one in questions.all_of(questions.parse(body))}
    numbers = {key: number for number, key in enumerate(known, 1)}
    for section in body["sections"]:
        for place, given in enumerate(section["questions"]):
            one, lead = known[given["key"]], given.get("leads_to") or {}
            asked = known.get(one.asks)
            found.append(
                {
                    "key": one.key,
                    "section": _both(section["title"]) if place == 0 else "",
                    "label": one.label.get("en", ""),
                    "label_es": one.label.get("es", ""),
                    "kind": one.kind,
                    "required": one.required,
                    "options": "\n".join(_both(each.label) for each in one.options),
                    "asks": str(numbers[one.asks]) if one.asks in numbers else "",
                    "wants": ", ".join(_wanted(asked, key) for key in sorted(one.wants)) if asked else "",
                    "leads_to": f"{lead['kind']}:{lead.get('code', '')}" if lead else "",
                }
            )
    return found


def body_of(rows: list[dict[str, Any]], before: Mapping[str, Any] | None) -> dict[str, Any]:
    """The version that the rows say. Keys of questions and of answers stay what they were, so that old answers fit."""
    old = {
        one["key"]: one
        for section in (before or {"sections": []})["sections"]
        for one in section["questions"]
    }
    sections: list[dict[str, Any]] = []
    made: list[dict[str, Any]] = []
    for row in rows:
        if row["section"].strip() or not sections:
            sections.append(
                {"title": _split(row["section"].strip() or "Questions | Preguntas"), "questions": []}
            )
        question = _question(row, old.get(row["key"]), made)
        sections[-1]["questions"].append(question)
        made.append(question)
    return {"sections": sections}


def _question(
    row: Mapping[str, Any], old: Mapping[str, Any] | None, before: list[dict[str, Any]]
) -> dict[str, Any]:
    made: dict[str, Any] = {
        "key": row["key"] if old else f"q{uuid7().hex[-12:]}",
        "kind": row["kind"],
        "label": {"en": row["label"].strip(), "es": row["label_es"].strip()},
        "required": row["required"],
    }
    if row["kind"] in questions.WITH_OPTIONS:
        made["options"] = _options(row["options"], (old or {}).get("options", []))
    if row["asks"].strip():
        made["show_if"] = _condition(row, before)
    if row["leads_to"]:
        kind, _colon, code = row["leads_to"].partition(":")
        lead: dict[str, Any] = {"kind": kind}
        if code:
            lead |= {"code": code, "on": ["yes"]}
        kept = (old or {}).get("leads_to") or {}
        same = (kept.get("kind"), kept.get("code", "")) == (kind, code)
        made["leads_to"] = kept if same else lead
    return made


def _options(text: str, old: list[dict[str, Any]]) -> list[dict[str, Any]]:
    keys = {one["label"]["en"]: one["key"] for one in old}
    lines = [_split(each) for each in text.splitlines() if each.strip()]
    return [{"key": keys.get(each["en"], f"o{uuid7().hex[-12:]}"), "label": each} for each in lines]


def _condition(row: Mapping[str, Any], before: list[dict[str, Any]]) -> dict[str, Any]:
    text = row["asks"].strip()
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
    asked = before[number - 1] if 0 < number <= len(before) else None
    if asked is None:
        return {"question": "?", "is": []}
    words = {one["label"]["en"].lower(): one["key"] for one in asked.get("options", ())}
    wanted = [each.strip().lower() for each in row["wants"].split(",") if each.strip()]
    return {"question": asked["key"], "is": [words.get(each, each) for each in wanted]}


def _wanted(question: questions.Question | None, key: str) -> str:
    options = question.options if question else ()
    return next((one.label.get("en", key) for one in options if one.key == key), key)


def _both(words: Mapping[str, str]) -> str:
    return BETWEEN.join(words[each] for each in ("en", "es") if words.get(each))


def _split(text: str) -> dict[str, str]:
    english, _bar, spanish = text.partition("|")
    return {"en": english.strip(), "es": spanish.strip()}

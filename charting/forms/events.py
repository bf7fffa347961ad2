"""Parsing a report, an assessment and an outcome."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from charting.models import AdverseEvent, Severity
from core.forms import ProblemForm
from core.ids import uuid7
from practice.forms.fields import choice, long_text, text
from scheduling.models import Appointment

GRADES = (
    ("mild", _("Mild: it bothers me a little")),
    ("moderate", _("Moderate: it is getting in my way, or getting worse")),
    ("severe", _("Severe: strong pain, blisters, spreading, or fever")),
)


class ReportForm(ProblemForm):
    """`once` is of this page, so that a second press reports nothing twice."""

    what = long_text(_("What do you notice?"), missing=_("Say what you noticed."))
    since = text(_("Since when?"), missing=_("Say since when."), hint=_("For example: since last night."))
    severity = choice(_("How bad is it?"), [("", _("Choose")), *GRADES])
    once = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput, initial=uuid7)

    def __init__(self, data: Any = None, *, visits: list[tuple[Appointment, str]]) -> None:
        super().__init__(data)
        self.visits = {str(visit.uid): visit for visit, _told in visits}
        self.fields["severity"].error_messages["required"] = _("Choose how bad it is.")
        if visits:
            offered = [(str(visit.uid), told) for visit, told in visits]
            label = _("After which visit?")
            self.fields["visit"] = choice(
                label, [*offered, ("", _("Another one, or I do not know"))], required=False
            )

    def clean_once(self) -> UUID:
        try:
            return UUID(self.cleaned_data["once"])
        except ValueError:
            return uuid7()

    @property
    def after(self) -> Appointment | None:
        return self.visits.get(self.cleaned_data.get("visit") or "")


class AssessForm(ProblemForm):
    severity = choice(_("How bad it is"), Severity.choices)
    assessment = long_text(_("Assessment"), missing=_("Write the assessment."))
    version = forms.IntegerField(widget=forms.HiddenInput)

    @classmethod
    def of(cls, event: AdverseEvent, data: Any = None) -> "AssessForm":
        initial = {"severity": event.grade, "assessment": event.assessment, "version": event.version}
        return cls(data, initial=initial)


class CloseForm(ProblemForm):
    outcome = long_text(_("How it ended"), missing=_("Write how it ended."), rows=2)
    version = forms.IntegerField(widget=forms.HiddenInput)

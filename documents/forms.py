"""Parsing what is said of a document, and why it is removed. The file itself is read by files.forms."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import ProblemForm
from core.ids import uuid7
from documents.models import Document, Kind
from documents.rules import Entry, read_entry
from practice.forms.fields import choice, long_text, text

ACCEPT: Final = "application/pdf,image/jpeg,image/png,image/webp,.pdf,.jpg,.jpeg,.png,.webp"


class DocumentForm(ProblemForm):
    """`once` is of this page, so that a second press keeps nothing twice."""

    kind = choice(_("What is it?"), [])
    title = text(_("Title"))
    dated = forms.DateField(
        label=_("Date on the paper"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("Give the date on the paper: today or earlier.")},
    )
    once = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput, initial=uuid7)

    def __init__(self, data: Any = None, *, kinds: Iterable[Kind], today: date, **more: Any) -> None:
        super().__init__(data, **more)
        self.kinds = tuple(kinds)
        self.today = today
        self.fields["kind"] = choice(
            _("What is it?"), [("", _("Choose")), *((each.value, each.label) for each in self.kinds)]
        )
        self.fields["kind"].error_messages["required"] = _("Say what it is.")
        self.order_fields(["kind", "title", "dated"])

    @classmethod
    def of(cls, document: Document, data: Any = None, **more: Any) -> "DocumentForm":
        initial = {"kind": document.kind, "title": document.title, "dated": document.dated}
        return cls(data, initial=initial, **more)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.errors:
            return given
        self.entry, wrong = read_entry(
            given["kind"], given["title"], given["dated"], today=self.today, kinds=self.kinds
        )
        for each in wrong:
            self.add_error(each["field"], forms.ValidationError(each["message"], code=each["code"]))
        return given

    entry: Entry


class RemovalForm(ProblemForm):
    reason = long_text(
        _("Why?"),
        missing=_("Say why it is removed."),
        rows=2,
        hint=_("For example: it is another patient’s."),
    )

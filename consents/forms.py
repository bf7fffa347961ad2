"""What the settings' pages of forms send, parsed."""

from typing import Any, Final

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from consents.models import Asked, ConsentForm, ConsentVersion, FormKind, Signer
from core.forms import ProblemForm
from practice.forms.fields import choice, long_text, text, whole_number
from practice.queries import services_in_use

MARKS: Final = _(
    "# heading, - list item, [ ] statement that must be ticked, [?] statement that may be. {clinic}, {patient} and "
    "{date} are filled in."
)


class DetailsForm(ProblemForm):
    """Who is asked, and how it is signed."""

    name = text(
        _("Name"), missing=_("Give the form a name."), hint=_("For the staff; patients read the title.")
    )
    asked = choice(_("Who is asked"), Asked.choices)
    services = forms.MultipleChoiceField(
        label=_("Services that ask for it"), required=False, widget=forms.CheckboxSelectMultiple
    )
    signer = choice(_("Who signs"), Signer.choices)
    needs_drawing = forms.BooleanField(
        label=_("With a drawn signature, beside the typed name"), required=False
    )

    def __init__(self, data: Any = None, *, form: ConsentForm | None = None) -> None:
        self.known = {str(service.uid): service for service in services_in_use()}
        initial: dict[str, Any] = {"needs_drawing": True, "asked": Asked.SERVICES, "signer": Signer.PATIENT}
        if form is not None:
            initial = {name: getattr(form, name) for name in ("name", "asked", "signer", "needs_drawing")}
            initial["services"] = [str(uid) for uid in form.services.values_list("uid", flat=True)]
        super().__init__(data, initial=initial)
        field = self.fields["services"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(uid, service.name) for uid, service in self.known.items()]

    def given(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("name", "asked", "signer", "needs_drawing")}

    def chosen(self) -> list[Any]:
        return [self.known[uid] for uid in self.cleaned_data["services"] if uid in self.known]


class NewForm(DetailsForm):
    kind = choice(_("What it is"), FormKind.choices)
    field_order = ("kind", "name", "asked", "services", "signer", "needs_drawing")

    def given(self) -> dict[str, Any]:
        return super().given() | {"kind": self.cleaned_data["kind"]}


class DraftForm(ProblemForm):
    """The text in each language, how long a signature counts, and whether everybody signs anew."""

    valid_months = whole_number(
        _("Counts for, months"), least=1, most=120, hint=_("Empty: until it is withdrawn or replaced.")
    )
    asks_again = forms.BooleanField(
        label=_("Who signed an earlier version signs again"),
        required=False,
        help_text=_("Leave it out only for corrections that change nothing in what was agreed."),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, form: ConsentForm, last: ConsentVersion | None, data: Any = None) -> None:
        said = form.draft or _of_version(last)
        initial = {**said, "revision": form.revision}
        for language, _label in settings.LANGUAGES:
            words = said["texts"].get(language, {})
            initial |= {
                f"title_{language}": words.get("title", ""),
                f"body_{language}": words.get("body", ""),
            }
        super().__init__(data, initial=initial)
        self.fields["valid_months"].required = False
        for language, label in settings.LANGUAGES:
            self.fields[f"title_{language}"] = text(
                _("Title, %(language)s") % {"language": label}, lang=language
            )
            self.fields[f"body_{language}"] = long_text(
                _("Text, %(language)s") % {"language": label}, rows=16, hint=MARKS if language == "en" else ""
            )

    def languages(self) -> list[Any]:
        """For the page: title and text of each language."""
        return [(self[f"title_{language}"], self[f"body_{language}"]) for language, _l in settings.LANGUAGES]

    def given(self) -> dict[str, Any]:
        known = self.cleaned_data
        return {
            "texts": {
                language: {"title": known[f"title_{language}"], "body": known[f"body_{language}"]}
                for language, _label in settings.LANGUAGES
            },
            "valid_months": known["valid_months"],
            "asks_again": known["asks_again"],
            "revision": known["revision"],
        }


def _of_version(last: ConsentVersion | None) -> dict[str, Any]:
    if last is None:
        return {"texts": {}, "valid_months": 12, "asks_again": True}
    return {"texts": last.texts, "valid_months": last.valid_months, "asks_again": True}

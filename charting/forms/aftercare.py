"""What the settings' pages of aftercare send, parsed."""

from typing import Any, Final
from uuid import UUID

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from charting.models import AftercareText
from core.forms import ProblemForm
from practice.forms.fields import choice, long_text, text
from practice.queries import services_in_use

MARKS: Final = _(
    "# heading, - list item. {clinic} and {phone} are filled in. Say what is usual, what to do, and when to call whom."
)


class AftercareForm(ProblemForm):
    name = text(
        _("Name"), missing=_("Give the text a name."), hint=_("For the staff; patients read the title.")
    )
    services = forms.MultipleChoiceField(
        label=_("Given after"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose from the list.")},
    )

    def __init__(self, row: AftercareText | None, data: Any = None) -> None:
        known = {str(one.uid): one.name for one in services_in_use()}
        initial: dict[str, Any] = {}
        if row is not None:
            initial = {"name": row.name, "services": [str(uid) for uid in row.services]}
            for language, said in row.texts.items():
                initial |= {f"title_{language}": said["title"], f"body_{language}": said["body"]}
        super().__init__(data, initial=initial)
        field = self.fields["services"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = list(known.items())
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

    def texts(self) -> dict[str, dict[str, str]]:
        known = self.cleaned_data
        return {
            language: {"title": known[f"title_{language}"], "body": known[f"body_{language}"]}
            for language, _label in settings.LANGUAGES
        }

    def given(self) -> dict[str, Any]:
        services = [UUID(uid) for uid in self.cleaned_data["services"]]
        return {"name": self.cleaned_data["name"], "services": services, "texts": self.texts()}


class HandOutForm(ProblemForm):
    """A text given by hand: after a walk-in, or once more on paper."""

    def __init__(self, texts: list[AftercareText], data: Any = None) -> None:
        super().__init__(data)
        self.texts = {str(one.uid): one for one in texts}
        self.fields["text"] = choice(_("Text"), [(uid, one.name) for uid, one in self.texts.items()])
        self.fields["how"] = choice(
            _("How"), [("send", _("Into the portal")), ("hand", _("On paper"))], required=True
        )

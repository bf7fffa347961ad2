"""Parsing of an encounter without a visit."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from charting.models import EncounterKind
from core.forms import ProblemForm
from practice import queries
from practice.forms.fields import choice
from practice.models import Provider

KINDS = (EncounterKind.TREATMENT, EncounterKind.CONSULTATION, EncounterKind.FOLLOW_UP)


class EncounterForm(ProblemForm):
    kind = choice(_("What it is"), [(kind.value, kind.label) for kind in KINDS])

    def __init__(self, user: User, data: Any = None) -> None:
        self.services = {str(one.uid): one for one in queries.services_in_use()}
        self.providers = {str(one.uid): one for one in Provider.objects.in_use()}
        self.locations = {str(one.uid): one for one in queries.locations()}
        own = next((uid for uid, one in self.providers.items() if one.user_id == user.pk), "")
        super().__init__(data, initial={"provider": own})
        self.fields["service"] = choice(
            _("Service"),
            [("", _("None")), *((uid, one.name) for uid, one in self.services.items())],
            required=False,
            hint=_("It chooses the note’s template."),
        )
        self.fields["provider"] = choice(
            _("Who treats"), [("", "—"), *((uid, one.name) for uid, one in self.providers.items())]
        )
        self.fields["location"] = choice(_("Where"), [(uid, one.name) for uid, one in self.locations.items()])
        if len(self.locations) == 1:
            self.fields["location"].widget = forms.HiddenInput()
            self.initial["location"] = next(iter(self.locations))

    def given(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {
            "kind": said["kind"],
            "service": self.services.get(said["service"]),
            "provider": self.providers[said["provider"]],
            "location": self.locations[said["location"]],
        }

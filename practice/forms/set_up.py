"""The one question of the checklist."""

from django.utils.translation import gettext_lazy as _

from core.forms import ProblemForm
from practice.forms.fields import choice
from practice.models import ClinicKind


class PresetForm(ProblemForm):
    kind = choice(
        _("What kind of clinic is it?"), [(kind.value, kind.label.capitalize()) for kind in ClinicKind]
    )

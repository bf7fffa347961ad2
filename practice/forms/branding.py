"""How the clinic looks."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import ProblemForm
from practice.forms.fields import choice, text
from practice.models import ClinicProfile

MARKS = (
    ("", _("First letter of the name")),
    ("sunrise", _("Sunrise")),
    ("peak", _("Peak")),
    ("bloom", _("Bloom")),
    ("drop", _("Drop")),
    ("wave", _("Wave")),
)
PICTURES = "image/png,image/jpeg,image/webp"


class BrandForm(ProblemForm):
    accent = text(
        _("Colour"),
        missing=_("Choose a colour."),
        kind="color",
        hint=_("Used for buttons and links, made lighter or darker where it would be hard to read."),
        **{"data-accent-preview": ""},
    )
    logo_mark = choice(_("Mark"), MARKS, required=False, hint=_("Shown where no logo is uploaded."))

    @classmethod
    def of(cls, profile: ClinicProfile, data: Any = None) -> "BrandForm":
        form = cls(data, initial={"accent": profile.accent, "logo_mark": profile.logo_mark})
        if profile.logo_mark not in dict(MARKS):  # one or two letters
            field = choice(_("Mark"), [*MARKS, (profile.logo_mark, profile.logo_mark)], required=False)
            form.fields["logo_mark"] = field
        return form


class LogoForm(ProblemForm):
    logo = forms.FileField(
        label=_("Logo"),
        help_text=_("PNG, JPEG or WebP, at most 1 MB. A transparent background suits light and dark."),
        allow_empty_file=True,
        error_messages={"required": _("Choose a file first.")},
        widget=forms.FileInput(attrs={"accept": PICTURES}),
    )

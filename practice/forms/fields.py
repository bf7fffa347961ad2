"""Form fields as the settings use them, each with words of its own for what is missing."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST_TYPED: Final = 20_000  # what is too long for a field is told by its rule
BIGGEST: Final = 30_000


def text(
    label: Any, *, kind: str = "text", missing: Any = "", hint: Any = "", **attrs: str
) -> forms.CharField:
    """One line; required where `missing` says what to do without it."""
    return forms.CharField(
        label=label,
        required=bool(missing),
        max_length=LONGEST_TYPED,
        help_text=hint,
        error_messages={"required": missing} if missing else None,
        widget=forms.TextInput(attrs={"type": kind, "autocomplete": "off", **attrs}),
    )


def long_text(label: Any, *, missing: Any = "", rows: int = 4, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=bool(missing),
        max_length=LONGEST_TYPED,
        help_text=hint,
        error_messages={"required": missing} if missing else None,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def whole_number(label: Any, *, least: int = 0, most: int = BIGGEST, hint: Any = "") -> forms.IntegerField:
    bounds = {"least": least, "most": most}
    between = _("Give a whole number from %(least)d to %(most)d.") % bounds
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        help_text=hint,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), between),
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


def choice(
    label: Any, choices: Any, *, required: bool = True, hint: Any = "", **more: Any
) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=choices,
        required=required,
        help_text=hint,
        error_messages={
            "required": _("Choose one of the list."),
            "invalid_choice": _("Choose one of the list."),
        },
        **more,
    )

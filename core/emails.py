"""E-mail addresses: one way to write each, so that the same address is found again."""

import unicodedata
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from core.text import TextProblem

MAX_LENGTH: Final = 254


class EmailProblem(TextProblem):
    """Why an address cannot be taken."""


def normalise_email(text: str) -> str:
    """Lower case and NFC. No folding of dots or tags: to many providers they are other people."""
    address = unicodedata.normalize("NFC", text.strip()).lower()
    if not address:
        raise EmailProblem("missing", _("Enter an email address."))
    if len(address) > MAX_LENGTH:
        raise EmailProblem("too_long", _("This email address is too long."))
    if "@" not in address:
        raise EmailProblem("invalid", _("This email address is missing its @ sign."))
    try:
        validate_email(address)
    except ValidationError:
        raise EmailProblem(
            "invalid", _("This does not look like an email address, such as pat@example.com.")
        ) from None
    return address

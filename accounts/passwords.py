"""Passwords: which are taken, and whether one is right, in the same time for every account."""

import unicodedata
from datetime import datetime
from functools import cache
from typing import Final

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.context import current_clinic
from core.problems import Failure, Invalid, failure

MOST_CHARACTERS: Final = 256


def normalise(password: str) -> str:
    """NFC, so that the same keys pressed on two systems are the same password. Nothing is cut off."""
    return unicodedata.normalize("NFC", password)


def verify(user: User | None, password: str, *, at: datetime) -> bool:
    """Whether the password opens the account. One argon2 run, whoever asks and whatever is wrong."""
    password = normalise(password)
    whole = len(password) <= MOST_CHARACTERS
    usable = user is not None and user.has_usable_password()
    encoded = user.password if user is not None and usable else _nobodys_hash()
    right = check_password(password[:MOST_CHARACTERS], encoded)
    return right and whole and usable and user is not None and user.has_access(at)


def hash_of(password: str) -> str:
    return make_password(normalise(password))


def check(password: str, user: User, *, field: str = "password") -> None:
    """Raise Invalid with everything that is wrong with a new password."""
    found: list[Failure] = []
    password = normalise(password)
    if len(password) > MOST_CHARACTERS:
        found.append(failure(field, "too_long", _("Use at most 256 characters.")))
        raise Invalid(errors=found)
    try:
        validate_password(password, user)
    except ValidationError as error:
        found += [
            failure(field, str(each.code or "invalid"), str(text))
            for each in error.error_list
            for text in each.messages
        ]
    if _names_the_clinic(password):
        found.append(failure(field, "clinic_name", _("This is the clinic's name and little more.")))
    if found:
        raise Invalid(errors=found)


def _names_the_clinic(password: str) -> bool:
    """The clinic's name with a few digits or signs is the first thing that anybody would try."""
    clinic = current_clinic.get()
    letters = "".join(character for character in password.casefold() if character.isalpha())
    slug = "".join(character for character in clinic.slug if character.isalpha()) if clinic else ""
    return bool(slug) and slug in letters and len(letters) < len(slug) + 6


@cache
def _nobodys_hash() -> str:
    """Stands in where there is no account, so that the answer takes as long."""
    return make_password("nobody has this password, and nobody ever will")

"""Phone numbers: read as people write them, kept as E.164, shown as the region writes them."""

import re
from typing import Final

import phonenumbers
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from phonenumbers import NumberParseException, PhoneMetadata, PhoneNumber, PhoneNumberFormat, ValidationResult

from core.text import TextProblem, clean_text

MAX_LENGTH: Final = 60
NORTH_AMERICA: Final = 1
# North America opens area codes faster than any library is updated: its numbers are judged by shape alone.
NORTH_AMERICAN_SHAPE: Final = re.compile(r"[2-9]\d{2}[2-9]\d{6}")

TOO_FEW: Final = ("too_short", _("This phone number has too few digits."))
UNREADABLE: Final = {
    NumberParseException.INVALID_COUNTRY_CODE: (
        "unknown_country",
        _("No country has this code. Begin with + and the code of the country, such as +1."),
    ),
    NumberParseException.NOT_A_NUMBER: (
        "not_a_number",
        _("This is not a phone number, such as (312) 555-0142."),
    ),
    NumberParseException.TOO_LONG: ("too_long", _("This phone number has too many digits.")),
}


class PhoneProblem(TextProblem):
    """Why a number cannot be taken, and what would make it right."""


def parse_phone(text: str, region: str = "US") -> str:
    """The number as E.164; one without + is read as the region's own."""
    try:
        text = clean_text(text, MAX_LENGTH)
    except TextProblem as problem:
        raise PhoneProblem(problem.code, problem.message) from None
    if not text:
        raise PhoneProblem("missing", _("Enter a phone number."))
    number = _parsed(text, region)
    if number.extension:
        raise PhoneProblem("extension", _("Leave out the extension: it cannot receive messages."))
    _refuse_wrong_length(number)
    if not _in_use(number):
        raise PhoneProblem("invalid", _("There is no such phone number. Please check its digits."))
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def pretty_phone(e164: str, region: str = "US") -> str:
    """A stored number to be read by people: short at home, with its country elsewhere."""
    try:
        number = phonenumbers.parse(e164)
    except NumberParseException:
        return e164
    home = number.country_code == phonenumbers.country_code_for_region(region.upper())
    style = PhoneNumberFormat.NATIONAL if home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, style)


def _parsed(text: str, region: str) -> PhoneNumber:
    try:
        return phonenumbers.parse(text, region.upper() or None)
    except NumberParseException as problem:
        code, message = UNREADABLE.get(problem.error_type, TOO_FEW)
        raise PhoneProblem(code, message) from None


def _refuse_wrong_length(number: PhoneNumber) -> None:
    verdict = phonenumbers.is_possible_number_with_reason(number)
    if verdict == ValidationResult.IS_POSSIBLE:
        return
    country = number.country_code or 0
    has = len(phonenumbers.national_significant_number(number))
    lengths = _possible_lengths(country)
    longer = [length for length in lengths if length > has]
    shorter = [length for length in lengths if length < has]
    if longer:
        raise PhoneProblem("too_short", _length_message(country, has, min(longer), missing=True))
    if shorter:
        raise PhoneProblem("too_long", _length_message(country, has, max(shorter), missing=False))
    raise PhoneProblem("invalid", _("There is no such phone number. Please check its digits."))


def _possible_lengths(country_code: int) -> tuple[int, ...]:
    region = phonenumbers.region_code_for_country_code(country_code)
    metadata = PhoneMetadata.metadata_for_region_or_calling_code(country_code, region)
    if metadata is None or metadata.general_desc is None:
        return ()
    return tuple(metadata.general_desc.possible_length)


def _length_message(country: int, has: int, needs: int, *, missing: bool) -> "str | Promise":
    off = abs(needs - has)
    if missing:
        text = ngettext_lazy(
            "A +%(country)d number has %(needs)d digits; this one has %(has)d: %(off)d digit is missing.",
            "A +%(country)d number has %(needs)d digits; this one has %(has)d: %(off)d digits are missing.",
            off,
        )
    else:
        text = ngettext_lazy(
            "A +%(country)d number has %(needs)d digits; this one has %(has)d: %(off)d digit too many.",
            "A +%(country)d number has %(needs)d digits; this one has %(has)d: %(off)d digits too many.",
            off,
        )
    return text % {"country": country, "needs": needs, "has": has, "off": off}


def _in_use(number: PhoneNumber) -> bool:
    if number.country_code == NORTH_AMERICA:
        national = phonenumbers.national_significant_number(number)
        return NORTH_AMERICAN_SHAPE.fullmatch(national) is not None
    return phonenumbers.is_valid_number(number)
